/// The options and operands of one command line.
public struct ParsedArguments: Sendable {
  private var values: [String: [String]] = [:]
  private var flags: Set<String> = []
  /// The operands, in order.
  public private(set) var operands: [String] = []
  /// Whether `--help` or `-h` stands there; nothing else is checked then.
  public private(set) var wantsHelp = false

  /// Reads the arguments after a command's name.
  ///
  /// - Throws: ``UsageError`` naming the word that is wrong.
  public init(_ arguments: [String], for command: Command) throws(UsageError) {
    var rest = arguments[...]
    var optionsEnded = false
    while let word = rest.popFirst() {
      if optionsEnded || word == "-" || !word.hasPrefix("-") {
        operands.append(word)
        continue
      }
      if word == "--" {
        optionsEnded = true
        continue
      }
      if word == "-h" || word == "--help" {
        wantsHelp = true
        return
      }
      try read(word, &rest, command)
    }
    if operands.count < command.operands.count {
      throw .missingOperand(command.operands[operands.count])
    }
    if operands.count > command.operands.count && !command.lastOperandRepeats {
      throw .extraOperand(operands[command.operands.count])
    }
  }

  private mutating func read(
    _ word: String, _ rest: inout ArraySlice<String>, _ command: Command
  ) throws(UsageError) {
    let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    let spelling = String(parts[0])
    let known = command.options.first { Command.spelling($0.name) == spelling }
    guard let option = known else {
      throw .unknownOption(
        spelling,
        nearest: nearest(to: spelling, among: command.options.map { Command.spelling($0.name) }))
    }
    if option.value == nil {
      guard parts.count == 1 else { throw .unexpectedValue(option: spelling) }
      guard flags.insert(option.name).inserted else { throw .repeatedOption(spelling) }
      return
    }
    if values[option.name] != nil && !option.repeats { throw .repeatedOption(spelling) }
    let value: String
    if parts.count == 2 {
      value = String(parts[1])
    } else {
      guard let next = rest.popFirst() else { throw .missingValue(option: spelling) }
      value = next
    }
    values[option.name, default: []].append(value)
  }

  /// Whether a flag is set.
  public func flag(_ name: String) -> Bool { flags.contains(name) }

  /// The value of an option, if given.
  public func string(_ name: String) -> String? { values[name]?.last }

  /// All values of an option that may repeat.
  public func strings(_ name: String) -> [String] { values[name] ?? [] }

  /// The value of an option that must be given.
  public func required(_ name: String) throws(UsageError) -> String {
    guard let value = string(name) else { throw .missingOption(Command.spelling(name)) }
    return value
  }

  /// A whole number within bounds, if given.
  public func integer(_ name: String, in range: ClosedRange<Int>) throws(UsageError) -> Int? {
    guard let text = string(name) else { return nil }
    guard let number = Int(text), range.contains(number) else {
      throw .badValue(
        option: Command.spelling(name), value: text,
        expected: "a whole number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// A finite number within bounds, if given.
  public func number(_ name: String, in range: ClosedRange<Double>) throws(UsageError) -> Double? {
    guard let text = string(name) else { return nil }
    guard let number = Double(text), range.contains(number) else {
      throw .badValue(
        option: Command.spelling(name), value: text,
        expected: "a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  /// Numbers within bounds, separated by commas, if given.
  public func numbers(
    _ name: String, in range: ClosedRange<Double>
  ) throws(UsageError) -> [Double]? {
    guard let text = string(name) else { return nil }
    let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map {
      Double($0)
    }
    let inside = numbers.compactMap { $0 }.filter { range.contains($0) }
    guard inside.count == numbers.count, !inside.isEmpty else {
      throw .badValue(
        option: Command.spelling(name), value: text,
        expected:
          "numbers from \(range.lowerBound) to \(range.upperBound), separated by commas")
    }
    return inside
  }

  /// One of a set of words, if given.
  public func choice<Choice: RawRepresentable & CaseIterable>(
    _ name: String, of type: Choice.Type = Choice.self
  ) throws(UsageError) -> Choice? where Choice.RawValue == String {
    guard let text = string(name) else { return nil }
    guard let choice = Choice(rawValue: text) else {
      throw .badValue(
        option: Command.spelling(name), value: text,
        expected: Choice.allCases.map(\.rawValue).joined(separator: ", "))
    }
    return choice
  }
}
