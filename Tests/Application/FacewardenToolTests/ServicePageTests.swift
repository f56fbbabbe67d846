import Foundation
import TestSupport
import Testing

/// The page for people, as a browser shows it.
@Suite(.serialized, .enabled(if: Tool.hasModels, "needs models/ and samples/"))
struct ServicePageTests {
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
        try browser.choose("#\(side)", files: "\(samples)/\(pair)-\(side).png")
      }
      try judge(browser)
      #expect(try browser.text("decision") == decision)
      #expect(try browser.text("reason") == reason)
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
    #expect(
      try browser.spoken("#reference").name
        == "Reference: the person it claims to be, one or several pictures or a template")
    let samples = TestProducts.packageRoot.path + "/samples"
    for side in ["probe", "reference"] {
      try browser.choose("#\(side)", files: "\(samples)/genuine-\(side).png")
    }
    #expect(try browser.spoken("#probe-preview") == ("image", "chosen probe: genuine-probe.png"))
    #expect(try browser.spoken("#judge") == ("button", "Judge"))
    var way: [String] = []
    while way.last != "judge", way.count < 10 {
      try browser.press("Tab", code: 9)
      way.append(
        try browser.evaluate("document.activeElement.id || document.activeElement.tagName"))
    }
    #expect(way == ["probe", "camera", "reference", "SUMMARY", "judge"])
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

  private static let whole = TestProducts.packageRoot.path + "/samples/whole"

  /// Presses "Judge", and waits for the answer.
  private func judge(_ browser: Browser) throws {
    _ = try browser.evaluate("document.getElementById('judge').click()")
    try browser.wait("document.getElementById('result').getAttribute('aria-busy') === 'true'")
    try browser.wait("document.getElementById('result').getAttribute('aria-busy') === 'false'")
  }

  @Test(
    "the camera's picture is judged, and the face that was found is drawn into it",
    .enabled(if: Browser.path != nil, "needs chromium-headless-shell or chromium"))
  func camera() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let picture = "\(Self.whole)/person-00000/000.jpg"
    try FileManager.default.copyItem(atPath: picture, toPath: folder + "/camera.mjpeg")
    let service = try RunningService([], log: folder + "/log", isAligned: false)
    let browser = try Browser(folder: folder, camera: folder + "/camera.mjpeg")
    try browser.go(to: "http://127.0.0.1:\(service.port)/")
    _ = try browser.evaluate("document.getElementById('camera').click()")
    // A camera's first pictures are black.
    try browser.wait("document.getElementById('video').currentTime > 1")
    _ = try browser.evaluate("document.getElementById('take').click()")
    try browser.wait("(document.getElementById('probe-preview') || {}).naturalWidth > 0")
    // The camera is let go of once the picture is taken.
    #expect(try browser.evaluate("stream") == "null")
    try browser.choose("#reference", files: picture)
    try judge(browser)
    #expect(try browser.text("decision") == "ACCEPT")
    for side in ["probe", "reference"] {
      #expect(
        try browser.evaluate(
          "document.querySelectorAll('#\(side)-stages .marks circle').length") == "5")
      // The square of the face lies around its points, as it is drawn.
      #expect(
        try browser.evaluate(
          """
          (() => { const inside = document.querySelector('#\(side)-stages .marks rect')
            .getBoundingClientRect();
            return [...document.querySelectorAll('#\(side)-stages .marks circle')].every(point => {
              const r = point.getBoundingClientRect();
              return inside.left < r.left && r.right < inside.right && inside.top < r.top
                && r.bottom < inside.bottom; }); })()
          """) == "true")
      #expect(
        try browser.evaluate(
          "document.querySelector('#\(side)-stages .marks text').textContent.startsWith('quality ')"
        ) == "true")
    }
    let shot = ProcessInfo.processInfo.environment["FACEWARDEN_SCREENSHOTS"] ?? folder
    try browser.screenshot(to: "\(shot)/camera.png")
    #expect(service.end(SIGTERM) == 0)
  }

  @Test(
    "several references become a template, which can be kept and chosen again",
    .enabled(if: Browser.path != nil, "needs chromium-headless-shell or chromium"))
  func templates() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let samples = TestProducts.packageRoot.path + "/samples"
    let service = try RunningService([], log: folder + "/log")
    let browser = try Browser(folder: folder)
    try browser.download(to: folder)
    try browser.go(to: "http://127.0.0.1:\(service.port)/")
    try browser.choose("#probe", files: samples + "/genuine-probe.png")
    let references = [samples + "/genuine-reference.png", samples + "/genuine-probe.png"]
    try browser.choose("#reference", files: references[0], references[1])
    #expect(
      try browser.evaluate("document.querySelectorAll('#reference-stages img').length") == "2")
    try judge(browser)
    #expect(try browser.text("decision") == "ACCEPT")
    #expect(try browser.evaluate("document.getElementById('reference-views').hidden") == "true")
    _ = try browser.evaluate("document.getElementById('enrol').click()")
    let template = folder + "/reference.template"
    let end = Date(timeIntervalSinceNow: 60)
    while !FileManager.default.fileExists(atPath: template), Date() < end { usleep(20_000) }
    let distance = try browser.text("distance-words")
    try browser.choose("#reference", files: template)
    #expect(try browser.text("reference-stages") == "template reference.template")
    try judge(browser)
    #expect(try browser.text("decision") == "ACCEPT")
    #expect(try browser.text("distance-words") == distance)
    try browser.choose("#reference", files: template, references[0])
    #expect(try browser.text("trouble").contains("either pictures or one template"))
    #expect(service.end(SIGTERM) == 0)
  }
}
