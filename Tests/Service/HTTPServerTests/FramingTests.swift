import HTTPServer
import Synchronization
import Testing

/// Heads on which two readers might not agree.
@Suite struct FramingTests {
  private func withServer(_ body: (HTTPServer, EchoHandler) throws -> Void) throws {
    var settings = HTTPServerSettings()
    (settings.port, settings.workers) = (0, 1)
    let handler = EchoHandler()
    let server = try HTTPServer(settings, handler: handler)
    defer { server.stop(within: 1) }
    try body(server, handler)
  }

  /// The statuses of all answers to what is sent on one connection.
  private func statuses(_ server: HTTPServer, _ text: String) throws -> [Int] {
    let answer = try Client.ask(server.port, text).answer
    return answer.matches(of: #/HTTP/1\.1 (\d+)/#).compactMap { Int($0.1) }
  }

  @Test(
    "fields that decide where a request ends, given twice, are refused and end the connection",
    arguments: [
      "Content-Length: 0\r\nContent-Length: HIDDEN", "Content-Length: HIDDEN\r\nContent-Length: 0",
      "Content-Length: 0\r\nTransfer-Encoding: chunked", "Host: b\r\nContent-Length: 0",
      "Content-Length: 0\r\nX-API-Key: a\r\nX-API-Key: b",
    ])
  func repeatedFields(_ fields: String) throws {
    try withServer { server, _ throws in
      let hidden = "GET /immediate HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
      let own = fields.replacing("HIDDEN", with: "\(hidden.utf8.count)")
      let head = "POST / HTTP/1.1\r\nHost: a\r\n\(own)\r\n\r\n"
      #expect(try statuses(server, head + hidden) == [400])
    }
  }

  @Test("a zero in the target is refused, escaped or as other bytes that are no text")
  func zeros() throws {
    try withServer { server, handler throws in
      for target in ["/immediate%00x", "/%00", "/a?b=%00", "/a?%00=b", "/%FF", "/%C0%80"] {
        let request = "GET \(target) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
        #expect(try statuses(server, request) == [400], "\(target)")
      }
      #expect(handler.records.withLock { $0.allSatisfy { $0.status == 400 } })
      let request = "GET /%2500 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
      #expect(try Client.ask(server.port, request).answer.hasSuffix("GET /%00 [] 0"))
    }
  }

  @Test("a parameter of the query given twice is refused") func repeatedParameters() throws {
    try withServer { server, _ throws in
      let request = "GET /?a=1&b=2&a=3 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
      #expect(try statuses(server, request) == [400])
    }
  }

  @Test(
    "a target in absolute form is its path",
    arguments: [
      ("http://a/b%20c?x=1", "GET /b c [\"x=1\"] 0"), ("HTTPS://a:1/", "GET / [] 0"),
      ("http://a", "GET / [] 0"), ("/http://a/b", "GET /http://a/b [] 0"),
    ])
  func absoluteForm(target: String, answer: String) throws {
    try withServer { server, _ throws in
      let request = "GET \(target) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
      #expect(try Client.ask(server.port, request).answer.hasSuffix(answer))
    }
  }
}
