import Foundation
import TestSupport
import Testing

/// The soak of `make soak`, a few seconds of it.
@Suite(.serialized, .enabled(if: Tool.hasModels, "needs models/ and samples/"))
struct SoakTests {
  @Test("under a mixed load with faults every answer is explained, and every request logged")
  func short() throws {
    let root = TestProducts.packageRoot.path
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let soak = Process()
    soak.executableURL = URL(fileURLWithPath: "/usr/bin/python3")
    soak.arguments = [
      "-B", root + "/Tests/Soak/soak.py", "--tool",
      TestProducts.folder.appending(path: "facewarden").path, "--models", root + "/models",
      "--samples", root + "/samples", "--minutes", "0.3", "--every", "6", "--clients", "3",
      // What is compiled without optimisation takes longer than a door may.
      "--deadline", "120", "--report", folder + "/report",
    ]
    let output = Pipe()
    soak.standardOutput = output
    try soak.run()
    let words = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    soak.waitUntilExit()
    #expect(soak.terminationStatus == 0, "\(words)")
    #expect(words.contains(" 0 kinds of wrong answers"), "\(words)")
    let report = try JSONSerialization.jsonObject(
      with: Data(contentsOf: URL(fileURLWithPath: folder + "/report")))
    let counts = (report as? [String: Any])?["requests"] as? [String: Int]
    #expect((counts?.values.reduce(0, +) ?? 0) > 5)
  }
}
