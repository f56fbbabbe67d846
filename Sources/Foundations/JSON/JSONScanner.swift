/// The pass over a JSON document's bytes.
struct JSONScanner {
  static let byteOrderMark: [UInt8] = [0xEF, 0xBB, 0xBF]

  private let bytes: [UInt8]
  private var position = 0
  private var depth = 0
  private var literals: [String: String] = [:]

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
    if bytes.starts(with: Self.byteOrderMark) { position = 3 }
  }

  /// The whole document, and the numbers among its outermost members as they are written.
  mutating func document() throws(JSONDocumentError) -> (JSONValue, [String: String]) {
    skipBlanks()
    let value = try self.value()
    skipBlanks()
    guard position == bytes.count else { throw expected("the end of the document") }
    return (value, literals)
  }

  private mutating func value() throws(JSONDocumentError) -> JSONValue {
    switch peek {
    case UInt8(ascii: "{"):
      return .object(try nested { scanner throws(JSONDocumentError) in try scanner.members() })
    case UInt8(ascii: "["):
      return .array(try nested { scanner throws(JSONDocumentError) in try scanner.elements() })
    case UInt8(ascii: "\""): return .string(try string())
    case UInt8(ascii: "t"): return try word("true", .bool(true))
    case UInt8(ascii: "f"): return try word("false", .bool(false))
    case UInt8(ascii: "n"): return try word("null", .null)
    default: return .number(try number())
    }
  }

  private mutating func nested<Content>(
    _ content: (inout JSONScanner) throws(JSONDocumentError) -> Content
  ) throws(JSONDocumentError) -> Content {
    guard depth < JSONDocument.depthLimit else { throw .tooDeep(limit: JSONDocument.depthLimit) }
    depth += 1
    position += 1
    skipBlanks()
    let value = try content(&self)
    depth -= 1
    return value
  }

  private mutating func members() throws(JSONDocumentError) -> [String: JSONValue] {
    var members: [String: JSONValue] = [:]
    if take("}") { return members }
    while true {
      guard peek == UInt8(ascii: "\"") else { throw expected("a member's name in quotes") }
      let name = try string()
      skipBlanks()
      guard take(":") else { throw expected("':' after a member's name") }
      skipBlanks()
      let start = position
      let value = try self.value()
      guard members.updateValue(value, forKey: name) == nil else { throw .repeated(member: name) }
      if depth == 1, case .number = value {
        literals[name] = String(decoding: bytes[start..<position], as: UTF8.self)
      }
      if try isLast("}") { return members }
    }
  }

  private mutating func elements() throws(JSONDocumentError) -> [JSONValue] {
    var elements: [JSONValue] = []
    if take("]") { return elements }
    while true {
      elements.append(try value())
      if try isLast("]") { return elements }
    }
  }

  /// Whether the list or object ends here, instead of going on after a comma.
  private mutating func isLast(_ end: Unicode.Scalar) throws(JSONDocumentError) -> Bool {
    skipBlanks()
    if take(end) { return true }
    guard take(",") else { throw expected("',' or '\(end)'") }
    skipBlanks()
    return false
  }

  private mutating func word(
    _ word: StaticString, _ value: JSONValue
  ) throws(JSONDocumentError) -> JSONValue {
    let text = "\(word)"
    guard bytes[position...].starts(with: text.utf8) else { throw expected("a value") }
    position += text.utf8.count
    return value
  }

  private mutating func number() throws(JSONDocumentError) -> Double {
    let start = position
    _ = take("-")
    let first = peek
    let whole = skipDigits()
    guard whole > 0 else { throw expected("a value") }
    guard whole == 1 || first != UInt8(ascii: "0") else { throw expected("no leading zero") }
    if take("."), skipDigits() == 0 { throw expected("a digit after the point") }
    if take("e") || take("E") {
      if !take("+") { _ = take("-") }
      guard skipDigits() > 0 else { throw expected("a digit of the exponent") }
    }
    guard let value = Double(String(decoding: bytes[start..<position], as: UTF8.self)),
      value.isFinite
    else {
      position = start
      throw expected("a number of double precision")
    }
    return value
  }

  private mutating func skipDigits() -> Int {
    let start = position
    while let byte = peek, (0x30...0x39).contains(byte) { position += 1 }
    return position - start
  }
}

extension JSONScanner {
  private var peek: UInt8? { position < bytes.count ? bytes[position] : nil }

  private mutating func take(_ scalar: Unicode.Scalar) -> Bool {
    guard peek == UInt8(ascii: scalar) else { return false }
    position += 1
    return true
  }

  private mutating func skipBlanks() {
    while let byte = peek, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
  }

  private func expected(_ what: String) -> JSONDocumentError {
    .syntax(offset: position, expected: what)
  }

  /// A text in quotes. What stands between escapes is taken over in one piece: pictures are megabytes.
  private mutating func string() throws(JSONDocumentError) -> String {
    position += 1
    var text: [UInt8] = []
    while true {
      let end = bytes.withUnsafeBufferPointer { bytes in
        var end = position
        while end < bytes.count, bytes[end] >= 0x20, bytes[end] != 0x22, bytes[end] != 0x5C {
          end += 1
        }
        return end
      }
      text += bytes[position..<end]
      position = end
      switch peek {
      case 0x22:
        guard let string = String(validating: text, as: UTF8.self) else {
          throw expected("UTF-8 in the text that ends here")
        }
        position += 1
        return string
      case 0x5C: text += Array(String(try escape()).utf8)
      case nil: throw expected("the end of a text")
      default: throw expected("no control character in a text")
      }
    }
  }

  private mutating func escape() throws(JSONDocumentError) -> Unicode.Scalar {
    position += 1
    let kind = peek
    position += 1
    switch kind {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let unit = try hexadecimal()
      if let scalar = Unicode.Scalar(unit) { return scalar }
      // Half of a pair: the other half has to follow.
      guard unit < 0xDC00, take("\\"), take("u") else {
        throw expected("the second half of a pair")
      }
      let second = try hexadecimal()
      guard (0xDC00...0xDFFF).contains(second),
        let scalar = Unicode.Scalar(0x10000 + (unit - 0xD800) << 10 + (second - 0xDC00))
      else { throw expected("the second half of a pair") }
      return scalar
    default:
      position = min(position - 1, bytes.count)
      throw expected("an escape that JSON knows")
    }
  }

  private mutating func hexadecimal() throws(JSONDocumentError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard let digit = peek.flatMap({ Character(Unicode.Scalar($0)).hexDigitValue }) else {
        throw expected("four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
