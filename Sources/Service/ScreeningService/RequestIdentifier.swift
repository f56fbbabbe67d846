internal import HTTPServer

/// What a request is called in its answer and in the log.
enum RequestIdentifier {
  /// The client's `X-Request-Id` if it is harmless, else one that the server made when the head came.
  static func of(_ head: HTTPRequestHead) -> String {
    guard let id = head.fields["x-request-id"], (1...64).contains(id.utf8.count),
      id.utf8.allSatisfy({ byte in
        (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte)
          || [UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: ".")].contains(byte)
      })
    else { return head.identifier }
    return id
  }
}
