import Foundation
import TestSupport

/// The built tool under a shell's redirections.
enum Shell {
  /// What a script printed, and its status.
  struct Run {
    let status: Int32
    let output: String
  }

  /// Runs a script in the package's root; `$TOOL` is the tool, `$1` and so on are `words`.
  static func run(_ script: String, _ words: [String] = []) throws -> Run {
    let (process, pipe) = (Process(), Pipe())
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.currentDirectoryURL = TestProducts.packageRoot
    process.environment = ProcessInfo.processInfo.environment.merging([
      "TOOL": TestProducts.folder.appending(path: "facewarden").path
    ]) { $1 }
    process.arguments = ["-c", script, "bash"] + words
    process.standardOutput = pipe
    process.standardError = FileHandle.nullDevice
    try process.run()
    let data = try pipe.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    return Run(status: process.terminationStatus, output: String(decoding: data, as: UTF8.self))
  }
}
