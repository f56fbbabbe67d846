/// Why a training cannot be continued from a file.
public enum TrainingStateError: Error, Equatable, CustomStringConvertible {
  /// The file describes no training of this kind.
  case notATraining(path: String, expected: String)
  /// The file's training has other settings than those asked for.
  case otherSettings(path: String)
  /// The file's training has seen another number of people.
  case otherPeople(path: String, expected: Int, found: Int)
  /// A loss was infinite or not a number.
  case diverged(step: Int)

  public var description: String {
    switch self {
    case .notATraining(let path, let expected):
      "'\(path)' is no state of \(expected) training"
    case .otherSettings(let path):
      "'\(path)' was trained with other settings; give the same ones, or another folder"
    case .otherPeople(let path, let expected, let found):
      "'\(path)' was trained on \(found) people, the data has \(expected)"
    case .diverged(let step):
      "a loss was no longer finite at step \(step); the last state on disk is from before"
    }
  }
}

/// More steps than any training takes; far below what overflows.
package let mostTrainingSteps = 1 << 40
