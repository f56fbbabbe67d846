extension String {
  /// The text with every control character but the line end written as `\u001b`, four hexadecimal
  /// digits each.
  ///
  /// Control characters of a name could move a terminal's cursor, or set its title; marks of writing
  /// direction could show a name in another order. JSON reads the escapes as the characters they are.
  public var escapingControls: String {
    guard unicodeScalars.contains(where: { $0.isControl && $0 != "\n" }) else { return self }
    var text = String.UnicodeScalarView()
    for scalar in unicodeScalars {
      guard scalar.isControl && scalar != "\n" else {
        text.append(scalar)
        continue
      }
      let digits = String(scalar.value, radix: 16)
      text.append(
        contentsOf: ("\\u" + String(repeating: "0", count: 4 - digits.count) + digits)
          .unicodeScalars)
    }
    return String(text)
  }

  /// The text as one line: line ends are blanks, other control characters are escaped.
  public var asOneLine: String {
    split(whereSeparator: \.isNewline).joined(separator: " ").escapingControls
  }
}

extension Unicode.Scalar {
  /// Whether a terminal may obey it instead of showing it.
  fileprivate var isControl: Bool {
    switch value {
    case 0..<0x20, 0x7F..<0xA0: true
    case 0x2028, 0x2029: true
    case 0x200E, 0x200F, 0x202A...0x202E, 0x2066...0x2069: true
    default: false
    }
  }
}
