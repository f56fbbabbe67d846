import CommandLineArguments
import Foundation
import ModelStore

/// `facewarden models`: what is there, and whether it is whole.
struct ListModels: Subcommand {
  static let command = Command(
    "models", "lists the models, checks their sums, and tells their operating points",
    options: [SharedOptions.models, .flag("--json", "Prints the manifest's entries as JSON.")])

  private let arguments: Arguments

  init(_ arguments: Arguments) throws { self.arguments = arguments }

  func run() throws -> Int32 {
    let folder = arguments.modelsFolder
    let manifest = try ModelManifest(folder: folder)
    if arguments.flag("--json") {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
      try Output.line(String(decoding: try encoder.encode(manifest.models), as: UTF8.self))
    }
    var status: Int32 = 0
    for model in manifest.models {
      do {
        _ = try manifest.verifiedBytes(of: model.name, in: folder)
        if !arguments.flag("--json") {
          try Output.line(
            "\(model.name)  \(model.file)  \(model.bytes) bytes  sha256 \(model.sha256)")
          try Output.line("  trained by: \(model.command)")
          for point in model.operatingPoints { try Output.line("  \(Self.words(point))") }
          for (name, value) in model.metrics.sorted(by: { $0.key < $1.key }) {
            try Output.line("  \(name.replacingOccurrences(of: "_", with: " ")): \(value)")
          }
        }
      } catch {
        Console.error("\(error)")
        status = 2
      }
    }
    return status
  }

  /// A threshold with its rates, what they were measured on, and how many that were.
  private static func words(_ point: OperatingPoint) -> String {
    let rates = [
      ("FMR", point.fmr), ("FNMR", point.fnmr), ("BPCER", point.bpcer), ("APCER", point.apcer),
    ].compactMap { name, rate in rate.map { String(format: "\(name) %.4g", $0) } }
    return "\(point.name): \(point.threshold)"
      + rates.map { ", \($0)" }.joined() + (point.source.map { " (\($0))" } ?? "")
  }
}
