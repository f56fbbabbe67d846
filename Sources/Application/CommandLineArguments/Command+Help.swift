extension Command {
  /// Returns the help page of the command, at most 80 columns wide where words allow.
  public func help(program: String) -> String {
    let words = options.map(usage) + positionals.map(\.form)
    let start = "usage: \(program) \(name)"
    return HelpText.page([
      HelpText.wrapped(words, first: start, indent: 8),
      HelpText.paragraphs(sentence(summary)),
      HelpText.paragraphs(discussion),
      HelpText.section("arguments", positionals.map { ($0.name, $0.help) }),
      HelpText.section(
        "options",
        options.map { ($0.form, explanation($0)) } + [("-h, --help", "show this help")]),
    ])
  }

  private func usage(_ option: CommandOption) -> String {
    let repeated = option.isRepeatable ? " ..." : ""
    return option.isRequired ? option.form + repeated : "[\(option.form)]\(repeated)"
  }

  private func explanation(_ option: CommandOption) -> String {
    var notes: [String] = []
    if let value = option.defaultValue { notes.append("default: \(value)") }
    if option.isRequired { notes.append("required") }
    if let needed = option.needed { notes.append("with \(needed)") }
    return option.help + (notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))")
  }
}

/// The clause with a capital and a full stop.
func sentence(_ clause: String) -> String {
  clause.isEmpty ? "" : clause.prefix(1).uppercased() + clause.dropFirst() + "."
}
