/// Lays out help for a terminal of 80 columns.
enum HelpText {
  static let width = 80
  /// The column where explanations begin, unless a name is longer.
  private static let column = 26

  /// Breaks words into lines of at most `width` columns; a longer word has a line of its own.
  static func wrapped(_ words: [String], first: String = "", indent: Int = 0) -> String {
    var lines: [String] = []
    var line = first
    for word in words {
      let isStart = line.isEmpty || line.allSatisfy { $0 == " " }
      if !isStart, line.count + 1 + word.count > width {
        lines.append(line)
        line = String(repeating: " ", count: indent) + word
      } else {
        line += (isStart || line.hasSuffix(" ") ? "" : " ") + word
      }
    }
    return (lines + [line]).joined(separator: "\n")
  }

  /// Wraps each paragraph; paragraphs are separated by empty lines, and indented lines stay.
  static func paragraphs(_ text: String) -> String {
    text.split(separator: "\n\n").map { paragraph in
      paragraph.hasPrefix("  ")
        ? String(paragraph)
        : wrapped(paragraph.split { $0 == " " || $0 == "\n" }.map(String.init))
    }.joined(separator: "\n\n")
  }

  /// A heading and a list of names with their explanations; empty where there are none.
  static func section(_ heading: String, _ entries: [(name: String, help: String)]) -> String {
    guard !entries.isEmpty else { return "" }
    let lines = entries.map { entry in
      let words = entry.help.split(separator: " ").map(String.init)
      let name = "  \(entry.name)"
      let margin = String(repeating: " ", count: column)
      guard name.count + 2 > column else {
        let first = name + margin.dropFirst(name.count)
        return wrapped(words, first: first, indent: column)
      }
      return name + "\n" + wrapped(words, first: margin, indent: column)
    }
    return "\(heading):\n\(lines.joined(separator: "\n"))"
  }

  /// The parts that are not empty, with an empty line between them and a line end at the end.
  static func page(_ parts: [String]) -> String {
    parts.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }
}
