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

/// Repeats a training's step, reports, and writes its state every few minutes.
public struct TrainingLoop: Sendable {
  /// Where the state is kept; written atomically.
  public var checkpointPath: String
  /// Seconds between two writes of the state.
  public var interval: Double
  /// Steps between two reports.
  public var reportSteps: Int

  /// Creates a loop.
  public init(checkpointPath: String, interval: Double = 180, reportSteps: Int = 25) {
    (self.checkpointPath, self.interval) = (checkpointPath, interval)
    self.reportSteps = max(1, reportSteps)
  }

  /// Runs `step` until `total` steps are taken or `shouldStop` says so.
  ///
  /// - `saved`: called after each write of the state.
  /// - `step`: takes one step and returns what it measured, the same names each time.
  /// - Throws: what `step` throws, ``TrainingStateError/diverged(step:)`` if a value is not finite,
  ///   and what writing the state throws. The state on disk is then the last good one.
  public func run<Training: ResumableTraining>(
    _ training: inout Training, total: Int, progress: (TrainingProgress) -> Void,
    shouldStop: () -> Bool = { false }, saved: (Training) throws -> Void = { _ in },
    step: (inout Training) throws -> [(name: String, value: Double)]
  ) throws {
    let (start, first) = (Date(), training.steps)
    var lastSave = start
    var sums: [Double] = []
    var count = 0
    while training.steps < total && !shouldStop() {
      let values = try step(&training)
      guard values.allSatisfy({ $0.value.isFinite }) else {
        throw TrainingStateError.diverged(step: training.steps)
      }
      sums = sums.isEmpty ? values.map(\.value) : zip(sums, values).map { $0 + $1.value }
      count += 1
      let now = Date()
      if training.steps % reportSteps == 0 || training.steps == total {
        let speed = Double(training.steps - first) / max(1e-9, now.timeIntervalSince(start))
        progress(
          TrainingProgress(
            step: training.steps, total: total, rate: speed * Double(training.picturesPerStep),
            secondsLeft: Double(total - training.steps) / speed,
            values: zip(values, sums).map { ($0.name, $1 / Double(count)) }))
        (sums, count) = ([], 0)
      }
      if now.timeIntervalSince(lastSave) >= interval {
        try training.checkpoint().write(to: checkpointPath)
        try saved(training)
        lastSave = now
      }
    }
    try training.checkpoint().write(to: checkpointPath)
    try saved(training)
  }
}
