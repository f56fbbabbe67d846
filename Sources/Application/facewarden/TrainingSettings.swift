import CommandLineArguments
import Embedders
import FaceFinding
import Foundation
import Reconstruction
import Screening
import Training

/// What each training of f_C, f_V, A and G is told beside its own settings: whose faces, and where
/// things lie.
struct TrainingSettings {
  /// Folders and tars of labelled faces.
  let sources: [String]
  /// The model's name.
  let name: String
  /// Where the training is kept while it runs, and the folder of the models.
  let statePath, models: String
  /// The share of people kept out of training, and which they are.
  let heldOut: Double
  let heldOutSeed: UInt64
  /// Where all randomness comes from.
  let seed: UInt64
  /// When the state is written.
  let checkpoints: CheckpointTimes
  /// Whether the state is published as it is.
  let isPublishedAsIs: Bool

  /// Names that belong to one kind of model.
  private static let embedders = [FaceEmbedder.modelName, "f_v"]
  private static let others = [
    FaceReconstructor.modelName, AdversarialDetector.modelName, PairDetector.modelName,
    FaceDetector.modelName,
  ]

  /// The state's path without its extension: the beginning of the names of what lies beside it.
  var stem: String { (statePath as NSString).deletingPathExtension }

  /// How the training runs, and what it leaves a line of progress in.
  func loop(log: TrainingLog) -> TrainingLoop { checkpoints.loop(statePath, log: log) }

  /// Reads the settings of a training.
  ///
  /// - `name`, `state`: the model's name and its state's, without extension, if they are not given.
  /// - Throws: `UsageError`, also for a name that belongs to another kind of model.
  init(_ arguments: Arguments, name standard: String, state: String) throws {
    sources = try arguments.all("--data", .text)
    name = try arguments.optional("--name", .modelName) ?? standard
    let isEmbedder = Self.embedders.contains(standard)
    let taken = isEmbedder ? Self.others : Self.embedders + Self.others
    guard name == standard || !taken.contains(name) else {
      throw UsageError.invalidValue(
        name: "option '--name'", value: name, expected: "a name that no other kind of model has")
    }
    statePath =
      arguments.text("--state") ?? "runs/\(name == standard ? state : name).state"
    models = arguments.modelsFolder
    heldOut = try arguments.optional("--held-out", .number(in: 0...0.5)) ?? 0.03
    heldOutSeed = try arguments.optional("--held-out-seed", .unsignedInteger) ?? 1
    seed = try arguments.optional("--seed", .unsignedInteger) ?? 1
    checkpoints = try CheckpointTimes(arguments)
    isPublishedAsIs = arguments.flag("--publish")
  }
}

/// When a training's state is written.
struct CheckpointTimes {
  static let options: [CommandOption] = [
    .value(
      "--checkpoint-steps", "N",
      "Steps between writes of the state, to which a training that breaks down may go back; 200 if "
        + "not given."),
    .value(
      "--checkpoint-seconds", "N",
      "Seconds after which the state is also written in between; 180 if not given."),
  ]

  private let steps: Int
  private let seconds: Double

  init(_ arguments: Arguments) throws {
    steps =
      try arguments.optional("--checkpoint-steps", .integer(in: 1...1_000_000))
      ?? TrainingLoop.standardCheckpointSteps
    seconds = try arguments.optional("--checkpoint-seconds", .number(in: 1...86_400)) ?? 180
  }

  /// The loop of a training whose state is at `path`.
  func loop(_ path: String, log: TrainingLog) -> TrainingLoop {
    TrainingLoop(checkpointPath: path, checkpointSteps: steps, interval: seconds, log: log)
  }
}

extension Arguments {
  /// Reads a number into a setting, if it is given.
  func read(_ name: String, in range: ClosedRange<Double>, into value: inout Float) throws {
    if let number = try optional(name, .number(in: range)) { value = Float(number) }
  }
}
