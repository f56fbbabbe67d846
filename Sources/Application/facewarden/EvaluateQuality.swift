import CommandLineArguments
import Embedders
import Experiments
import FaceFinding
import Foundation
import ModelStore
import PictureQuality

/// `facewarden evaluate quality`: what the quality model is worth.
struct EvaluateQuality: Subcommand, CommandSettings {
  static let command = Command(
    "evaluate quality",
    "measures strangers under poor conditions, and errors against discarded pictures",
    discussion: """
      Strangers share a condition in five strengths: how many match, and of how many of these both \
      pictures show enough. Half of the probes of genuine pairs are under a drawn condition: the false \
      non-match rate falls as the poorest pictures are left out.
      """,
    options: options)

  private var models = ModelsFolder()
  private var selection = FaceSelection()
  private var rate: Double?
  private var strangers = 150
  private var genuine = 1500
  private var seed: UInt64 = 1
  private var output = ExperimentOutput()

  static let settings: [Setting<Self>] =
    part(\.models) + part(\.selection) + [
      .optional(
        "--fmr", "RATE", "The false match rate of the threshold; 0.01 if not given.", \.rate,
        .number(in: 1e-6...0.5)),
      .value(
        "--strangers", "N", "People of each condition.", \.strangers, .integer(in: 2...100_000)),
      .value(
        "--genuine", "N", "The most pairs of one person.", \.genuine, .integer(in: 0...1_000_000)),
      .value("--seed", "N", "Which pictures, and all chance.", \.seed, .unsignedInteger),
    ] + part(\.output)

  mutating func check(_ arguments: Arguments) throws {
    try selection.use(.one(inTraining: false))
  }

  func run() throws -> Int32 {
    let folder = models.path
    let manifest = try ModelManifest(folder: folder)
    let deciding = try DecidingEmbedders(of: manifest, folder: folder)
    let width = deciding.embedder.shape.embedding
    guard let model = try QualityModel(of: manifest, folder: folder, width: width) else {
      throw QualityModelError.missing(folder: folder)
    }
    let detector =
      manifest.models.contains { $0.name == FaceDetector.modelName }
      ? try FaceDetector(of: manifest, folder: folder) : nil
    let point = try manifest.verificationPoint(
      rate.map { OperatingPointName.make("fmr", $0) }, of: deciding.modelName)
    try output.prepare()
    let faces = try selection.groups()[0]
    let report = try QualityReport(
      faces, model: model, detector: detector, deciding: deciding, threshold: point.threshold,
      strangers: strangers, genuine: genuine, seed: seed, progress: ExperimentOutput.progress)
    try output.write(
      report,
      facts: [
        ("models", "\(folder), f_C sha256 \(try manifest.entry(FaceEmbedder.modelName).sha256)"),
        ("decided by", deciding.modelName), ("operating point", point.name),
        ("data", selection.words), ("seed", "\(seed)"),
      ])
    return 0
  }
}
