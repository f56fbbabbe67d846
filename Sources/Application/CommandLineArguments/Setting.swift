/// An option or argument of a command, declared together with the setting that its words become.
///
/// Help, parsing, defaults, configuration files, the recorded command line and the reference follow from
/// the declaration:
///
///     struct Paint: CommandSettings {
///       var coats = 2
///       var isMatt = false
///       static let settings: [Setting<Self>] = [
///         .value("--coats", "N", "Coats of paint.", \.coats, .integer(in: 1...9)),
///         .flag("--matt", "Paints without gloss.", \.isMatt),
///       ]
///     }
///     let paint = try Paint(arguments)
public struct Setting<Settings>: Sendable {
  /// The declaration, whose default is what the settings hold.
  let declaration: @Sendable (Settings) -> Declaration
  /// Puts into the settings what was given.
  let read: @Sendable (Arguments, inout Settings) throws(UsageError) -> Void
  /// The words that say what the settings hold; none for what a result does not depend on.
  let words: @Sendable (Settings) -> [String]
  /// Checks the part that this is the last declaration of, once all is read.
  var check: (@Sendable (Arguments, inout Settings) throws -> Void)?

  /// A declaration for settings that are a part of others.
  public func lifted<Whole>(
    _ part: any WritableKeyPath<Whole, Settings> & Sendable
  ) -> Setting<Whole> {
    var lifted = Setting<Whole>(
      declaration: { declaration($0[keyPath: part]) },
      read: { arguments, whole throws(UsageError) in
        try read(arguments, &whole[keyPath: part])
      },
      words: { words($0[keyPath: part]) })
    if let check {
      lifted.check = { arguments, whole in try check(arguments, &whole[keyPath: part]) }
    }
    return lifted
  }
}

extension Setting {
  /// An option with a default: what new settings hold.
  ///
  /// - `isRecorded`: whether the result depends on it, so that the recorded command line has it.
  /// - `needs`: the option without which it is refused; without that one it is not recorded either.
  public static func value<Value>(
    _ name: String, _ unit: String, _ help: String,
    _ path: any WritableKeyPath<Settings, Value> & Sendable, _ reader: ValueReader<Value>,
    isRecorded: Bool = true, needs: String? = nil
  ) -> Setting {
    Setting { settings in
      .option(
        CommandOption.value(
          name, unit, help, default: reader.word(settings[keyPath: path]), needs: needs
        ).expecting(reader.expected))
    } read: { arguments, settings throws(UsageError) in
      if arguments.has(name) { settings[keyPath: path] = try arguments.value(name, reader) }
    } words: {
      isRecorded ? [name, reader.word($0[keyPath: path])] : []
    }
  }

  /// An option without a default: nil if it is absent.
  public static func optional<Value>(
    _ name: String, _ unit: String, _ help: String,
    _ path: any WritableKeyPath<Settings, Value?> & Sendable, _ reader: ValueReader<Value>,
    isRecorded: Bool = true, needs: String? = nil
  ) -> Setting {
    Setting { _ in
      .option(
        CommandOption.value(name, unit, help, needs: needs).expecting(reader.expected))
    } read: { arguments, settings throws(UsageError) in
      if let value = try arguments.optional(name, reader) { settings[keyPath: path] = value }
    } words: {
      guard isRecorded, let value = $0[keyPath: path] else { return [] }
      return [name, reader.word(value)]
    }
  }

  /// An option that has to be given.
  public static func required<Value>(
    _ name: String, _ unit: String, _ help: String,
    _ path: any WritableKeyPath<Settings, Value> & Sendable, _ reader: ValueReader<Value>,
    isRecorded: Bool = true
  ) -> Setting {
    Setting { _ in
      .option(
        CommandOption.value(name, unit, help, isRequired: true).expecting(reader.expected))
    } read: { arguments, settings throws(UsageError) in
      settings[keyPath: path] = try arguments.value(name, reader)
    } words: {
      isRecorded ? [name, reader.word($0[keyPath: path])] : []
    }
  }

  /// An option that may be given several times, or has to be at least once.
  public static func repeated<Value>(
    _ name: String, _ unit: String, _ help: String,
    _ path: any WritableKeyPath<Settings, [Value]> & Sendable, _ reader: ValueReader<Value>,
    isRequired: Bool = false, isRecorded: Bool = true, needs: String? = nil
  ) -> Setting {
    Setting { _ in
      .option(
        CommandOption.value(
          name, unit, help, isRequired: isRequired, isRepeatable: true, needs: needs
        ).expecting(reader.expected))
    } read: { arguments, settings throws(UsageError) in
      if arguments.has(name) { settings[keyPath: path] = try arguments.all(name, reader) }
    } words: {
      isRecorded ? $0[keyPath: path].flatMap { [name, reader.word($0)] } : []
    }
  }

  /// An option without value.
  public static func flag(
    _ name: String, _ help: String, _ path: any WritableKeyPath<Settings, Bool> & Sendable,
    isRecorded: Bool = true, needs: String? = nil
  ) -> Setting {
    Setting { _ in
      .option(.flag(name, help, needs: needs))
    } read: { arguments, settings throws(UsageError) in
      if arguments.flag(name) { settings[keyPath: path] = true }
    } words: {
      isRecorded && $0[keyPath: path] ? [name] : []
    }
  }

  /// An argument that is told by its place.
  public static func argument<Value>(
    _ name: String, _ help: String, _ path: any WritableKeyPath<Settings, Value> & Sendable,
    _ reader: ValueReader<Value>
  ) -> Setting {
    Setting { _ in
      .positional(Positional(name, help))
    } read: { arguments, settings throws(UsageError) in
      settings[keyPath: path] = try arguments.value(name, reader)
    } words: {
      [reader.word($0[keyPath: path])]
    }
  }

  /// The last argument, which may be left out.
  public static func argument<Value>(
    _ name: String, _ help: String,
    optional path: any WritableKeyPath<Settings, Value?> & Sendable, _ reader: ValueReader<Value>
  ) -> Setting {
    Setting { _ in
      .positional(Positional(name, help, arity: .optional))
    } read: { arguments, settings throws(UsageError) in
      if let value = try arguments.optional(name, reader) { settings[keyPath: path] = value }
    } words: {
      $0[keyPath: path].map { [reader.word($0)] } ?? []
    }
  }

  /// The last argument, which takes several words.
  ///
  /// - `arity`: whether none will do, too.
  public static func arguments<Value>(
    _ name: String, _ help: String, _ path: any WritableKeyPath<Settings, [Value]> & Sendable,
    _ reader: ValueReader<Value>, arity: Positional.Arity = .some
  ) -> Setting {
    Setting { _ in
      .positional(Positional(name, help, arity: arity))
    } read: { arguments, settings throws(UsageError) in
      settings[keyPath: path] = try arguments.all(name, reader)
    } words: {
      $0[keyPath: path].map(reader.word)
    }
  }
}

/// What the parser and the help are told of a setting.
enum Declaration {
  case option(CommandOption)
  case positional(Positional)
}

extension CommandOption {
  fileprivate func expecting(_ form: String) -> CommandOption {
    var option = self
    option.expected = form
    return option
  }
}
