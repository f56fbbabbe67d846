import Foundation
import KernelSupport
import Kernels
import TestSupport
import Testing

/// The table of gradient checks, by each set of kernels that this processor has: a process picks one.
@Suite struct GradientTableTests {
  @Test(
    "gradients of every operation, size, tile and fusion match differences",
    arguments: Compute.available.map(\.name))
  func table(set: String) throws {
    let process = Process()
    let output = Pipe()
    process.executableURL = TestProducts.folder.appending(path: "GradientTable")
    process.environment = ProcessInfo.processInfo.environment.merging(["FACEWARDEN_ISA": set]) {
      $1
    }
    process.standardOutput = output
    try process.run()
    let text = String(
      decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(text)")
    #expect(text.hasPrefix(set + ":"), "\(text)")
    #expect(text.contains(" rows, 0 missed"), "\(text)")
  }
}
