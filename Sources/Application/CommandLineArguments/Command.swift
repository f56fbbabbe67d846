/// The declaration of a command: what words it takes and what its help says.
///
///     let verify = Command(
///       "verify", "compares two pictures",
///       positionals: [Positional("PROBE", "picture to check"), Positional("REFERENCE", "claim")],
///       options: [.value("--theta", "T", "squared distance", default: "1.1")])
///     guard case .run(let arguments) = try verify.parse(words) else { … }
///     let theta = try arguments.value("--theta", .number(in: 0...4))
///
/// A command is a declaration only; what it does is the caller's.
public struct Command: Equatable, Sendable {
  /// The name, one word or several: `verify`, `train embedder`.
  public let name: String
  /// What the command does, a clause that begins with a verb.
  public let summary: String
  /// More about it, paragraphs separated by empty lines; wrapped to the width of the help.
  public let discussion: String
  /// The arguments told by their place.
  public let positionals: [Positional]
  /// The options, in the order of the help.
  public let options: [CommandOption]

  /// Declares a command.
  ///
  /// - Precondition: names are unique, and only the last positional takes other than one word.
  public init(
    _ name: String, _ summary: String, discussion: String = "", positionals: [Positional] = [],
    options: [CommandOption] = []
  ) {
    let names = positionals.map(\.name) + options.map(\.name)
    precondition(Set(names).count == names.count, "command '\(name)' declares a name twice")
    precondition(
      positionals.dropLast().allSatisfy { $0.arity == .one },
      "only the last argument of '\(name)' may take other than one word")
    (self.name, self.summary, self.discussion) = (name, summary, discussion)
    (self.positionals, self.options) = (positionals, options)
  }

  /// What a command line asks of a command.
  public enum Invocation: Equatable, Sendable {
    /// To show its help.
    case help
    /// To work on these arguments.
    case run(Arguments)
  }
}
