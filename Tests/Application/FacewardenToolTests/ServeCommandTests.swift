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

  @Test(
    "the page judges two samples in a browser, and shows why",
    .enabled(if: Browser.path != nil, "needs chromium-headless-shell or chromium"))
  func page() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let service = try RunningService([], log: folder + "/log")
    let browser = try Browser(folder: folder)
    try browser.go(to: "http://127.0.0.1:\(service.port)/")
    let samples = TestProducts.packageRoot.path + "/samples"
    #expect(try browser.evaluate("document.getElementById('judge').disabled") == "true")
    for (pair, decision, reason) in [
      ("genuine", "ACCEPT", "the same person, and neither picture looks tampered with"),
      ("adversarial", "DENY", "the probe looks tampered with to fool the network"),
    ] {
      for side in ["probe", "reference"] {
        try browser.choose("#\(side)", file: "\(samples)/\(pair)-\(side).png")
      }
      _ = try browser.evaluate("document.getElementById('judge').click()")
      try browser.wait("document.getElementById('result').getAttribute('aria-busy') === 'true'")
      try browser.wait("document.getElementById('result').getAttribute('aria-busy') === 'false'")
      #expect(try browser.evaluate("document.getElementById('decision').textContent") == decision)
      #expect(try browser.evaluate("document.getElementById('reason').textContent") == reason)
      #expect(
        try browser.evaluate(
          "[...document.querySelectorAll('.views img')].filter(i => i.naturalWidth === 128).length")
          == "4")
      #expect(
        try browser.evaluate("document.getElementById('distance-words').textContent")
          .hasPrefix("distance² 0."))
      let shot = ProcessInfo.processInfo.environment["FACEWARDEN_SCREENSHOTS"] ?? folder
      try browser.screenshot(to: "\(shot)/\(pair).png")
    }
    #expect(service.end(SIGTERM) == 0)
  }

  @Test(
    "the page needs no mouse, and has words for who cannot see it",
    .enabled(if: Browser.path != nil, "needs chromium-headless-shell or chromium"))
  func keyboard() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let service = try RunningService([], log: folder + "/log")
    let browser = try Browser(folder: folder)
    try browser.go(to: "http://127.0.0.1:\(service.port)/")
    #expect(try browser.spoken("#probe").name == "Probe: the picture to be judged")
    #expect(try browser.spoken("#reference").name == "Reference: the picture it claims to match")
    let samples = TestProducts.packageRoot.path + "/samples"
    for side in ["probe", "reference"] {
      try browser.choose("#\(side)", file: "\(samples)/genuine-\(side).png")
    }
    #expect(try browser.spoken("#probe-preview") == ("image", "chosen probe: genuine-probe.png"))
    #expect(try browser.spoken("#judge") == ("button", "Judge"))
    var way: [String] = []
    while way.last != "judge", way.count < 10 {
      try browser.press("Tab", code: 9)
      way.append(
        try browser.evaluate("document.activeElement.id || document.activeElement.tagName"))
    }
    #expect(way == ["probe", "reference", "SUMMARY", "judge"])
    try browser.press("Enter", code: 13)
    // The focus goes to the result once it is complete, so that it is read out.
    try browser.wait("document.activeElement.id === 'result'")
    #expect(try browser.evaluate("document.getElementById('decision').textContent") == "ACCEPT")
    #expect(try browser.evaluate("document.getElementById('result').ariaLive") == "polite")
    let scale = try browser.spoken("#scale")
    #expect(scale.role == "image" && scale.name.hasPrefix("distance² 0."))
    #expect(scale.name.hasSuffix("is a match: the same person"))
    for side in ["probe", "reference"] {
      let (role, name) = try browser.spoken("#\(side)-reconstruction")
      #expect(role == "image" && name == "reconstruction of the \(side)")
    }
    #expect(service.end(SIGTERM) == 0)
  }
}
