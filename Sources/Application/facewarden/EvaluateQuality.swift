import CommandLineArguments
import Embedders
import Experiments
import FaceFinding
import Foundation
import ModelStore
import PictureQuality

/// `facewarden evaluate quality`: what the quality model is worth.
struct EvaluateQuality: Subcommand {
  static let command = Command(
    "evaluate quality",
    "measures strangers under poor conditions, and errors against discarded pictures",
    discussion: """
      Strangers share a condition in five strengths: how many match, and of how many of these both \
      pictures show enough. Half of the probes of genuine pairs are under a drawn condition: the false \
      non-match rate falls as the poorest pictures are left out.
      """,
    options: [SharedOptions.models] + FaceSelection.options + [
      .value("--fmr", "RATE", "The false match rate of the threshold; 0.01 if not given."),
      .value("--strangers", "N", "People of each condition; 150 if not given."),
      .value("--genuine", "N", "The most pairs of one person; 1500 if not given."),
      .value("--seed", "N", "Which pictures, and all chance; 1 if not given."),
    ] + ExperimentOutput.options)

  private let arguments: Arguments
  private let selection: FaceSelection
  private let strangers, genuine: Int
  private let seed: UInt64
  private let output: ExperimentOutput

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    selection = try FaceSelection(arguments, for: .one(inTraining: false))
    strangers = try arguments.optional("--strangers", .integer(in: 2...100_000)) ?? 150
    genuine = try arguments.optional("--genuine", .integer(in: 0...1_000_000)) ?? 1500
    seed = try arguments.optional("--seed", .unsignedInteger) ?? 1
    output = ExperimentOutput(arguments)
  }

  func run() throws -> Int32 {
    let folder = arguments.modelsFolder
    let manifest = try ModelManifest(folder: folder)
    let embedder = try FaceEmbedder(of: manifest, folder: folder)
    let width = embedder.shape.embedding
    guard let model = try QualityModel(of: manifest, folder: folder, width: width) else {
      throw QualityModelError.missing(folder: folder)
    }
    let detector =
      manifest.models.contains { $0.name == FaceDetector.modelName }
      ? try FaceDetector(of: manifest, folder: folder) : nil
    let point = try arguments.verificationPoint(of: manifest)
    try output.prepare()
    let faces = try selection.groups()[0]
    let report = try QualityReport(
      faces, model: model, detector: detector, embedder: embedder, threshold: point.threshold,
      strangers: strangers, genuine: genuine, seed: seed, progress: ExperimentOutput.progress)
    try output.write(
      report,
      facts: [
        ("models", "\(folder), f_C sha256 \(try manifest.entry(FaceEmbedder.modelName).sha256)"),
        ("operating point", point.name), ("data", selection.words), ("seed", "\(seed)"),
      ])
    return 0
  }
}
