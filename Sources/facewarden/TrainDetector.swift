import AdversarialDetection
import Checkpoints
import CommandLineArguments
import Experiments
import Foundation
import SupportVectorMachines

/// `facewarden train detector`: makes the detector from an attack set.
struct TrainDetector: Subcommand {
  static let command = Command(
    "train detector", "trains the detector on an attack set and its sources",
    discussion: """
      Each kind of evidence gets a linear machine, its C chosen by cross-validation over ten folds of \
      people; thresholds come from untouched pictures of people that the scores have not seen. Benign \
      changes in the set (JPEG, blur and so on) are learnt as bona fide.
      """,
    options: DetectionInput.options + [
      .value("--describe", "WORDS", "What the set's pictures are, for the manifest.")
    ])

  private let input: DetectionInput
  private let words: String

  init(_ arguments: Arguments) throws {
    input = try DetectionInput(arguments)
    words = arguments.text("--describe") ?? input.words
  }

  func run() throws -> Int32 {
    let (_, examples) = try input.examples()
    let training = try DetectorTraining(
      examples, kind: input.kind, descriptor: input.descriptor, source: words)
    let detector = training.fit.detector
    var metrics = ["balanced_accuracy": training.balancedAccuracy]
    for (part, weight) in zip(detector.parts, detector.fusion.weights) {
      for trial in training.fit.searches[part.name]?.trials ?? [] {
        Console.say("\(part.name), C \(trial.cost): balanced accuracy \(trial.balancedAccuracy)")
      }
      metrics["\(part.name)_cost"] = part.machine.options.cost
      metrics["\(part.name)_weight"] = weight
      metrics["\(part.name)_balanced_accuracy"] =
        training.fit.searches[part.name]?.best.balancedAccuracy
    }
    let bytes = try detector.file().bytes()
    try AtomicFile.write(bytes, to: input.models + "/detector.safetensors")
    try ModelManifest.update(
      ModelEntry(
        name: AdversarialDetector.modelName, file: "detector.safetensors", contents: bytes,
        architecture: try Dictionary(describing: Shape(detector)), trainingData: words,
        command: Invocation.text, seed: UInt64(detector.fusion.options.seed), metrics: metrics,
        operatingPoints: training.points, license: Invocation.weightsLicense,
        notes: "thresholds are probabilities of tampering; above is adversarial",
        madeWith: try ModelManifest(folder: input.models).sums(of: input.modelNames)),
      folder: input.models)
    print("balanced accuracy on unseen folds: \(training.balancedAccuracy)")
    for point in training.points {
      print("\(point.name): probability > \(point.threshold), APCER \(point.apcer ?? .nan)")
    }
    for refusal in training.refusals { Console.say(refusal) }
    return 0
  }

  /// What the manifest says a detector is made of.
  private struct Shape: Encodable {
    let kind: String
    let parts: [String: [String]]

    init(_ detector: AdversarialDetector) {
      kind = detector.kind.rawValue
      parts = Dictionary(
        uniqueKeysWithValues: detector.parts.map { ($0.name, $0.groups.map(\.rawValue)) })
    }
  }
}
