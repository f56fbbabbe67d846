import AdversarialAttacks
import AdversarialDetection
import Checkpoints
import CommandLineArguments
import Experiments
import FaceVerification
import Foundation
import IPGAN
import LocalBinaryPatterns
import SupportVectorMachines

/// `facewarden evaluate detection`: Table 4 on an attack set with folds.
struct EvaluateDetection: Subcommand {
  static let command = Command(
    "evaluate detection",
    "measures the paper's detector on an attack set of LFW, trained on nine folds, tested on one",
    options: [
      SharedOptions.models,
      .value(
        "--attack-set", "DIR", "A set made by 'facewarden attack-set' from LFW's pairs.",
        isRequired: true),
      SharedOptions.attackOfSet,
      .value("--cost", "C", "The machine's C; that of the manifest's detector if not given."),
      .flag("--json", "Prints the figures as one JSON object."),
    ])

  private let arguments: Arguments
  private let folder: String
  private let cost: Double?

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    folder = try arguments.value("--attack-set", .text)
    cost = try arguments.optional("--cost", .number(in: 1e-9...1e9))
  }

  func run() throws -> Int32 {
    let models = arguments.modelsFolder
    let manifest = try ModelManifest(folder: models)
    let embedder = try FaceEmbedder(of: manifest, folder: models)
    let reconstructor = try FaceReconstructor(of: manifest, folder: models, embedder: embedder)
    let set = try AttackSet(folder: folder).part(of: arguments.text("--attack"))
    guard set.settings.embedder == (try manifest.distanceIdentity()) else {
      throw AttackSetError.otherSettings(folder: folder)
    }
    let examples = try DetectionExamples(
      set, reconstructor: reconstructor, descriptor: TextureDescriptor()
    ) { Console.progress("described \($0) of \($1) pictures") }
    Console.endProgress()
    let chosen =
      try cost ?? manifest.entry(AdversarialDetector.modelName).metrics["cost"] ?? 0.03
    let report = try DetectionReport(
      examples, thetas: set.settings.thetas, options: TrainingOptions(cost: chosen))
    if arguments.flag("--json") {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
      print(String(decoding: try encoder.encode(report), as: UTF8.self))
    } else {
      print(report.text)
    }
    return 0
  }
}
