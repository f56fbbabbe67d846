/// The words of a command line, sorted by what they belong to; readers turn them into values.
///
/// Asking for a name that the command does not declare is the program's mistake and traps.
public struct Arguments: Equatable, Sendable {
  private let command: Command
  private let values: [String: [String]]
  private let flags: Set<String>
  /// The command line that says the same without a configuration file: the command's name, then what
  /// the configuration gave, then the words as they were given.
  public let words: [String]

  init(command: Command, values: [String: [String]], flags: Set<String>, words: [String]) {
    (self.command, self.values) = (command, values)
    (self.flags, self.words) = (flags, words)
  }

  /// Returns whether a flag was given.
  public func flag(_ name: String) -> Bool {
    let isDeclared = command.options.contains { $0.name == name && $0.valueName == nil }
    precondition(isDeclared, "command '\(command.name)' declares no flag '\(name)'")
    return flags.contains(name)
  }

  /// Returns whether an option or argument was given, its default not counting.
  public func has(_ name: String) -> Bool {
    _ = declaredDefault(name)
    return values[name] != nil
  }

  /// Reads the value of an option or argument that is required or has a default.
  ///
  /// - Throws: ``UsageError/invalidValue(name:value:expected:)``.
  public func value<Value>(
    _ name: String, _ reader: ValueReader<Value>
  ) throws(UsageError) -> Value {
    guard let value = try optional(name, reader) else {
      preconditionFailure("'\(name)' of '\(command.name)' is neither required nor has a default")
    }
    return value
  }

  /// Reads the value of an option or argument, nil where it is absent and has no default.
  ///
  /// - Throws: ``UsageError/invalidValue(name:value:expected:)``.
  public func optional<Value>(
    _ name: String, _ reader: ValueReader<Value>
  ) throws(UsageError) -> Value? {
    guard let text = values[name]?.last ?? declaredDefault(name) else { return nil }
    return try read(name, text, reader)
  }

  /// Reads all values of a repeatable option or argument, in order; none where it is absent.
  ///
  /// - Throws: ``UsageError/invalidValue(name:value:expected:)``.
  public func all<Value>(
    _ name: String, _ reader: ValueReader<Value>
  ) throws(UsageError) -> [Value] {
    let fallback = declaredDefault(name).map { [$0] } ?? []
    var read: [Value] = []
    for text in values[name] ?? fallback { read.append(try self.read(name, text, reader)) }
    return read
  }

  private func read<Value>(
    _ name: String, _ text: String, _ reader: ValueReader<Value>
  ) throws(UsageError) -> Value {
    guard let value = reader.read(text) else {
      let name = name.hasPrefix("-") ? "option '\(name)'" : "argument \(name)"
      throw .invalidValue(name: name, value: text, expected: reader.expected)
    }
    return value
  }

  /// The default of a declared name, if it has one.
  private func declaredDefault(_ name: String) -> String? {
    if let option = command.options.first(where: { $0.name == name && $0.valueName != nil }) {
      return option.defaultValue
    }
    let isDeclared = command.positionals.contains { $0.name == name }
    precondition(isDeclared, "command '\(command.name)' declares no value '\(name)'")
    return nil
  }
}
