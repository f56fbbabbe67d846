import Foundation
import TestSupport
import Testing

/// The service as it is run: what it refuses to start with, and how it ends.
@Suite(.serialized, .enabled(if: Tool.hasModels, "needs models/ and samples/"))
struct ServeCommandTests {
  struct Case: CustomTestStringConvertible, Sendable {
    let words: [String]
    var config: String?
    var keys: String?
    var status: Int32 = 64
    let says: String
    var testDescription: String { words.joined(separator: " ") + (config ?? "") }
  }

  @Test(
    "wrong settings are told before anything listens",
    arguments: [
      Case(words: ["--port", "70000"], says: "'--port'"),
      Case(words: ["--address", "0.0.0.0"], says: "--keys FILE"),
      Case(words: ["--address", "1.2.3.4.5", "--without-keys"], status: 2, says: "1.2.3.4.5"),
      Case(words: ["--queue", "-1"], says: "'--queue'"),
      Case(words: ["--tls-key", "x"], says: "need each other"),
      Case(words: ["--log", "/nowhere/log"], status: 2, says: "/nowhere/log"),
      Case(words: ["--models", "/nowhere"], status: 2, says: "/nowhere"),
      Case(words: ["--keys", "KEYS"], keys: "front secret", status: 2, says: "line 1"),
      Case(words: ["--config", "CONFIG"], config: "{", says: "no JSON object"),
      Case(words: ["--config", "CONFIG"], config: #"{"prot": 1}"#, says: "'--port'"),
      Case(words: ["--config", "CONFIG"], config: #"{"port": "x"}"#, says: "'--port'"),
      Case(words: ["--config", "CONFIG"], config: #"{"port": []}"#, says: "'port'"),
      Case(
        words: ["--config", "CONFIG", "--threshold", "9"], config: #"{"port": 0}"#,
        says: "'--threshold'"),
    ])
  func refusedSettings(_ sample: Case) throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try sample.config?.write(toFile: folder + "/CONFIG", atomically: false, encoding: .utf8)
    try sample.keys?.write(toFile: folder + "/KEYS", atomically: false, encoding: .utf8)
    let words = sample.words.map { ["CONFIG", "KEYS"].contains($0) ? "\(folder)/\($0)" : $0 }
    let run = try Tool.run(["serve"] + words)
    #expect(run.status == sample.status, "\(run.words)")
    #expect(run.words.contains(sample.says), "\(run.words)")
  }

  @Test("models that are damaged keep it from starting") func damagedModels() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let copy = folder + "/models"
    try FileManager.default.copyItem(
      atPath: TestProducts.packageRoot.path + "/models", toPath: copy)
    let path = copy + "/f_v.safetensors"
    var bytes = try #require(FileManager.default.contents(atPath: path))
    bytes[bytes.count - 9] ^= 4
    try bytes.write(to: URL(fileURLWithPath: path))
    let run = try Tool.run(["serve", "--port", "0", "--models", copy])
    #expect(run.status == 2 && run.words.contains("f_v.safetensors"))
  }

  @Test("it answers with the command line's verdict, drains on SIGTERM, starts again after SIGKILL")
  func life() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try #"{"queue": 4, "fmr": 0.001}"#.write(
      toFile: folder + "/config", atomically: false, encoding: .utf8)
    let pair = [
      "-F", "probe=@samples/genuine-probe.png", "-F", "reference=@samples/genuine-reference.png",
    ]
    let expected = try Tool.run([
      "verify", "--aligned", "--json", "--fmr", "0.001", "samples/genuine-probe.png",
      "samples/genuine-reference.png",
    ]).output
    let service = try RunningService(["--config", folder + "/config"], log: folder + "/log")
    #expect(try service.curl("/v1/verify", pair) == expected + "200")
    #expect(try service.curl("/readyz").hasSuffix("200"))
    #expect(service.end(SIGKILL) == -SIGKILL)
    // The port of a killed service is free at once.
    let second = try RunningService(
      ["--config", folder + "/config"], port: service.port, log: folder + "/log2")
    #expect(try second.curl("/v1/verify", pair) == expected + "200")
    #expect(second.end(SIGTERM) == 0)
    let log = try String(contentsOfFile: folder + "/log2", encoding: .utf8)
    #expect(log.contains(#""event":"stopped""#))
    for line in log.split(separator: "\n") {
      #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) }
    }
  }
}
