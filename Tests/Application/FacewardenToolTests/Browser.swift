import Foundation

/// A headless Chromium, spoken to by its debugging protocol over two named pipes.
final class Browser {
  /// The browser of this machine, if it has one.
  static var path: String? {
    ["/usr/bin/chromium-headless-shell", "/usr/bin/chromium"].first {
      FileManager.default.isExecutableFile(atPath: $0)
    }
  }

  struct Failure: Error, CustomStringConvertible {
    let description: String
  }

  private let process = Process()
  private let input, output: Int32
  private var buffer: [UInt8] = []
  private var number = 0
  private var session: String?

  /// Starts it.
  ///
  /// - `camera`: a file of JPEG pictures that its camera sees, if it is to have one.
  init(folder: String, camera: String? = nil) throws {
    guard let path = Self.path else { throw Failure(description: "no browser") }
    let pipes = ["in", "out"].map { "\(folder)/browser-\($0)" }
    for pipe in pipes { mkfifo(pipe, 0o600) }
    // Open for both ways, so that opening waits for nobody.
    (input, output) = (open(pipes[0], O_RDWR | O_CLOEXEC), open(pipes[1], O_RDWR | O_CLOEXEC))
    process.executableURL = URL(fileURLWithPath: "/bin/sh")
    process.arguments = [
      "-c",
      "exec \(path) --headless --no-sandbox --disable-gpu --disable-dev-shm-usage "
        + (camera.map {
          "--use-fake-device-for-media-stream --use-fake-ui-for-media-stream "
            + "--use-file-for-fake-video-capture='\($0)' "
        } ?? "")
        + "--remote-debugging-pipe --user-data-dir='\(folder)/profile' "
        + "--window-size=900,1150 about:blank 3<'\(pipes[0])' 4>'\(pipes[1])' 2>/dev/null",
    ]
    try process.run()
    let target = try call("Target.createTarget", ["url": "about:blank"])["targetId"] ?? ""
    session =
      try call("Target.attachToTarget", ["targetId": target, "flatten": true])["sessionId"]
      as? String
    _ = try call("Page.enable")
  }

  deinit {
    session = nil
    // Its helpers end with it only if it is asked; waiting for a killed one would never end.
    _ = try? call("Browser.close")
    kill(process.processIdentifier, SIGKILL)
    close(input)
    close(output)
  }

  /// Goes to a page and waits until it is there.
  func go(to url: String) throws {
    _ = try call("Page.navigate", ["url": url])
    try wait("document.readyState === 'complete' && location.href === '\(url)'")
  }

  /// The value of an expression, as text.
  func evaluate(_ expression: String) throws -> String {
    let answer = try call("Runtime.evaluate", ["expression": "String(\(expression))"])
    let result = answer["result"] as? [String: Any]
    return result?["value"] as? String ?? ""
  }

  /// The text of an element.
  func text(_ id: String) throws -> String {
    try evaluate("document.getElementById('\(id)').textContent")
  }

  /// Keeps downloads in a folder.
  func download(to folder: String) throws {
    _ = try call(
      "Browser.setDownloadBehavior", ["behavior": "allow", "downloadPath": folder])
  }

  /// Waits until an expression is true.
  func wait(_ condition: String) throws {
    let end = Date(timeIntervalSinceNow: 60)
    while try evaluate(condition) != "true" {
      guard Date() < end else { throw Failure(description: "never true: \(condition)") }
      usleep(20_000)
    }
  }

  /// Chooses files in a field.
  func choose(_ selector: String, files: String...) throws {
    _ = try call("DOM.setFileInputFiles", ["files": files, "nodeId": try node(selector)])
  }

  /// The number of an element.
  private func node(_ selector: String) throws -> Any {
    let root = try call("DOM.getDocument")["root"] as? [String: Any]
    let found = try call(
      "DOM.querySelector", ["nodeId": root?["nodeId"] ?? 0, "selector": selector])["nodeId"]
    guard let found else { throw Failure(description: "the page has no \(selector)") }
    return found
  }

  /// Presses and lets go a key that writes nothing, or Enter.
  func press(_ key: String, code: Int) throws {
    var event: [String: Any] = ["key": key, "code": key, "windowsVirtualKeyCode": code]
    for type in ["keyDown", "keyUp"] {
      event["type"] = type
      event["text"] = type == "keyDown" && key == "Enter" ? "\r" : nil
      _ = try call("Input.dispatchKeyEvent", event)
    }
  }

  /// What a screen reader is told of an element: its role and its name.
  func spoken(_ selector: String) throws -> (role: String, name: String) {
    let answer = try call(
      "Accessibility.getPartialAXTree",
      ["nodeId": try node(selector), "fetchRelatives": false])
    let element = (answer["nodes"] as? [[String: Any]])?.first
    func value(_ member: String) -> String {
      (element?[member] as? [String: Any])?["value"] as? String ?? ""
    }
    return (value("role"), value("name"))
  }

  /// Writes what is to be seen as PNG.
  func screenshot(to path: String) throws {
    let answer = try call("Page.captureScreenshot", ["captureBeyondViewport": true])
    guard let text = answer["data"] as? String, let data = Data(base64Encoded: text) else {
      throw Failure(description: "no screenshot")
    }
    try data.write(to: URL(fileURLWithPath: path))
  }

  private func call(_ method: String, _ parameters: [String: Any] = [:]) throws -> [String: Any] {
    number += 1
    var message: [String: Any] = ["id": number, "method": method, "params": parameters]
    if let session { message["sessionId"] = session }
    var bytes = [UInt8](try JSONSerialization.data(withJSONObject: message)) + [0]
    while !bytes.isEmpty {
      let count = write(input, bytes, bytes.count)
      guard count > 0 else { throw Failure(description: "the browser is gone") }
      bytes.removeFirst(count)
    }
    while let answer = try receive() {
      guard answer["id"] as? Int == number else { continue }
      if let error = answer["error"] { throw Failure(description: "\(method): \(error)") }
      return answer["result"] as? [String: Any] ?? [:]
    }
    throw Failure(description: "the browser did not answer \(method)")
  }

  private func receive() throws -> [String: Any]? {
    while true {
      if let end = buffer.firstIndex(of: 0) {
        let object = try JSONSerialization.jsonObject(with: Data(buffer[..<end]))
        buffer.removeFirst(end + 1)
        return object as? [String: Any]
      }
      var waiting = pollfd(fd: output, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, 30_000) > 0 else { return nil }
      var piece = [UInt8](repeating: 0, count: 1 << 16)
      let count = read(output, &piece, piece.count)
      guard count > 0 else { return nil }
      buffer += piece[..<count]
    }
  }
}
