/// What is wrong with a command line.
public enum UsageError: Error, Equatable, CustomStringConvertible {
  /// No option is spelled like this.
  case unknownOption(String, nearest: String?)
  /// No command has this name.
  case unknownCommand(String, nearest: String?)
  /// The option needs a value.
  case missingValue(option: String)
  /// The flag takes no value.
  case unexpectedValue(option: String)
  /// The option stands twice.
  case repeatedOption(String)
  /// The option has to be given.
  case missingOption(String)
  /// Two options exclude each other, or one needs another.
  case conflict(String)
  /// An operand is missing.
  case missingOperand(String)
  /// There is one operand too many.
  case extraOperand(String)
  /// The value cannot be read.
  case badValue(option: String, value: String, expected: String)

  public var description: String {
    switch self {
    case .unknownOption(let name, let nearest):
      "unknown option '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    case .unknownCommand(let name, let nearest):
      "unknown command '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    case .missingValue(let option): "option '\(option)' needs a value"
    case .unexpectedValue(let option): "option '\(option)' takes no value"
    case .repeatedOption(let option): "option '\(option)' is given twice"
    case .missingOption(let option): "option '\(option)' is required"
    case .conflict(let sentence): sentence
    case .missingOperand(let name): "missing operand \(name)"
    case .extraOperand(let text): "unexpected operand '\(text)'"
    case .badValue(let option, let value, let expected):
      "'\(value)' is no value for '\(option)': expected \(expected)"
    }
  }
}

/// The candidate with the fewest edits, if they are few.
public func nearest(to word: String, among candidates: [String]) -> String? {
  let best = candidates.map { (distance(word, $0), $0) }.min { $0.0 < $1.0 }
  guard let best, best.0 <= max(2, word.count / 3) else { return nil }
  return best.1
}

/// Levenshtein's distance.
private func distance(_ a: String, _ b: String) -> Int {
  let (a, b) = (Array(a), Array(b))
  var row = Array(0...b.count)
  for i in a.indices {
    var diagonal = row[0]
    row[0] = i + 1
    for j in b.indices {
      let above = row[j + 1]
      row[j + 1] = min(above + 1, row[j] + 1, diagonal + (a[i] == b[j] ? 0 : 1))
      diagonal = above
    }
  }
  return row[b.count]
}
