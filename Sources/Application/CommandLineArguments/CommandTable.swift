/// A program's commands, and the choice among them.
///
/// Commands whose names share a first word form a group: `train` alone asks which.
public struct CommandTable: Equatable, Sendable {
  /// The program's name, as the user types it.
  public let program: String
  /// What the program does, a clause.
  public let summary: String
  /// The program's version.
  public let version: String
  /// The commands, in the order of the help.
  public let commands: [Command]

  /// Creates a table.
  ///
  /// - Precondition: there are commands, their names are unique, and none begins with another.
  public init(program: String, summary: String, version: String, commands: [Command]) {
    precondition(!commands.isEmpty, "a program without commands")
    for (place, command) in commands.enumerated() {
      for other in commands.indices where other != place {
        precondition(
          !"\(commands[other].name) ".hasPrefix("\(command.name) "),
          "command '\(command.name)' hides '\(commands[other].name)'")
      }
    }
    (self.program, self.summary) = (program, summary)
    (self.version, self.commands) = (version, commands)
  }

  /// What a command line asks of the program.
  public enum Selection: Equatable, Sendable {
    /// To print this help on standard output and succeed.
    case help(String)
    /// To print this version on standard output and succeed.
    case version(String)
    /// To run this command.
    case run(Command, Arguments)
  }

  /// Parses a whole command line without the program's own name.
  ///
  /// - `configuration`: reads the file that `--config` names.
  /// - Throws: ``UsageError``.
  public func select(
    _ tokens: [String],
    configuration: (String) throws(UsageError) -> Configuration = Configuration.refused
  ) throws(UsageError) -> Selection {
    guard let first = tokens.first else {
      throw .missingCommand(group: nil, known: names(after: []))
    }
    switch first {
    case "-h", "--help": return .help(help())
    case "--version": return .version("\(program) \(version)")
    case "help" where tokens == ["help", "--reference"]: return .help(reference())
    case "help" where tokens.count > 1: return try select(tokens.dropFirst() + ["--help"])
    case "help": return .help(help())
    default: break
    }
    if let command = command(of: tokens) {
      let rest = tokens.dropFirst(command.name.split(separator: " ").count)
      switch try command.parse(Array(rest), configuration: configuration) {
      case .help: return .help(command.help(program: program))
      case .run(let arguments): return .run(command, arguments)
      }
    }
    return try selectGroup(tokens)
  }

  /// Returns the line that points at the help that fits a command line with a mistake.
  public func hint(for tokens: [String]) -> String {
    let words = command(of: tokens).map { " \($0.name)" } ?? ""
    return "see '\(program)\(words) --help'"
  }

  /// Returns the help page that lists all commands, or those of one group.
  public func help(group: String? = nil) -> String {
    let listed = commands.filter { command in
      group.map { command.name.hasPrefix("\($0) ") } ?? true
    }
    return HelpText.page([
      "usage: \(program) \(group.map { "\($0) " } ?? "")COMMAND ...",
      group == nil ? HelpText.paragraphs(sentence(summary)) : "",
      HelpText.section("commands", listed.map { ($0.name, $0.summary) }),
      HelpText.section(
        "options",
        [("-h, --help", "show this help, or that of a command")]
          + (group == nil ? [("--version", "show the version")] : [])),
    ])
  }

  private func command(of tokens: [String]) -> Command? {
    commands.first { tokens.starts(with: $0.name.split(separator: " ").map(String.init)) }
  }

  /// Complains about, or helps with, words that name no command.
  private func selectGroup(_ tokens: [String]) throws(UsageError) -> Selection {
    var group: [String] = []
    for token in tokens {
      let known = names(after: group)
      if ["-h", "--help"].contains(token) {
        return .help(help(group: group.joined(separator: " ")))
      }
      guard known.contains(token) else {
        if token.hasPrefix("-"), !group.isEmpty {
          throw .missingCommand(group: group.joined(separator: " "), known: known)
        }
        throw token.hasPrefix("-")
          ? .unknownOption(token, nearest: nearestName(to: token, among: ["--help", "--version"]))
          : .unknownCommand(
            (group + [token]).joined(separator: " "),
            nearest: nearestName(to: token, among: known)
              .map { (group + [$0]).joined(separator: " ") }, known: known)
      }
      group.append(token)
    }
    throw .missingCommand(group: group.joined(separator: " "), known: names(after: group))
  }

  /// The words that may follow these, in the order of the table.
  private func names(after group: [String]) -> [String] {
    var names: [String] = []
    for command in commands {
      let words = command.name.split(separator: " ").map(String.init)
      guard words.starts(with: group), words.count > group.count else { continue }
      if !names.contains(words[group.count]) { names.append(words[group.count]) }
    }
    return names
  }
}
