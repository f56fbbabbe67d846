extension Command {
  /// Parses the words after the command's name.
  ///
  /// Options may stand anywhere before `--`, after which every word is positional. `-` and
  /// negative numbers are positional. A value that begins with a dash and is no number needs the
  /// form `--name=VALUE`. `-h` and `--help` win over everything, mistakes too.
  ///
  /// - `configuration`: reads the file that `--config` names; options among the words win over its own.
  /// - Throws: ``UsageError`` for the first mistake from the left, then for what is wrong with the
  ///   configuration, then for what is missing.
  public func parse(
    _ tokens: [String],
    configuration: (String) throws(UsageError) -> Configuration = Configuration.refused
  ) throws(UsageError) -> Invocation {
    let optionTokens = tokens.prefix { $0 != "--" }
    if optionTokens.contains(where: { ["-h", "--help"].contains($0) }) { return .help }

    var parsed = Parsed()
    var rest = tokens[...]
    while let token = rest.popFirst() {
      if token == "--" {
        for token in rest { try place(token, in: &parsed) }
        break
      }
      if isOption(token) {
        try read(option: token, from: &rest, into: &parsed)
      } else {
        try place(token, in: &parsed)
      }
    }
    var words = tokens
    if let path = parsed.values[Configuration.option.name]?.last {
      words = withoutConfiguration(tokens)
      words.insert(contentsOf: try add(configuration(path), to: &parsed), at: 0)
    }
    try requireAll(parsed)
    return .run(
      Arguments(
        command: self, values: parsed.values, flags: parsed.flags,
        words: name.split(separator: " ").map(String.init) + words))
  }

  private struct Parsed {
    var values: [String: [String]] = [:]
    var flags: Set<String> = []

    func has(_ name: String) -> Bool { values[name] != nil || flags.contains(name) }
  }

  /// Takes what the words do not say from a configuration, and returns it as words.
  private func add(
    _ configuration: Configuration, to parsed: inout Parsed
  ) throws(UsageError) -> [String] {
    let given = Set(parsed.values.keys)
    var words: [String] = []
    for (name, value) in configuration.members {
      guard let option = options.first(where: { $0.name == "--" + name }),
        option != Configuration.option
      else {
        let others = options.map(\.name).filter { $0 != Configuration.option.name }
        throw .unknownMember(
          name, source: configuration.source, nearest: nearestName(to: "--" + name, among: others))
      }
      switch value {
      case .flag(let isSet):
        guard option.valueName == nil else {
          throw .missingValue(option: option.name, valueName: option.valueName ?? "")
        }
        if isSet, parsed.flags.insert(option.name).inserted { words.append(option.name) }
      case .words(let values):
        if option.valueName == nil {
          throw .unexpectedValue(flag: option.name, value: values.joined(separator: ","))
        }
        guard values.count == 1 || option.isRepeatable else {
          throw .conflict(
            "'\(name)' in '\(configuration.source)' has \(values.count) values; expected one")
        }
        guard values.allSatisfy({ !$0.isEmpty }) else {
          throw .missingValue(option: option.name, valueName: option.valueName ?? "")
        }
        if given.contains(option.name) || values.isEmpty { continue }
        parsed.values[option.name] = values
        words += values.map { "\(option.name)=\($0)" }
      }
    }
    return words
  }

  /// The words but the option that names a configuration.
  private func withoutConfiguration(_ tokens: [String]) -> [String] {
    let name = Configuration.option.name
    let end = tokens.firstIndex(of: "--") ?? tokens.count
    if let place = tokens[..<end].firstIndex(of: name) {
      return Array(tokens[..<place] + tokens[(place + 2)...])
    }
    return tokens.enumerated().filter { $0 >= end || !$1.hasPrefix(name + "=") }.map(\.element)
  }

  /// Whether the token is meant as an option: dashed, not `-` alone, no number.
  private func isOption(_ token: String) -> Bool {
    token.hasPrefix("-") && token != "-" && Double(token) == nil
  }

  private func read(
    option token: String, from rest: inout ArraySlice<String>, into parsed: inout Parsed
  ) throws(UsageError) {
    let isLong = token.hasPrefix("--")
    let parts = token.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let name = isLong ? String(parts[0]) : token
    let attached = isLong && parts.count == 2 ? String(parts[1]) : nil
    guard let option = options.first(where: { $0.name == name }) else {
      throw .unknownOption(
        name, nearest: nearestName(to: name, among: options.map(\.name) + ["--help"]))
    }
    guard let valueName = option.valueName else {
      if let attached { throw .unexpectedValue(flag: name, value: attached) }
      guard parsed.flags.insert(name).inserted else { throw .duplicateOption(name) }
      return
    }
    guard option.isRepeatable || parsed.values[name] == nil else { throw .duplicateOption(name) }
    let value: String
    if let attached {
      value = attached
    } else {
      guard let next = rest.first, !isOption(next) else {
        throw .missingValue(option: name, valueName: valueName)
      }
      value = next
      rest.removeFirst()
    }
    guard !value.isEmpty else { throw .missingValue(option: name, valueName: valueName) }
    parsed.values[name, default: []].append(value)
  }

  /// Gives a positional word to the first argument with room.
  private func place(_ token: String, in parsed: inout Parsed) throws(UsageError) {
    let argument = positionals.first { argument in
      let takesMany = argument.arity == .any || argument.arity == .some
      return takesMany || parsed.values[argument.name] == nil
    }
    guard let argument else { throw .unexpectedArgument(token) }
    parsed.values[argument.name, default: []].append(token)
  }

  private func requireAll(_ parsed: Parsed) throws(UsageError) {
    for argument in positionals where argument.arity == .one || argument.arity == .some {
      guard parsed.values[argument.name] != nil else { throw .missingArgument(argument.name) }
    }
    for option in options where option.isRequired && parsed.values[option.name] == nil {
      throw .missingOption(option.name, valueName: option.valueName ?? "")
    }
    for option in options {
      guard let needed = option.needed, parsed.has(option.name), !parsed.has(needed) else {
        continue
      }
      throw .useless(option.name, without: needed)
    }
  }
}
