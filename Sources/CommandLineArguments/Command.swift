/// What a command line looks like: its options, operands and words about them.
public struct Command: Sendable {
  /// An option, `--name`.
  public struct Option: Sendable {
    /// The name, without dashes.
    public let name: String
    /// What stands for the value in the help; `nil` for a flag.
    public let value: String?
    /// What it does.
    public let help: String
    /// Whether it may stand several times.
    public let repeats: Bool

    /// An option that takes a value.
    public static func value(
      _ name: String, _ value: String, _ help: String, repeats: Bool = false
    ) -> Option {
      Option(name: name, value: value, help: help, repeats: repeats)
    }

    /// An option that is there or not.
    public static func flag(_ name: String, _ help: String) -> Option {
      Option(name: name, value: nil, help: help, repeats: false)
    }
  }

  /// The words that call it, `train embedder`.
  public let name: String
  /// One sentence.
  public let summary: String
  /// The names of the operands, in order.
  public let operands: [String]
  /// Whether the last operand may stand several times.
  public let lastOperandRepeats: Bool
  /// The options.
  public let options: [Option]
  /// Further words for the help.
  public let notes: String

  /// Creates a description.
  public init(
    _ name: String, _ summary: String, operands: [String] = [], lastOperandRepeats: Bool = false,
    options: [Option] = [], notes: String = ""
  ) {
    (self.name, self.summary, self.operands) = (name, summary, operands)
    (self.lastOperandRepeats, self.options, self.notes) = (lastOperandRepeats, options, notes)
  }

  /// The help text, at most 80 columns wide where words allow.
  public func help(program: String) -> String {
    var usage = "usage: \(program) \(name)"
    if !options.isEmpty { usage += " [options]" }
    for operand in operands { usage += " \(operand)" }
    if lastOperandRepeats { usage += "…" }
    var text = usage + "\n\n" + wrapped(summary, indent: 0) + "\n"
    if !options.isEmpty {
      text += "\noptions:\n"
      for option in options {
        let spelling = Self.spelling(option.name) + (option.value.map { " " + $0 } ?? "")
        text += "  \(spelling)\n" + wrapped(option.help, indent: 6) + "\n"
      }
      text += "  -h, --help\n      Prints this text.\n"
    }
    if !notes.isEmpty { text += "\n" + wrapped(notes, indent: 0) + "\n" }
    return text
  }

  static func spelling(_ name: String) -> String { name.count == 1 ? "-" + name : "--" + name }

  private func wrapped(_ text: String, indent: Int) -> String {
    let margin = String(repeating: " ", count: indent)
    return text.split(separator: "\n", omittingEmptySubsequences: false).map { paragraph in
      var lines: [String] = []
      var line = margin
      for word in paragraph.split(separator: " ") {
        if line.count + word.count + 1 > 80 && line != margin {
          lines.append(line)
          line = margin
        }
        line += (line == margin ? "" : " ") + word
      }
      return (lines + [line]).joined(separator: "\n")
    }.joined(separator: "\n")
  }
}
