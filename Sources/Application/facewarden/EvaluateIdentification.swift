import CommandLineArguments
import Embedders
import Experiments
import FaceDatasets
import Foundation

/// `facewarden evaluate identification`: who is it, of many.
struct EvaluateIdentification: Subcommand {
  static let command = Command(
    "evaluate identification",
    "measures how often the right person of a gallery is the nearest, or among the five nearest",
    discussion: """
      With PROBES, its pictures are looked for in GALLERY, people having the same names in both. \
      Without, each person's pictures in GALLERY are parted by the seed.
      """,
    positionals: [
      Positional("GALLERY", "a folder or tar of identity/picture, aligned, 128×128"),
      Positional("PROBES", "another one, with pictures of the same people", arity: .optional),
    ],
    options: EmbedderSelection.options + [
      .value(
        "--gallery-pictures", "N",
        "Pictures of each person that go into the gallery, without PROBES; 1 if not given."),
      .value("--seed", "N", "Which pictures these are; 1 if not given."),
      .flag("--json", "Prints the figures as one JSON object."),
    ])

  private let arguments: Arguments
  private let gallery: String
  private let probes: String?
  private let picturesInGallery: Int
  private let seed: UInt64

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    gallery = try arguments.value("GALLERY", .text)
    probes = try arguments.optional("PROBES", .text)
    picturesInGallery =
      try arguments.optional("--gallery-pictures", .integer(in: 1...1000)) ?? 1
    seed = try arguments.optional("--seed", .unsignedInteger) ?? 1
    if probes != nil && (arguments.has("--gallery-pictures") || arguments.has("--seed")) {
      throw UsageError.conflict("'--gallery-pictures' and '--seed' go without PROBES only")
    }
    try EmbedderSelection.check(arguments)
  }

  func run() throws -> Int32 {
    let chosen = try EmbedderSelection(arguments)
    let known = try embed(gallery, chosen.embedder)
    let report: IdentificationReport
    if let probes {
      report = try IdentificationReport(gallery: known, probes: embed(probes, chosen.embedder))
    } else {
      let parts = known.galleryAndProbes(picturesInGallery: picturesInGallery, seed: seed)
      report = try IdentificationReport(gallery: parts.gallery, probes: parts.probes)
    }
    if arguments.flag("--json") {
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
