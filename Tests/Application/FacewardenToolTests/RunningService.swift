import Foundation
import TestSupport

/// A `facewarden serve` of its own on a free port.
final class RunningService {
  let port: Int
  let log: String
  private let process = Process()

  struct NotReady: Error, CustomStringConvertible {
    let description: String
  }

  /// Starts it and waits until it listens; without the face detector unless pictures are not aligned.
  init(_ words: [String], port: Int = 0, log: String, isAligned: Bool = true) throws {
    self.log = log
    process.executableURL = TestProducts.folder.appending(path: "facewarden")
    process.currentDirectoryURL = TestProducts.packageRoot
    // Under the thread sanitizer an answer takes longer than the default deadline, and the self-test a
    // minute.
    process.arguments =
      ["serve", "--port", "\(port)", "--log", log, "--deadline-seconds", "120"]
      + (isAligned ? ["--aligned"] : []) + words
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    try process.run()
    let end = Date(timeIntervalSinceNow: 300)
    while process.isRunning, Date() < end {
      let text = (try? String(contentsOfFile: log, encoding: .utf8)) ?? ""
      if let match = text.firstMatch(of: #/"url":"https?://[^:]+:([0-9]+)/"/#),
        let port = Int(match.1)
      {
        self.port = port
        return
      }
      usleep(50_000)
    }
    if process.isRunning { process.terminate() }
    throw NotReady(description: "the service does not listen")
  }

  deinit { if process.isRunning { kill(process.processIdentifier, SIGKILL) } }

  /// Sends a signal.
  func signal(_ number: Int32) { kill(process.processIdentifier, number) }

  /// Sends a signal and waits for the end: the exit status, or the signal's number below 0.
  func end(_ number: Int32) -> Int32 {
    kill(process.processIdentifier, number)
    process.waitUntilExit()
    return process.terminationReason == .exit
      ? process.terminationStatus : -process.terminationStatus
  }

  /// A request by curl: what it printed.
  func curl(_ path: String, _ words: [String] = []) throws -> String {
    let (curl, pipe) = (Process(), Pipe())
    curl.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    curl.currentDirectoryURL = TestProducts.packageRoot
    curl.arguments =
      ["curl", "-s", "-m", "300", "-w", "\n%{http_code}"] + words
      + ["http://127.0.0.1:\(port)\(path)"]
    curl.standardOutput = pipe
    try curl.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    curl.waitUntilExit()
    return String(decoding: data, as: UTF8.self)
  }
}
