/// What is wrong with a command line, naming the offending word and the expected form.
///
/// The caller prints `error: ` and the description to standard error and exits with 64.
public enum UsageError: Error, Equatable, CustomStringConvertible {
  /// No command was given.
  case missingCommand(group: String?, known: [String])
  /// There is no such command.
  case unknownCommand(String, nearest: String?, known: [String])
  /// The command has no such option.
  case unknownOption(String, nearest: String?)
  /// An option that takes one value was given twice.
  case duplicateOption(String)
  /// An option that needs a value was given none.
  case missingValue(option: String, valueName: String)
  /// A flag was given a value.
  case unexpectedValue(flag: String, value: String)
  /// A required option is absent.
  case missingOption(String, valueName: String)
  /// A required positional argument is absent.
  case missingArgument(String)
  /// There are more positional arguments than the command takes.
  case unexpectedArgument(String)
  /// A value is not of the expected form.
  case invalidValue(name: String, value: String, expected: String)
  /// An option is of use only with another one, which is absent.
  case useless(String, without: String)
  /// A configuration has a member that no option of the command is named by.
  case unknownMember(String, source: String, nearest: String?)
  /// Arguments that are right by themselves do not go together; for the command's own checks.
  case conflict(String)

  public var description: String {
    switch self {
    case .missingCommand(let group, let known):
      "missing command\(group.map { " after '\($0)'" } ?? ""); expected \(oneOf(known))"
    case .unknownCommand(let name, let nearest, let known):
      "unknown command '\(name)'; \(nearest.map { "did you mean '\($0)'?" } ?? "expected \(oneOf(known))")"
    case .unknownOption(let name, let nearest):
      "unknown option '\(name)'" + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    case .duplicateOption(let name): "option '\(name)' is given twice; expected once"
    case .missingValue(let option, let valueName):
      "option '\(option)' has no value; expected '\(option) \(valueName)'"
    case .unexpectedValue(let flag, let value):
      "flag '\(flag)' takes no value, but has '\(value)'; expected '\(flag)' alone"
    case .missingOption(let name, let valueName):
      "missing option '\(name)'; expected '\(name) \(valueName)'"
    case .missingArgument(let name): "missing argument \(name)"
    case .unexpectedArgument(let token): "unexpected argument '\(token)'"
    case .invalidValue(let name, let value, let expected):
      "\(name) has value '\(value)'; expected \(expected)"
    case .useless(let option, let needed): "'\(option)' is of use with '\(needed)' only"
    case .unknownMember(let name, let source, let nearest):
      "'\(name)' in '\(source)' names no option of the command"
        + (nearest.map { "; did you mean '\($0)'?" } ?? "")
    case .conflict(let reason): reason
    }
  }
}

/// The names as a phrase: `one of a, b, c`.
func oneOf(_ names: [String]) -> String {
  names.count == 1 ? "'\(names[0])'" : "one of \(names.joined(separator: ", "))"
}
