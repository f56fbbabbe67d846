import CommandLineArguments
import Embedders
import Experiments
import FaceDatasets
import Foundation

/// `facewarden evaluate identification`: who is it, of many.
struct EvaluateIdentification: Subcommand, CommandSettings {
  static let command = Command(
    "evaluate identification",
    "measures how often the right person of a gallery is the nearest, or among the five nearest",
    discussion: """
      With PROBES, its pictures are looked for in GALLERY, people having the same names in both. \
      Without, each person's pictures in GALLERY are parted by the seed.
      """,
    positionals: positionals, options: options)

  private var gallery = ""
  private var probes: String?
  private var embedder = EmbedderSelection.Options()
  private var picturesInGallery = 1
  private var seed: UInt64 = 1
  private var json = false

  static let settings: [Setting<Self>] =
    [
      .argument(
        "GALLERY", "a folder or tar of identity/picture, aligned, 128×128", \.gallery, .text),
      .argument(
        "PROBES", "another one, with pictures of the same people", optional: \.probes, .text),
    ] + part(\.embedder) + [
      .value(
        "--gallery-pictures", "N",
        "Pictures of each person that go into the gallery, without PROBES.", \.picturesInGallery,
        .integer(in: 1...1000)),
      .value("--seed", "N", "Which pictures these are.", \.seed, .unsignedInteger),
      .flag("--json", "Prints the figures as one JSON object.", \.json),
    ]

  mutating func check(_ arguments: Arguments) throws {
    if probes != nil && (arguments.has("--gallery-pictures") || arguments.has("--seed")) {
      throw UsageError.conflict("'--gallery-pictures' and '--seed' go without PROBES only")
    }
  }

  func run() throws -> Int32 {
    let chosen = try embedder.load()
    let known = try embed(gallery, chosen.embedder)
    let report: IdentificationReport
    if let probes {
      report = try IdentificationReport(gallery: known, probes: embed(probes, chosen.embedder))
    } else {
      let parts = known.galleryAndProbes(picturesInGallery: picturesInGallery, seed: seed)
      report = try IdentificationReport(gallery: parts.gallery, probes: parts.probes)
    }
    if json {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
      try Output.line(String(decoding: try encoder.encode(report), as: UTF8.self))
    } else {
      try Output.line(report.text)
    }
    return 0
  }

  private func embed(_ source: String, _ embedder: FaceEmbedder) throws -> LabelledEmbeddings {
    let data = try IdentityDataset(sources: [source], minimumPictures: 1)
    Console.say(data.report)
    defer { Console.endProgress() }
    return try LabelledEmbeddings(data, embedder: embedder) {
      Console.progress("embedded \($0) of \($1)")
    }
  }
}
