public import Checkpoints
public import FaceDatasets
private import Foundation
public import SeededRandom
public import Tensors

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

extension EmbedderTrainer {
  /// Trains to the end, or until `shouldStop` says so.
  ///
  /// - Parameters:
  ///   - data: the people to tell apart.
  ///   - augmentation: how faces vary.
  ///   - path: where the state is kept: written atomically every `interval` seconds and at the end.
  ///   - progress: called every `reportSteps` steps.
  /// - Throws: what reading pictures or writing files throws.
  public mutating func run(
    on data: IdentityDataset, augmentation: FaceAugmentation, checkpoint path: String,
    interval: Double = 180, reportSteps: Int = 25, progress: (TrainingProgress) -> Void,
    shouldStop: () -> Bool = { false }
  ) throws {
    var order = EpochOrder(count: data.count, batch: training.batch, seed: training.seed)
    let total = order.stepsPerEpoch * training.epochs
    let (start, first) = (Date(), steps)
    var saved = start
    var sums = (loss: 0.0, accuracy: 0.0, count: 0)
    while steps < total && !shouldStop() {
      let indices = order.indices(ofStep: steps)
      let pictures = try data.tensor(
        indices, augmentation: augmentation, using: order.generator(ofStep: steps))
      let report = step(
        pictures: pictures, labels: indices.map { data.labels[$0] }, of: total)
      sums.loss += Double(report.loss)
      sums.accuracy += Double(report.accuracy)
      sums.count += 1
      let now = Date()
      if steps % reportSteps == 0 || steps == total {
        let seconds = max(1e-9, now.timeIntervalSince(start))
        let speed = Double(steps - first) / seconds
        progress(
          TrainingProgress(
            step: steps, total: total, rate: speed * Double(training.batch),
            secondsLeft: Double(total - steps) / speed,
            values: [
              ("loss", sums.loss / Double(sums.count)),
              ("accuracy", sums.accuracy / Double(sums.count)),
              ("learning_rate", Double(report.learningRate)),
            ]))
        sums = (0, 0, 0)
      }
      if now.timeIntervalSince(saved) >= interval {
        try checkpoint().write(to: path)
        saved = now
      }
    }
    try checkpoint().write(to: path)
  }
}

extension IdentityDataset {
  /// Varied faces as a tensor, (batch, 128, 128, 3) in −1…1.
  public func tensor(
    _ indices: [Int], augmentation: FaceAugmentation, using generator: SplitMix64
  ) throws -> Tensor {
    var failure: (any Error)?
    let result = Tensor(shape: [indices.count, 128, 128, 3]) { target in
      let buffer = UnsafeMutableBufferPointer(
        start: target, count: indices.count * 128 * 128 * 3)
      do {
        try batch(indices, augmentation: augmentation, generator: generator, into: buffer)
      } catch { failure = error }
    }
    if let failure { throw failure }
    return result
  }
}
