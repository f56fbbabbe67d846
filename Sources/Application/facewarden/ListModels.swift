import CommandLineArguments
import Embedders
import Foundation
private import JSON
import ModelStore
import ScreeningService

/// `facewarden models`: what is there, and whether it is whole.
struct ListModels: Subcommand, CommandSettings {
  static let command = Command(
    "models", "lists the models, checks their sums, and tells their operating points",
    discussion: """
      Of each embedder the manifest can keep what it makes of a drawn picture; the service compares it \
      when it starts, and here it is compared, too.
      """,
    options: options)

  private var models = ModelsFolder()
  private var json = false
  private var writesSelfTest = false

  static let settings: [Setting<Self>] =
    part(\.models) + [
      .flag("--json", "Prints the manifest's entries as JSON.", \.json),
      .flag(
        "--write-self-test",
        "Writes what the embedders make of the drawn picture into the manifest, in place of what it "
          + "keeps.", \.writesSelfTest),
    ]

  func run() throws -> Int32 {
    let folder = models.path
    if writesSelfTest { try Self.writeSelfTest(folder) }
    let manifest = try ModelManifest(folder: folder)
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
      try Output.line(String(decoding: try encoder.encode(manifest.models), as: UTF8.self))
    }
    var status: Int32 = 0
    for model in manifest.models {
      do {
        _ = try manifest.verifiedBytes(of: model.name, in: folder)
        let selfTest = try Self.selfTest(model, manifest, folder)
        if !json {
          try Output.line(
            "\(model.name)  \(model.file)  \(model.bytes) bytes  sha256 \(model.sha256)")
          try Output.line("  trained by: \(model.command)")
          if let selfTest { try Output.line("  self-test: \(selfTest)") }
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

  /// Writes the numbers of each embedder of the folder into its manifest.
  private static func writeSelfTest(_ folder: String) throws {
    let manifest = try ModelManifest(folder: folder)
    for var entry in manifest.models where isEmbedder(entry) {
      entry.selfTest = try FaceEmbedder(entry.name, of: manifest, folder: folder).selfTestNumbers
      try ModelManifest.update(entry, folder: folder)
    }
  }

  private static func isEmbedder(_ entry: ModelEntry) -> Bool {
    FaceEmbedder.isDescribed(by: entry)
  }

  /// What comes of comparing an embedder with the numbers that the manifest keeps; nil for others.
  private static func selfTest(
    _ entry: ModelEntry, _ manifest: ModelManifest, _ folder: String
  ) throws -> String? {
    guard isEmbedder(entry) else { return nil }
    guard let kept = entry.selfTest else {
      return "the manifest keeps no numbers; models --write-self-test adds them"
    }
    let found = try FaceEmbedder(entry.name, of: manifest, folder: folder).selfTestNumbers
    guard EmbeddingSelfTest.agrees(found, with: kept) else {
      throw SelfTestError.otherNumbers(model: entry.name, expected: kept, found: found)
    }
    return "passed"
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
