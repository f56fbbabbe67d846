import Checkpoints
import CommandLineArguments
import Foundation

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
      print(String(decoding: try encoder.encode(manifest.models), as: UTF8.self))
    }
    var status: Int32 = 0
    for model in manifest.models {
      do {
        _ = try manifest.verifiedBytes(of: model.name, in: folder)
        if !arguments.flag("--json") {
          print("\(model.name)  \(model.file)  \(model.bytes) bytes  sha256 \(model.sha256)")
          print("  trained by: \(model.command)")
          for point in model.operatingPoints {
            print("  \(point.name): \(point.threshold)")
          }
        }
      } catch {
        Console.error("\(error)")
        status = 2
      }
    }
    return status
  }
}
