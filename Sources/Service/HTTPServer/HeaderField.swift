/// A field's value and its parameters: `form-data; name="a;b"; filename="say \"x\".png"`.
///
/// In quotes a semicolon separates nothing, and a backslash before a quote or a backslash stands for that
/// character. Before any other character it is itself, because browsers write paths so.
///
/// Reference: RFC 9110 sections 5.6.4 and 5.6.6.
struct HeaderField: Equatable {
  /// A parameter, its name in lower case.
  struct Parameter: Equatable {
    let name, value: String
  }

  /// What stands before the first semicolon.
  let value: String
  /// The parameters, in order; what has no `=` is left out.
  let parameters: [Parameter]

  init(_ text: String) {
    let pieces = Self.pieces(of: text)
    value = Self.trimmed(pieces[0])
    parameters = pieces.dropFirst().compactMap { piece in
      guard let equals = piece.firstIndex(of: "=") else { return nil }
      return Parameter(
        name: Self.trimmed(piece[..<equals]).lowercased(),
        value: Self.unquoted(Self.trimmed(piece[piece.index(after: equals)...])))
    }
  }

  /// What semicolons outside quotes separate; at least one piece.
  private static func pieces(of text: String) -> [Substring.UnicodeScalarView] {
    let scalars = Substring(text).unicodeScalars
    var pieces: [Substring.UnicodeScalarView] = []
    var (start, isQuoted, isEscaped) = (scalars.startIndex, false, false)
    for index in scalars.indices {
      let scalar = scalars[index]
      if isEscaped {
        isEscaped = false
      } else if isQuoted && scalar == "\\" {
        isEscaped = true
      } else if scalar == "\"" {
        isQuoted.toggle()
      } else if scalar == ";" && !isQuoted {
        pieces.append(scalars[start..<index])
        start = scalars.index(after: index)
      }
    }
    return pieces + [scalars[start...]]
  }

  private static func unquoted(_ text: String) -> String {
    let scalars = Array(text.unicodeScalars)
    guard scalars.count >= 2, scalars.first == "\"", scalars.last == "\"" else { return text }
    var value = String.UnicodeScalarView()
    var isEscaped = false
    for scalar in scalars[1..<scalars.count - 1] {
      if isEscaped {
        if scalar != "\"" && scalar != "\\" { value.append("\\") }
        value.append(scalar)
        isEscaped = false
      } else if scalar == "\\" {
        isEscaped = true
      } else {
        value.append(scalar)
      }
    }
    if isEscaped { value.append("\\") }
    return String(value)
  }

  private static func trimmed(_ text: Substring.UnicodeScalarView) -> String {
    let spaces: [Unicode.Scalar] = [" ", "\t"]
    let start = text.drop { spaces.contains($0) }
    let end = start.lastIndex { !spaces.contains($0) }.map { start.index(after: $0) }
    return String(start[..<(end ?? start.startIndex)])
  }
}
