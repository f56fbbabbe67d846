/// The declaration of an option: a word that begins with a dash.
public struct CommandOption: Equatable, Sendable {
  /// The name with its dashes, for example `--theta` or `-o`.
  public let name: String
  /// The word for its value in help and messages; nil for a flag.
  public let valueName: String?
  /// What the option does, a clause without full stop.
  public let help: String
  /// The value that stands where the option is absent; shown in the help.
  public let defaultValue: String?
  /// Whether its absence is an error.
  public let isRequired: Bool
  /// Whether it may be given several times.
  public let isRepeatable: Bool
  /// The form of the value, as it stands after "expected"; empty where the declaration does not say.
  public var expected = ""
  /// The option without which this one is of no use and therefore refused.
  public var needed: String?

  /// Declares an option without value.
  public static func flag(_ name: String, _ help: String, needs needed: String? = nil)
    -> CommandOption
  {
    var option = CommandOption(
      name: name, valueName: nil, help: help, defaultValue: nil, isRequired: false,
      isRepeatable: false)
    option.needed = needed
    return option
  }

  /// Declares an option with a value: `--name VALUE` or `--name=VALUE`.
  public static func value(
    _ name: String, _ valueName: String, _ help: String, default defaultValue: String? = nil,
    isRequired: Bool = false, isRepeatable: Bool = false, needs needed: String? = nil
  ) -> CommandOption {
    precondition(!isRequired || defaultValue == nil, "required option '\(name)' has a default")
    var option = CommandOption(
      name: name, valueName: valueName, help: help, defaultValue: defaultValue,
      isRequired: isRequired, isRepeatable: isRepeatable)
    option.needed = needed
    return option
  }

  private init(
    name: String, valueName: String?, help: String, defaultValue: String?, isRequired: Bool,
    isRepeatable: Bool
  ) {
    let isShort = name.count == 2 && name.hasPrefix("-") && name != "--"
    let isLong = name.count > 3 && name.hasPrefix("--") && !name.contains("=")
    precondition(isShort || isLong, "option name '\(name)' is neither '-x' nor '--word'")
    precondition(!["-h", "--help"].contains(name), "'\(name)' is every command's own")
    (self.name, self.valueName, self.help) = (name, valueName, help)
    (self.defaultValue, self.isRequired) = (defaultValue, isRequired)
    self.isRepeatable = isRepeatable
  }

  /// The option as it is written: `--theta T`.
  var form: String { valueName.map { "\(name) \($0)" } ?? name }
}
