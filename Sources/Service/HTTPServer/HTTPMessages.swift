/// The part of a request before its body.
public struct HTTPRequestHead: Equatable, Sendable {
  /// The method, for example `POST`.
  public var method: String
  /// The path, unescaped, without the query.
  public var path: String
  /// The query's names and values, unescaped; of a repeated name the last.
  public var query: [String: String]
  /// The fields by name in lower case; of a repeated name the last.
  public var fields: [String: String]
  /// The client's address without its port; empty if unknown.
  public var client: String
  /// Why the head is not accepted, although the library below let it pass; nil if nothing is wrong.
  public var fault: String?
  /// A random name for the request.
  public var identifier = String(UInt64.random(in: .min ... .max), radix: 36)

  /// Creates a head.
  public init(
    method: String, path: String, query: [String: String] = [:], fields: [String: String] = [:],
    client: String = ""
  ) {
    (self.method, self.path, self.query) = (method, path, query)
    (self.fields, self.client) = (fields, client)
  }

  /// The length that the client announces for the body, in bytes; nil without or if it is no number.
  public var declaredLength: UInt64? { fields["content-length"].flatMap { UInt64($0) } }
}

/// A complete request.
public struct HTTPRequest: Equatable, Sendable {
  /// Everything before the body.
  public var head: HTTPRequestHead
  /// The body; empty without one.
  public var body: [UInt8]

  /// Creates a request.
  public init(_ head: HTTPRequestHead, body: [UInt8] = []) { (self.head, self.body) = (head, body) }
}

/// An answer.
public struct HTTPResponse: Equatable, Sendable {
  /// The status, 200…599.
  public var status: Int
  /// The fields by name.
  public var fields: [String: String]
  /// The body.
  public var body: [UInt8]

  /// Creates an answer.
  public init(status: Int, fields: [String: String] = [:], body: [UInt8] = []) {
    (self.status, self.fields, self.body) = (status, fields, body)
  }
}

/// Why the server answers by itself instead of the handler.
public enum HTTPRefusal: Equatable, Sendable {
  /// The body is, or is announced to be, longer than the limit, in bytes.
  case bodyTooLong(limit: Int)
  /// The head breaks the rules of HTTP, or readers may not agree on what it says.
  case malformed(String)
  /// Too many requests wait, or too many bytes of bodies are held.
  case overloaded
  /// The answer was not ready in time, in seconds.
  case deadline(seconds: Double)
  /// The server is being stopped.
  case stopping
}

/// What became of a request.
public struct HTTPRecord: Sendable {
  /// The request without its body.
  public var head: HTTPRequestHead
  /// The answer's status; nil if the connection ended before there was one.
  public var status: Int?
  /// The answer's fields.
  public var fields: [String: String]
  /// The lengths of both bodies, in bytes.
  public var received, sent: Int
  /// Seconds from the end of the request's head to the end of the answer.
  public var seconds: Double
  /// Whether the answer was sent completely.
  public var isComplete: Bool

  /// Creates a record.
  public init(
    head: HTTPRequestHead, status: Int?, fields: [String: String], received: Int, sent: Int,
    seconds: Double, isComplete: Bool
  ) {
    (self.head, self.status, self.fields) = (head, status, fields)
    (self.received, self.sent, self.seconds) = (received, sent, seconds)
    self.isComplete = isComplete
  }
}

/// What a server asks of the program behind it; called from several threads at once.
public protocol HTTPHandler: Sendable {
  /// An answer that needs no more than the head; nil to go on. Runs on the network's thread.
  func refusal(of head: HTTPRequestHead) -> HTTPResponse?
  /// Whether a request is answered on the network's thread at once, past the queue.
  func isImmediate(_ head: HTTPRequestHead) -> Bool
  /// The answer to a request.
  func response(to request: HTTPRequest) -> HTTPResponse
  /// The answer for a request that the server refuses.
  func response(to refusal: HTTPRefusal, of head: HTTPRequestHead) -> HTTPResponse
  /// Takes note of a request that has ended. Runs on the network's thread.
  func finished(_ record: HTTPRecord)
}
