/// Options that a file gives, without the dashes of their names.
public struct Configuration: Equatable, Sendable {
  /// What a member of the file says.
  public enum Value: Equatable, Sendable {
    /// Whether a flag is given.
    case flag(Bool)
    /// The values of an option: one, or several of one that may be repeated.
    case words([String])
  }

  /// Where the options come from, for messages.
  public let source: String
  /// The options, in the order in which they are read.
  public let members: [(name: String, value: Value)]

  /// Creates a configuration.
  public init(source: String, members: [(name: String, value: Value)]) {
    (self.source, self.members) = (source, members)
  }

  /// The option that names the file of a configuration.
  public static let option = CommandOption.value(
    "--config", "FILE",
    "A JSON object of these options without their dashes, {\"seed\": 1, …}; those on the command line "
      + "win.")

  /// Reads no configuration: the program has none.
  public static func refused(_ path: String) throws(UsageError) -> Configuration {
    throw .conflict("'\(path)' cannot be read: this program takes no configuration")
  }

  public static func == (first: Configuration, second: Configuration) -> Bool {
    first.source == second.source && first.members.elementsEqual(second.members, by: ==)
  }
}

extension Command {
  /// The same command with the option that names a configuration; as it is if it has no options.
  public var configurable: Command {
    guard !options.isEmpty else { return self }
    return Command(
      name, summary, discussion: discussion, positionals: positionals,
      options: options + [Configuration.option])
  }
}
