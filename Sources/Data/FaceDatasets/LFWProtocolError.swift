/// Why a list of pairs cannot be read; `line` counts from 1.
public enum LFWProtocolError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file cannot be read.
  case unreadable(file: String)
  /// The first line is neither `pairs` nor `folds⇥pairs`.
  case wrongHeader(file: String, found: String)
  /// A line does not name two pictures.
  case wrongLine(file: String, line: Int, expectsSame: Bool, found: String)
  /// A line pairs a picture with itself, or calls one person two.
  case impossiblePair(file: String, line: Int, found: String)
  /// The file has another number of pairs than its first line says.
  case wrongCount(file: String, expected: Int, found: Int)

  public var description: String {
    switch self {
    case .unreadable(let file): "'\(file)' does not exist or is not readable"
    case .wrongHeader(let file, let found):
      "'\(file)' starts with '\(found)'; expected a number of pairs, or folds and pairs per fold"
    case .wrongLine(let file, let line, let expectsSame, let found):
      "line \(line) of '\(file)' is '\(found)'; expected "
        + (expectsSame ? "'name number number'" : "'name number name number'")
    case .impossiblePair(let file, let line, let found):
      "line \(line) of '\(file)' is '\(found)'; expected two different pictures, of one person in "
        + "the first half of a fold and of two in the second"
    case .wrongCount(let file, let expected, let found):
      "'\(file)' has \(found) pairs; its first line promises \(expected)"
    }
  }
}
