/// Why nothing can be learned from these features.
public enum SupportVectorMachineError: Error, Equatable, CustomStringConvertible {
  /// A feature is NaN or infinite.
  case notFinite(row: Int, column: Int)
  /// A decision value is NaN or infinite.
  case decisionValueNotFinite(index: Int)
  /// Fewer than one example of a class.
  case emptyClass(isAdversarial: Bool, fold: Int?)
  /// Fewer than two folds.
  case tooFewFolds(found: Int)
  /// The grid of costs is empty.
  case noCosts
  /// The library refused the problem, in its own words.
  case refused(reason: String)

  public var description: String {
    switch self {
    case .notFinite(let row, let column):
      "feature \(column) of example \(row) is not finite; expected a number"
    case .decisionValueNotFinite(let index):
      "decision value \(index) is not finite; expected a number"
    case .emptyClass(let isAdversarial, let fold):
      "no \(isAdversarial ? "adversarial" : "bona fide") examples"
        + (fold.map { " outside fold \($0)" } ?? "") + "; expected at least 1"
    case .tooFewFolds(let found): "\(found) folds; expected at least 2"
    case .noCosts: "no costs to choose from; expected at least 1"
    case .refused(let reason): "the solver refused the problem: \(reason)"
    }
  }
}
