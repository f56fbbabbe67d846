import Foundation

/// Runs the built `facewarden`.
public enum Tool {
  /// Whether the package's trained models and samples are there.
  public static var hasModels: Bool {
    let root = TestProducts.packageRoot.path
    return ["/models/detector.safetensors", "/samples/genuine-probe.png"].allSatisfy {
      FileManager.default.fileExists(atPath: root + $0)
    }
  }

  /// What a run printed and how it ended.
  public struct Run: Sendable {
    /// The exit status.
    public let status: Int32
    /// Standard output and standard error.
    public let output, words: String

    /// How a run ended and what it printed.
    public init(status: Int32, output: String, words: String) {
      (self.status, self.output, self.words) = (status, output, words)
    }
  }

  /// Runs the tool in the package's root, with `environment` added to the process's own.
  ///
  /// - Throws: what starting a process throws.
  public static func run(
    _ words: [String], input: String = "", environment: [String: String] = [:]
  ) throws -> Run {
    let process = Process()
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.executableURL = TestProducts.folder.appending(path: "facewarden")
    process.currentDirectoryURL = TestProducts.packageRoot
    process.arguments = words
    let folder = try temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // Files instead of pipes: nobody has to read while the process runs.
    let paths = ["in", "out", "err"].map { folder + "/" + $0 }
    for path in paths { try Data().write(to: URL(fileURLWithPath: path)) }
    try Data(input.utf8).write(to: URL(fileURLWithPath: paths[0]))
    process.standardInput = try FileHandle(forReadingFrom: URL(fileURLWithPath: paths[0]))
    process.standardOutput = try FileHandle(forWritingTo: URL(fileURLWithPath: paths[1]))
    process.standardError = try FileHandle(forWritingTo: URL(fileURLWithPath: paths[2]))
    try process.run()
    process.waitUntilExit()
    func text(_ path: String) -> String {
      String(decoding: FileManager.default.contents(atPath: path) ?? Data(), as: UTF8.self)
    }
    return Run(status: process.terminationStatus, output: text(paths[1]), words: text(paths[2]))
  }

  /// A new, empty folder.
  ///
  /// - Throws: what creating a folder throws.
  public static func temporaryFolder() throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "facewarden-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    return folder.path
  }
}
