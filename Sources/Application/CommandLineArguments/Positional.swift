/// The declaration of an argument that is told by its place.
public struct Positional: Equatable, Sendable {
  /// How many words the argument takes.
  public enum Arity: Sendable {
    /// Exactly one.
    case one
    /// One or none.
    case optional
    /// Any number, also none.
    case any
    /// At least one.
    case some
  }

  /// The word for it in help and messages, in capitals by custom.
  public let name: String
  /// What it is, a clause without full stop.
  public let help: String
  /// How many words it takes; all but the last positional take exactly one.
  public let arity: Arity

  /// Declares a positional argument.
  public init(_ name: String, _ help: String, arity: Arity = .one) {
    precondition(!name.isEmpty && !name.hasPrefix("-"), "'\(name)' cannot name an argument")
    (self.name, self.help, self.arity) = (name, help, arity)
  }

  /// The argument as the usage line writes it.
  var form: String {
    switch arity {
    case .one: name
    case .optional: "[\(name)]"
    case .any: "[\(name) ...]"
    case .some: "\(name) ..."
    }
  }
}
