/// The accuracy of a threshold on folds that did not choose it: the protocol of LFW's View 2.
///
/// Each fold is decided with the most accurate threshold of all other folds.
///
/// Reference: Huang et al., "Labeled Faces in the Wild", 2007, section IV.
public struct CrossValidatedAccuracy: Equatable, Sendable {
  /// The accuracy of each fold, in ascending order of the fold numbers.
  public let accuracies: [Double]
  /// The threshold chosen for each fold, on the caller's scale.
  public let thresholds: [Double]

  /// Decides each fold with the threshold of the others.
  ///
  /// - Precondition: as many labels and folds as scores.
  /// - Throws: ``MetricsError`` if there are fewer than two folds, or the other folds of one lack
  ///   a class, or a score is not finite.
  public init(
    scores: [Double], labels: [Bool], folds: [Int], direction: ScoreDirection
  ) throws(MetricsError) {
    precondition(
      scores.count == labels.count && scores.count == folds.count,
      "\(scores.count) scores, \(labels.count) labels, \(folds.count) folds")
    if let index = scores.firstIndex(where: { !$0.isFinite }) { throw .notFinite(index: index) }
    let numbers = Set(folds).sorted()
    guard numbers.count >= 2 else {
      throw .unusableFolds(reason: "found \(numbers.count); expected at least 2")
    }
    var (accuracies, thresholds): ([Double], [Double]) = ([], [])
    for fold in numbers {
      let others = scores.indices.filter { folds[$0] != fold }
      let own = scores.indices.filter { folds[$0] == fold }
      let threshold = try LabelledScores(
        scores: others.map { scores[$0] }, labels: others.map { labels[$0] }, direction: direction
      ).mostAccurateThreshold.threshold
      let correct = own.count {
        direction.isPositive(scores[$0], threshold: threshold) == labels[$0]
      }
      accuracies.append(Double(correct) / Double(own.count))
      thresholds.append(threshold)
    }
    (self.accuracies, self.thresholds) = (accuracies, thresholds)
  }

  /// The mean accuracy over folds.
  public var mean: Double { accuracies.reduce(0, +) / Double(accuracies.count) }

  /// The sample standard deviation over folds.
  public var standardDeviation: Double {
    let squares = accuracies.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    return (squares / Double(accuracies.count - 1)).squareRoot()
  }

  /// The standard error of the mean: the "±" of published LFW results.
  public var standardError: Double {
    standardDeviation / Double(accuracies.count).squareRoot()
  }
}
