import Foundation
import HTTPServer
import Synchronization
import Testing

/// Real sockets, on a free port of this machine.
@Suite struct HTTPServerTests {
  private func withServer(
    _ change: (inout HTTPServerSettings) -> Void = { _ in },
    _ body: (HTTPServer, EchoHandler) throws -> Void
  ) throws {
    var settings = HTTPServerSettings()
    (settings.port, settings.workers, settings.bodyBytes) = (0, 2, 1000)
    change(&settings)
    let handler = EchoHandler()
    let server = try HTTPServer(settings, handler: handler)
    defer { server.stop(within: 1) }
    try body(server, handler)
  }

  private func get(_ path: String) -> String {
    "GET \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
  }

  private func post(_ path: String, _ body: String) -> String {
    "POST \(path) HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: \(body.utf8.count)\r\n"
      + "\r\n" + body
  }

  @Test("method, path, query and body reach the handler, and its answer the client") func echo()
    throws
  {
    try withServer { server, handler in
      let (status, answer) = try Client.ask(server.port, post("/a%20b?x=1&y=%26", "hello"))
      #expect(status == 200)
      #expect(answer.hasSuffix(#"POST /a b ["x=1", "y=&"] 5"#), "\(answer)")
      #expect(answer.contains("X-Client: 127.0.0.1"))
      #expect(try Client.ask(server.port, get("/immediate")).status == 200)
      let records = handler.records.withLock { $0 }
      #expect(records.map(\.status) == [200, 200] && records[0].received == 5)
    }
  }

