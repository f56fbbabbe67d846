import Checkpoints
import CommandLineArguments
import DetectorTraining
import Files
import Foundation
private import JSON
import LinearMachines
import ModelStore
import Screening

/// `facewarden train detector`: makes the detectors from attack sets.
struct TrainDetector: Subcommand, CommandSettings {
  static let command = Command(
    "train detector", "trains the detectors of pictures and of pairs on an attack set",
    discussion: """
      Each kind of evidence gets a linear machine, its C chosen by cross-validation over ten folds of \
      people; thresholds come from untouched pictures of people that the scores have not seen. Benign \
      changes in the set (JPEG, blur and so on) are learnt as bona fide.

      Where attacks' targets are known, and people have several pictures, pairs get a detector too: \
      it also asks whether the witness f_V agrees with f_C on who is who.

      A set of 'self-perturbation' trains a detector that has seen no attack.
      """,
    options: options)

  private var input = DetectionInput()
  private var bonaFide = BonaFideSource()
  private var description: String?

  static let settings: [Setting<Self>] =
    part(\.input) + part(\.bonaFide) + [
      .optional(
        "--describe", "WORDS",
        "What the set's pictures are, for the manifest; its name if not given.",
        \.description, .text)
    ]

  /// What the set's pictures are.
  private var told: String { description ?? input.words }

  func run() throws -> Int32 {
    let examples = try input.examples(
      includesTargets: input.needsWitness, untouched: try bonaFide.open())
    let training = try DetectorTraining(
      examples, kind: input.kind, descriptor: input.descriptor, source: told
    ) { part, trial in
      Console.say("\(part), C \(trial.cost): balanced accuracy \(trial.balancedAccuracy)")
    }
    let detector = training.fit.detector
    var metrics = ["balanced_accuracy": training.balancedAccuracy]
    for (part, weight) in zip(detector.parts, detector.fusion.weights) {
      metrics["\(part.name)_cost"] = part.machine.options.cost
      metrics["\(part.name)_weight"] = weight
      metrics["\(part.name)_balanced_accuracy"] =
        training.fit.searches[part.name]?.best.balancedAccuracy
    }
    // A pair's detector that was made with the detector before this one is of no use any more.
    try publish(
      AdversarialDetector.modelName, try detector.file(), Shape(detector), training.pictures,
      metrics: metrics, seed: detector.fusion.options.seed, madeWith: input.modelNames,
      removing: PairDetector.modelName)
    try Output.line("balanced accuracy on unseen folds: \(training.balancedAccuracy)")
    try tell(training.pictures, "pictures")
    guard let pairs = training.pairFit?.detector else {
      Console.say(
        "no detector of pairs: it takes the witness, attacks with targets, and two pictures of a person"
      )
      return 0
    }
    try publish(
      PairDetector.modelName, try pairs.file(), PairShape(), training.pairs,
      metrics: ["offset": pairs.offset, "slope": pairs.slope],
      seed: pairs.claim.options.seed, madeWith: input.modelNames + [AdversarialDetector.modelName])
    try tell(training.pairs, "pairs")
    return 0
  }

  /// Writes a model and its entry in the manifest.
  private func publish(
    _ name: String, _ file: SafeTensorsFile, _ shape: some Encodable,
    _ thresholds: DetectorTraining.Thresholds, metrics: [String: Double], seed: UInt32,
    madeWith others: [String], removing obsolete: String? = nil
  ) throws {
    let bytes = try file.bytes()
    let folder = input.models.path
    try Publication.write(
      ModelEntry(
        name: name, file: "\(name).safetensors", contents: bytes,
        architecture: try Dictionary(describing: shape), trainingData: told,
        command: Invocation.text(of: ["train", "detector"] + words), seed: UInt64(seed),
        metrics: metrics, operatingPoints: thresholds.points, license: Invocation.weightsLicense,
        notes: "thresholds are probabilities of tampering; above is adversarial",
        madeWith: try ModelManifest(folder: folder).sums(of: others)),
      bytes, into: folder, removing: obsolete)
  }

  private func tell(_ thresholds: DetectorTraining.Thresholds, _ what: String) throws {
    for point in thresholds.points {
      try Output.line(
        "\(what), \(point.name): probability > \(point.threshold), APCER \(point.apcer ?? .nan)")
    }
    for refusal in thresholds.refusals { Console.say("\(what): \(refusal)") }
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

  /// The same of a pair's detector.
  private struct PairShape: Encodable {
    let checks = ["pictures", "claim"]
  }
}
