/// Scores of two classes, from which every error rate follows.
///
/// | task         | positive (target)         | negative                    | miss  | false alarm |
/// |--------------|---------------------------|-----------------------------|-------|-------------|
/// | verification | mated pair, same person   | non-mated pair              | FNMR  | FMR         |
/// | detection    | adversarial picture       | bona fide picture           | APCER | BPCER       |
///
/// The direction of the scale is given once, at creation; thresholds and scores that go in and come
/// out are always on the caller's own scale.
public struct LabelledScores: Sendable {
  /// Which end of the scale is positive.
  public let direction: ScoreDirection
  /// The positive scores so oriented that larger is positive, ascending.
  let positives: [Double]
  /// The negative scores, oriented likewise, ascending.
  let negatives: [Double]

  /// Collects the scores of both classes.
  ///
  /// - Throws: ``MetricsError`` if a class is empty or a score is not finite; the index counts
  ///   positives first.
  public init(
    positives: [Double], negatives: [Double], direction: ScoreDirection
  ) throws(MetricsError) {
    guard !positives.isEmpty else { throw .emptyClass("positive") }
    guard !negatives.isEmpty else { throw .emptyClass("negative") }
    if let index = (positives + negatives).firstIndex(where: { !$0.isFinite }) {
      throw .notFinite(index: index)
    }
    self.direction = direction
    self.positives = positives.map(direction.oriented).sorted()
    self.negatives = negatives.map(direction.oriented).sorted()
  }

  /// Collects scores with a label each; true is positive.
  ///
  /// - Precondition: as many labels as scores.
  /// - Throws: ``MetricsError`` if a class is empty or a score is not finite.
  public init(
    scores: [Double], labels: [Bool], direction: ScoreDirection
  ) throws(MetricsError) {
    precondition(scores.count == labels.count, "\(scores.count) scores, \(labels.count) labels")
    if let index = scores.firstIndex(where: { !$0.isFinite }) { throw .notFinite(index: index) }
    let pairs = zip(scores, labels)
    try self.init(
      positives: pairs.filter { $0.1 }.map(\.0), negatives: pairs.filter { !$0.1 }.map(\.0),
      direction: direction)
  }

  /// The number of positive scores.
  public var positiveCount: Int { positives.count }

  /// The number of negative scores.
  public var negativeCount: Int { negatives.count }

  /// Returns the share of positives that `threshold` decides as negative.
  public func missRate(at threshold: Double) -> ErrorRate {
    let errors = positives.count(upTo: direction.oriented(threshold))
    return ErrorRate(errors: errors, trials: positives.count)
  }

  /// Returns the share of negatives that `threshold` decides as positive.
  public func falseAlarmRate(at threshold: Double) -> ErrorRate {
    let accepted = negatives.count - negatives.count(upTo: direction.oriented(threshold))
    return ErrorRate(errors: accepted, trials: negatives.count)
  }

  /// Returns the share of all scores that `threshold` decides rightly.
  public func accuracy(at threshold: Double) -> Double {
    let errors = missRate(at: threshold).errors + falseAlarmRate(at: threshold).errors
    return 1 - Double(errors) / Double(positives.count + negatives.count)
  }

  /// Returns one minus the mean of both error rates; 0.5 is chance.
  public func balancedAccuracy(at threshold: Double) -> Double {
    1 - (missRate(at: threshold).value + falseAlarmRate(at: threshold).value) / 2
  }
}

extension [Double] {
  /// The number of elements of an ascending array that are at most `bound`.
  func count(upTo bound: Double) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if self[middle] <= bound { low = middle + 1 } else { high = middle }
    }
    return low
  }
}
