extension CommandTable {
  /// Returns the reference of all commands as Markdown: their arguments, and their options with form,
  /// default and help.
  public func reference() -> String {
    let introduction = """
      # Commands of \(program)

      \(sentence(summary)) Made by `\(program) help --reference` from the declarations that the command \
      line is parsed by.

      """
    return ([introduction] + commands.map { $0.reference(program: program) }).joined(
      separator: "\n")
  }
}

extension Command {
  /// The chapter of the reference.
  fileprivate func reference(program: String) -> String {
    var lines = ["## \(program) \(name)", "", sentence(summary)]
    if !discussion.isEmpty { lines += ["", HelpText.paragraphs(discussion)] }
    if !positionals.isEmpty {
      lines += ["", "| argument | |", "|---|---|"]
      lines += positionals.map { row([code($0.form), $0.help]) }
    }
    if !options.isEmpty {
      lines += ["", "| option | value | default | |", "|---|---|---|---|"]
      lines += options.map { option in
        let notes =
          (option.isRequired ? ["required"] : []) + (option.isRepeatable ? ["may be repeated"] : [])
          + (option.needed.map { ["with \(code($0))"] } ?? [])
        return row([
          code(option.form), option.expected, option.defaultValue.map(code) ?? "",
          option.help + (notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))"),
        ])
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private func code(_ text: String) -> String { "`\(text)`" }

  /// A line of a table; what would end a cell is escaped.
  private func row(_ cells: [String]) -> String {
    "| " + cells.map { $0.split(separator: "|").joined(separator: "\\|") }.joined(separator: " | ")
      + " |"
  }
}
