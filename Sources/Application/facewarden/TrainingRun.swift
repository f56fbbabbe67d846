import Checkpoints
import Experiments
import Foundation
import Reports
import Training

/// A training as a command runs it: begun or continued, with its log and curves, stopped by a signal,
/// published at its end or as it is.
struct TrainingRun<Trainer: ResumableTraining> {
  /// Where the state is kept, and how often it is written.
  let place: TrainingPlace
  /// The state's path.
  let path: String
  /// Steps in all.
  let total: Int
  /// Begins a training.
  let begin: () throws -> Trainer
  /// Continues the training of a state; refuses one with other settings.
  let resume: (SafeTensorsFile) throws -> Trainer
  /// Called before the first step of this run.
  var began: (Trainer) throws -> Void = { _ in }
  /// Trains.
  let train: (inout Trainer, Callbacks) throws -> Void
  /// Called after the state of a milestone and the learning curves are written.
  var saved: (Trainer) throws -> Void = { _ in }
  /// Publishes what came of it.
  let publish: (Trainer) throws -> Void

  /// What a training is given to run by.
  struct Callbacks {
    /// The loop.
    let loop: TrainingLoop
    /// To be called with each report.
    let progress: (TrainingProgress) -> Void
    /// Whether to stop.
    let shouldStop: () -> Bool
    /// To be called once the state of a milestone is written.
    let saved: (Trainer) throws -> Void
  }

  /// Trains and publishes.
  ///
  /// - Returns: the exit status; 2 if it was stopped before its end.
  /// - Throws: what the closures throw.
  func callAsFunction() throws -> Int32 {
    var trainer = try trainer()
    guard !place.isPublishedAsIs else {
      try publish(trainer)
      return 0
    }
    let stem = (path as NSString).deletingPathExtension
    let log = TrainingLog(path: stem + ".log.jsonl")
    try began(trainer)
    let callbacks = Callbacks(
      loop: place.loop(path, log: log), progress: Console.progress,
      shouldStop: { Interruption.isRequested },
      saved: { trainer in
        try LearningCurves(try log.entries()).write(beside: stem)
        try saved(trainer)
      })
    try train(&trainer, callbacks)
    Console.endProgress()
    guard !Interruption.isRequested || trainer.steps >= total else {
      Console.say("stopped at step \(trainer.steps); the same command continues")
      return 2
    }
    try publish(trainer)
    return 0
  }

  private func trainer() throws -> Trainer {
    guard FileManager.default.fileExists(atPath: path) else {
      guard !place.isPublishedAsIs else {
        throw CheckpointError.unreadable(
          path: path, reason: "no such state; expected one to publish")
      }
      let folder = (path as NSString).deletingLastPathComponent
      if !folder.isEmpty { try OutputFolder.make(folder) }
      return try begin()
    }
    let trainer = try resume(SafeTensorsFile(path: path))
    Console.say("continuing at step \(trainer.steps)")
    return trainer
  }
}
