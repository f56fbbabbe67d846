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

/// `facewarden train detector`: makes the detector from an attack set.
struct TrainDetector: Subcommand {
  static let command = Command(
    "train detector", "trains the detector on an attack set and its sources",
    options: [
      SharedOptions.models,
      .value("--attack-set", "DIR", "A set made by 'facewarden attack-set'.", isRequired: true),
      SharedOptions.attackOfSet,
      .value("--describe", "WORDS", "What the set's pictures are, for the manifest."),
    ])

  private let arguments: Arguments
  private let folder: String

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    folder = try arguments.value("--attack-set", .text)
  }

  func run() throws -> Int32 {
    let models = arguments.modelsFolder
    let manifest = try ModelManifest(folder: models)
    let embedder = try FaceEmbedder(of: manifest, folder: models)
    let reconstructor = try FaceReconstructor(of: manifest, folder: models, embedder: embedder)
    let descriptor = TextureDescriptor()
    let set = try AttackSet(folder: folder).part(of: arguments.text("--attack"))
    guard set.settings.embedder == (try manifest.distanceIdentity()) else {
      throw AttackSetError.otherSettings(folder: folder)
    }
    let examples = try DetectionExamples(
      set, reconstructor: reconstructor, descriptor: descriptor
    ) { Console.progress("described \($0) of \($1) pictures") }
    Console.endProgress()
    let words = arguments.text("--describe") ?? (folder as NSString).lastPathComponent
    let training = try DetectorTraining(examples, descriptor: descriptor, source: words)
    for trial in training.search.trials {
      Console.say("C \(trial.cost): balanced accuracy \(trial.balancedAccuracy)")
    }
    let bytes = try training.detector.file().bytes()
    try AtomicFile.write(bytes, to: models + "/detector.safetensors")
    try ModelManifest.update(
      ModelEntry(
        name: AdversarialDetector.modelName, file: "detector.safetensors", contents: bytes,
        architecture: try Dictionary(describing: descriptor), trainingData: words,
        command: Invocation.text, seed: UInt64(training.detector.machine.options.seed),
        metrics: [
          "balanced_accuracy": training.balancedAccuracy, "cost": training.search.best.cost,
        ],
        operatingPoints: training.points, license: Invocation.weightsLicense,
        notes: "thresholds are probabilities of tampering; above is adversarial",
        madeWith: try ModelManifest(folder: models).sums(
          of: [FaceEmbedder.modelName, FaceReconstructor.modelName])),
      folder: models)
    print("balanced accuracy on unseen folds: \(training.balancedAccuracy)")
    for point in training.points {
      print("\(point.name): probability > \(point.threshold), APCER \(point.apcer ?? .nan)")
    }
    return 0
  }
}
