import CommandLineArguments
import Foundation
import Training

/// Where a training is kept while it runs, how often it is written, and whether it goes on at all.
struct TrainingPlace: CommandSettings {
  /// The state's path, if it is not the usual one.
  var given: String?
  private var steps = TrainingLoop.standardCheckpointSteps
  private var seconds = 180.0
  /// Whether the state is published as it is.
  private(set) var isPublishedAsIs = false

  /// The declarations but that of the state's path, whose help is each training's own.
  static let settings: [Setting<Self>] = [
    .flag(
      "--publish",
      "Publishes the state as it is, for use or as a beginning, and trains no further.",
      \.isPublishedAsIs, isRecorded: false),
    .value(
      "--checkpoint-steps", "N",
      "Steps between writes of the state, to which a training that breaks down may go back.",
      \.steps, .integer(in: 1...1_000_000)),
    .value(
      "--checkpoint-seconds", "N", "Seconds after which the state is also written in between.",
      \.seconds, .number(in: 1...86_400), isRecorded: false),
  ]

  /// The declaration of the state's path.
  ///
  /// - `usual`: the path if none is given.
  static func state(usual: String) -> Setting<Self> {
    .optional(
      "--state", "FILE",
      "Where the training is kept while it runs, and continued from; \(usual) if not given.",
      \.given, .text, isRecorded: false)
  }

  /// The loop of a training whose state is at `path`, and what it leaves a line of progress in.
  func loop(_ path: String, log: TrainingLog) -> TrainingLoop {
    TrainingLoop(checkpointPath: path, checkpointSteps: steps, interval: seconds, log: log)
  }
}
