public import Checkpoints
private import Foundation

/// A training whose state can be written to a file and continued from it.
public protocol ResumableTraining {
  /// Steps taken.
  var steps: Int { get }
  /// Pictures a step.
  var picturesPerStep: Int { get }
  /// Everything that the next step depends on, but the data.
  func checkpoint() throws -> SafeTensorsFile
}

/// What a training tells while it runs.
public struct TrainingProgress: Sendable {
  /// Steps taken and steps in all.
  public let step, total: Int
  /// Pictures a second since this run began.
  public let rate: Double
  /// Seconds left at that rate.
  public let secondsLeft: Double
  /// Averages since the last report, by name.
  public let values: [(name: String, value: Double)]
}

/// Repeats a training's step, reports, and writes its state.
///
/// The state is written after every ``checkpointSteps`` steps, when the training ends or is stopped, and
/// in between by the clock. Only the writes after so many steps are the same in every run, so only they,
/// and the last, may be the occasion of anything that a run leaves behind.
public struct TrainingLoop: Sendable {
  /// Where the state is kept; written atomically.
  public var checkpointPath: String
  /// Steps between two writes of the state.
  public var checkpointSteps: Int
  /// Seconds after which the state is also written between those, so that little work is lost.
  public var interval: Double
  /// Steps between two reports.
  public var reportSteps: Int
  /// Where each report leaves a line; none if nil.
  public var log: TrainingLog?
  /// The most batches that are made before their step, by processors that are idle. They are no part of
  /// the state, and change nothing in it.
  public var batchesAhead: Int

  /// Steps between two writes of the state if no other number is given.
  public static let standardCheckpointSteps = 200

  /// Creates a loop.
  public init(
    checkpointPath: String, checkpointSteps: Int = Self.standardCheckpointSteps,
    interval: Double = 180, reportSteps: Int = 25, log: TrainingLog? = nil, batchesAhead: Int = 2
  ) {
    self.batchesAhead = max(0, batchesAhead)
    (self.checkpointPath, self.interval, self.log) = (checkpointPath, interval, log)
    (self.checkpointSteps, self.reportSteps) = (max(1, checkpointSteps), max(1, reportSteps))
  }

  /// Runs `step` until `total` steps are taken or `shouldStop` says so.
  ///
  /// The log of a training that was ended and continued any number of times is that of one left
  /// alone, byte for byte: lines of steps that the state does not know are removed at the start, and
  /// what was measured since the last report is kept in the state.
  ///
  /// - `milestone`: called before the state of every ``checkpointSteps`` steps is written; a process
  ///   that is ended in between calls it again for the same step.
  /// - `saved`: called after the state of every ``checkpointSteps`` steps, and of the last one, is written.
  /// - `step`: takes one step and returns what it measured, the same names each time.
  /// - Throws: what `step` throws, ``TrainingStateError/diverged(step:)`` if a value is not finite,
  ///   and what writing the state and the log throws. The state on disk is then the last good one.
  public func run<Training: ResumableTraining>(
    _ training: inout Training, total: Int, progress: (TrainingProgress) -> Void,
    shouldStop: () -> Bool = { false }, milestone: (Training) throws -> Void = { _ in },
    saved: (Training) throws -> Void = { _ in },
    step: (inout Training) throws -> [(name: String, value: Double)]
  ) throws {
    let (start, first) = (Date(), training.steps)
    var lastSave = start
    var window = ProgressWindow(ofStep: training.steps, state: checkpointPath)
    try log?.truncate(toStep: training.steps)
    func save() throws {
      try window.added(to: training.checkpoint(), step: training.steps).write(to: checkpointPath)
    }
    while training.steps < total && !shouldStop() {
      let values = try step(&training)
      guard values.allSatisfy({ $0.value.isFinite }) else {
        throw TrainingStateError.diverged(step: training.steps)
      }
      window.add(values.map(\.value))
      let now = Date()
      if training.steps % reportSteps == 0 || training.steps == total {
        let speed = Double(training.steps - first) / max(1e-9, now.timeIntervalSince(start))
        let report = TrainingProgress(
          step: training.steps, total: total, rate: speed * Double(training.picturesPerStep),
          secondsLeft: Double(total - training.steps) / speed,
          values: zip(values, window.means).map { ($0.name, $1) })
        window = ProgressWindow()
        try log?.append(report)
        progress(report)
      }
      if training.steps % checkpointSteps == 0 && training.steps < total {
        try milestone(training)
        try save()
        try saved(training)
        lastSave = now
      } else if now.timeIntervalSince(lastSave) >= interval {
        try save()
        lastSave = now
      }
    }
    try save()
    if training.steps >= total { try saved(training) }
  }
}
