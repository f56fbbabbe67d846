import Foundation
import TestSupport
import Testing

/// What a running service takes from outside: signals, and the files that they make it read.
@Suite(.serialized, .enabled(if: Tool.hasModels, "needs models/ and samples/"))
struct ServeSignalTests {
  private func wait(_ condition: () -> Bool) -> Bool {
    let end = Date(timeIntervalSinceNow: 20)
    while Date() < end {
      if condition() { return true }
      usleep(50_000)
    }
    return condition()
  }

  private func text(_ path: String) -> String {
    String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
  }

  @Test("SIGHUP opens the log anew and reads the keys again; keys that are damaged change nothing")
  func hangup() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let keys = folder + "/keys"
    func sum(_ key: String) throws -> String {
      try Shell.run("printf %s \"$1\" | sha256sum | cut -c1-64", [key]).output
    }
    try "door \(try sum("old"))".write(toFile: keys, atomically: false, encoding: .utf8)
    let log = folder + "/log"
    let service = try RunningService(["--keys", keys], log: log)
    func status(_ key: String) throws -> String {
      String(
        try service.curl("/v1/models", ["-H", "X-API-Key: \(key)", "-o", "/dev/null"]).suffix(3))
    }
    #expect(try [status("old"), status("new")] == ["200", "401"])

    try "\u{FEFF}door \(try sum("new"))\r\n".write(toFile: keys, atomically: false, encoding: .utf8)
    try FileManager.default.moveItem(atPath: log, toPath: log + ".1")
    service.signal(SIGHUP)
    #expect(wait { text(log).contains(#""event":"reloaded""#) })
    #expect(try [status("old"), status("new")] == ["401", "200"])
    #expect(wait { text(log).contains(#""path":"/v1/models""#) })

    try "door".write(toFile: keys, atomically: false, encoding: .utf8)
    service.signal(SIGHUP)
    #expect(wait { text(log).contains(#""event":"reload_failed""#) })
    #expect(try [status("old"), status("new")] == ["401", "200"])
    #expect(service.end(SIGTERM) == 0)
    #expect(wait { text(log).contains(#""event":"stopped""#) })
    #expect(!text(log + ".1").contains("reload"))
  }

  @Test("settings that a file names twice are refused, and byte order marks are not settings")
  func configuration() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func run(_ config: String) throws -> Tool.Run {
      try config.write(toFile: folder + "/config", atomically: false, encoding: .utf8)
      return try Tool.run(["serve", "--config", folder + "/config"])
    }
    let twice = try run(#"{"port": 0, "p\u006frt": 1}"#)
    #expect(twice.status == 64 && twice.words.contains("'port' is given twice"), "\(twice.words)")
    let nested = try run(#"{"port": "# + String(repeating: "[", count: 100_000))
    #expect(nested.status == 64 && nested.words.contains("64 deep"))
    let marked = try run("\u{FEFF}{\r\n\"port\": 70000}\r\n")
    #expect(marked.status == 64 && marked.words.contains("'--port'"), "\(marked.words)")
    let origins = try run(#"{"allow-origins": "https://a/b"}"#)
    #expect(origins.status == 64 && origins.words.contains("is no origin"), "\(origins.words)")
  }
}
