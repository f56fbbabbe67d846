extension HTTPRequestHead {
  /// Fields that decide something, so that readers must not be free to take one of two.
  static let singleFields: Set<String> = [
    "authorization", "content-length", "content-type", "host", "origin", "transfer-encoding",
    "x-api-key",
  ]

  /// What is wrong with a head's fields and parameters, if anything.
  ///
  /// Two lengths, or a length beside a transfer encoding, leave open where the request ends: what one
  /// reader takes for a body is the next request for another.
  ///
  /// Reference: RFC 9112 sections 6.1 and 6.3.
  static func fault(
    fields: [String: String], repeatedFields: Set<String>, repeatedParameters: Set<String>
  ) -> String? {
    if let name = repeatedFields.intersection(singleFields).min() {
      return "the field '\(name)' is given twice; expected once"
    }
    if let length = fields["content-length"] {
      guard !length.isEmpty, length.utf8.allSatisfy({ (48...57).contains($0) }) else {
        return "'content-length' is no number of bytes"
      }
      if fields["transfer-encoding"] != nil {
        return "'content-length' and 'transfer-encoding' exclude each other"
      }
    }
    if let name = repeatedParameters.min() {
      return "the parameter '\(name.prefix(40))' of the query is given twice; expected once"
    }
    return nil
  }

  /// The path of a request's target: proxies send the whole URL.
  ///
  /// Reference: RFC 9112 section 3.2.2.
  static func path(ofTarget target: String) -> String {
    let lower = target.prefix(8).lowercased()
    for scheme in ["http://", "https://"] where lower.hasPrefix(scheme) {
      let rest = target.dropFirst(scheme.count)
      return rest.firstIndex(of: "/").map { String(rest[$0...]) } ?? "/"
    }
    return target
  }
}
