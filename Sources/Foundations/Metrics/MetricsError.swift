/// Why scores do not support the number that was asked for.
public enum MetricsError: Error, Equatable, CustomStringConvertible {
  /// A score is NaN or infinite.
  case notFinite(index: Int)
  /// One of the two classes has no scores.
  case emptyClass(String)
  /// Fewer scores than the error rate needs.
  case tooFewScores(className: String, rate: Double, needed: Int, found: Int)
  /// A fold has no scores, or the folds are fewer than two.
  case unusableFolds(reason: String)

  public var description: String {
    switch self {
    case .notFinite(let index): "score \(index) is not finite; expected a number"
    case .emptyClass(let name): "no \(name) scores; expected at least 1"
    case .tooFewScores(let name, let rate, let needed, let found):
      "\(found) \(name) scores cannot support an error rate of \(rate); expected at least \(needed)"
    case .unusableFolds(let reason): "the folds cannot be used: \(reason)"
    }
  }
}