  @Test(
    "who leaves in the middle of a body is let go of at once, and who only ends sending is answered"
  )
  func leaving() throws {
    try withServer { server, _ throws in
      let clients = try (0..<16).map { _ in try Client(port: server.port) }
      for client in clients {
        client.send(String(post("/a", String(repeating: "x", count: 900)).dropLast(400)))
        client.finishSending()
      }
      let start = ContinuousClock.now
      for client in clients { #expect(client.receive() == "") }
      // A body may take 30 seconds, and the client would give up after 10.
      #expect(ContinuousClock.now - start < .seconds(5))
      let whole = try Client(port: server.port)
      whole.send(post("/a", "hello"))
      whole.finishSending()
      #expect(whole.receive().hasSuffix("POST /a [] 5"))
    }
  }

  @Test("one connection serves many requests") func keepAlive() throws {
    try withServer { server, _ throws in
      let client = try Client(port: server.port)
      for number in 0..<50 {
        client.send("GET /\(number) HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(client.receive(until: "GET /\(number) [] 0").hasPrefix("HTTP/1.1 200"))
      }
    }
  }

  @Test("a body beyond the limit is refused, announced or not") func longBodies() throws {
    try withServer { server, _ throws in
      let announced = "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10000000000\r\n\r\n"
      #expect(try Client.ask(server.port, announced).status == 413)
      #expect(
        try Client.ask(
          server.port, "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999999999999999\r\n\r\n"
        ).status != 200)
      #expect(
        try Client.ask(server.port, post("/", String(repeating: "x", count: 1000))).status == 200)
      #expect(
        try Client.ask(server.port, post("/", String(repeating: "x", count: 1001))).status == 413)
      let chunk = "5DC\r\n" + String(repeating: "x", count: 1500) + "\r\n"
      let chunked =
        "POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
      #expect(try Client.ask(server.port, chunked + chunk + "0\r\n\r\n").status == 413)
      // An endless one is cut off.
      let client = try Client(port: server.port)
      client.send(chunked)
      #expect(
        (0..<100).contains { _ in
          Thread.sleep(forTimeInterval: 0.01)
          return !client.send(chunk)
        })
    }
  }

  @Test("a request that the head refuses gets its answer although its body is sent") func refusal()
    throws
  {
    try withServer { server, _ throws in
      #expect(try Client.ask(server.port, post("/refused", "hello")).status == 403)
    }
  }

  @Test("heads, bodies and idle connections have their times") func slowClients() throws {
    try withServer({ ($0.headerSeconds, $0.bodySeconds) = (0.4, 0.4) }) { server, _ throws in
      for begin in ["", "GET / HT", "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n"] {
        let client = try Client(port: server.port)
        let start = ContinuousClock.now
        client.send(begin)
        // A byte now and then keeps the connection from being idle.
        var isOpen = true
        while isOpen, ContinuousClock.now - start < .seconds(5) {
          Thread.sleep(forTimeInterval: 0.1)
          isOpen = client.send("x") && server.connectionCount > 0
        }
        #expect(ContinuousClock.now - start < .seconds(3), "after '\(begin)'")
      }
      #expect(try Client.ask(server.port, get("/")).status == 200)
    }
  }

  @Test("a full queue is told at once, a late answer in time") func overload() throws {
    try withServer({ ($0.workers, $0.queueLength, $0.deadlineSeconds) = (1, 1, 30) }) {
      server, _ throws in
      let clients = try (0..<6).map { _ in try Client(port: server.port) }
      for client in clients { client.send(get("/slow")) }
      let statuses = clients.map { $0.receive().prefix(12).suffix(3) }
      #expect(statuses.filter { $0 == "503" }.count >= 3, "\(statuses)")
      #expect(statuses.filter { $0 == "200" }.count >= 1, "\(statuses)")
    }
    try withServer({ $0.deadlineSeconds = 0.2 }) { server, _ throws in
      let start = ContinuousClock.now
      #expect(try Client.ask(server.port, get("/slow")).status == 504)
      #expect(ContinuousClock.now - start < .seconds(0.7))
    }
  }

  @Test("connections of one address are counted") func connections() throws {
    try withServer({ $0.connectionsPerAddress = 3 }) { server, _ throws in
      let clients = try (0..<3).map { _ in try Client(port: server.port) }
      for client in clients {
        client.send("GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        #expect(client.receive(until: "] 0").hasPrefix("HTTP/1.1 200"))
      }
      // An optimised build ends the three, and so their connections, after their last use.
      try withExtendedLifetime(clients) {
        let fourth = try Client(port: server.port)
        fourth.send(get("/"))
        #expect(fourth.receive().isEmpty)
      }
    }
  }

  @Test("bodies that are held count together") func heldBodies() throws {
    try withServer({ $0.heldBytes = 1500 }) { server, _ throws in
      let first = try Client(port: server.port)
      first.send("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n")
      first.send(String(repeating: "x", count: 900))
      Thread.sleep(forTimeInterval: 0.2)
      #expect(
        try Client.ask(server.port, post("/", String(repeating: "x", count: 700))).status == 503)
      first.send(String(repeating: "x", count: 100))
      #expect(first.receive(until: "] 1000").hasPrefix("HTTP/1.1 200"))
      #expect(
        try Client.ask(server.port, post("/", String(repeating: "x", count: 700))).status == 200)
    }
  }

  @Test("stopping finishes the requests at hand and takes no more") func drain() throws {
    var settings = HTTPServerSettings()
    settings.port = 0
    let server = try HTTPServer(settings, handler: EchoHandler())
    let port = server.port
    let client = try Client(port: port)
    client.send(get("/slow"))
    Thread.sleep(forTimeInterval: 0.2)
    server.stop(within: 5)
    #expect(client.receive().hasSuffix("GET /slow [] 0"))
    #expect(throws: (any Error).self) { try Client(port: port) }
  }

  @Test("stopping does not wait for what takes too long") func impatientDrain() throws {
    var settings = HTTPServerSettings()
    settings.port = 0
    let server = try HTTPServer(settings, handler: EchoHandler())
    let client = try Client(port: server.port)
    client.send(get("/slow"))
    Thread.sleep(forTimeInterval: 0.2)
    let start = ContinuousClock.now
    server.stop(within: 0.1)
    #expect(ContinuousClock.now - start < .seconds(0.6))
    #expect(client.receive().hasPrefix("HTTP/1.1 503"))
  }

  @Test("500 malformed requests leave the server at work") func malformed() throws {
    let lines = [
      "\r\n\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/9.9\r\n\r\n", "\u{0}\u{1}\u{2}\r\n\r\n",
      "GET / HTTP/1.1\r\n\r\n", "GET / HTTP/1.1\r\nHost: a\r\nContent-Length: -5\r\n\r\n",
      "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n",
      "GET /\(String(repeating: "a", count: 40000)) HTTP/1.1\r\nHost: a\r\n\r\n",
      "GET / HTTP/1.1\r\n\(String(repeating: "A: b\r\n", count: 9000))\r\n",
      "GET %00 HTTP/1.1\r\n\r\n",
    ]
    try withServer({ $0.headerSeconds = 0.3 }) { server, _ throws in
      for number in 0..<500 {
        let client = try Client(port: server.port)
        client.send(lines[number % lines.count])
      }
      let start = ContinuousClock.now
      while server.connectionCount > 0, ContinuousClock.now - start < .seconds(5) {
        Thread.sleep(forTimeInterval: 0.05)
      }
      #expect(server.connectionCount == 0)
      #expect(try Client.ask(server.port, get("/")).status == 200)
    }
  }

  @Test("addresses and ports that cannot be had are named") func refusedStarts() throws {
    var settings = HTTPServerSettings()
    settings.address = "300.1.1.1"
    #expect(throws: HTTPServerError.self) { try HTTPServer(settings, handler: EchoHandler()) }
    try withServer { server, _ throws in
      var taken = HTTPServerSettings()
      taken.port = server.port
      do {
        let second = try HTTPServer(taken, handler: EchoHandler())
        second.stop(within: 0)
        Issue.record("two servers share port \(server.port)")
      } catch {
        #expect("\(error)".contains("\(server.port)") && "\(error)".contains("in use"), "\(error)")
      }
    }
    settings = HTTPServerSettings()
    settings.port = 0
    settings.tls = .init(certificate: "nonsense", key: "nonsense")
    #expect(throws: HTTPServerError.refused(usesTLS: true)) {
      try HTTPServer(settings, handler: EchoHandler())
    }
  }
}
