/// The settings of a command, each declared once: see ``Setting``.
public protocol CommandSettings: Sendable {
  /// The declarations, in the order of the help.
  static var settings: [Setting<Self>] { get }
  /// Creates the defaults.
  init()
  /// Checks what goes together once all is read, and works out what follows from it; the parts are checked
  /// before.
  ///
  /// - Throws: `UsageError`; what files say is read later.
  mutating func check(_ arguments: Arguments) throws
}

extension CommandSettings {
  /// Checks nothing.
  public mutating func check(_ arguments: Arguments) throws {}

  /// Reads the settings of a command line.
  ///
  /// - Throws: `UsageError`.
  public init(_ arguments: Arguments) throws {
    self.init()
    try read(arguments)
    for setting in Self.settings { try setting.check?(arguments, &self) }
    try check(arguments)
  }

  /// Puts what was given into the settings, without checking it.
  public mutating func read(_ arguments: Arguments) throws(UsageError) {
    for setting in Self.settings { try setting.read(arguments, &self) }
  }

  /// The options, for ``Command``.
  public static var options: [CommandOption] {
    let defaults = Self()
    return settings.compactMap { setting in
      guard case .option(let option) = setting.declaration(defaults) else { return nil }
      return option
    }
  }

  /// The arguments that are told by their place, for ``Command``.
  public static var positionals: [Positional] {
    let defaults = Self()
    return settings.compactMap { setting in
      guard case .positional(let positional) = setting.declaration(defaults) else { return nil }
      return positional
    }
  }

  /// The command line, without the command's name, that says what the settings hold, defaults too:
  /// all that the result depends on.
  ///
  /// What needs an option that is not there is left out.
  public var words: [String] {
    let all = Self.settings.map { ($0.declaration(self), $0.words(self)) }
    let said = Set(
      all.compactMap { declaration, words -> String? in
        guard case .option(let option) = declaration, !words.isEmpty else { return nil }
        return option.name
      })
    return all.flatMap { declaration, words -> [String] in
      guard case .option(let option) = declaration, let needed = option.needed else {
        return words
      }
      return said.contains(needed) ? words : []
    }
  }

  /// The declarations of settings that are a part of these, which is checked by itself.
  public static func part<Part: CommandSettings>(
    _ path: any WritableKeyPath<Self, Part> & Sendable
  ) -> [Setting<Self>] {
    var settings = Part.settings.map { $0.lifted(path) }
    if let last = settings.indices.last {
      let inner = settings[last].check
      settings[last].check = { arguments, whole in
        try inner?(arguments, &whole)
        try whole[keyPath: path].check(arguments)
      }
    }
    return settings
  }
}
