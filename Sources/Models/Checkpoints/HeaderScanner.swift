/// A strict reader of the JSON subset that a safetensors header consists of.
///
/// Objects, arrays of non-negative integers and strings; no numbers with sign, point or exponent,
/// no nesting beyond what the format has, hence no recursion and no depth limit.
struct HeaderScanner {
  private let bytes: [UInt8]
  private(set) var position = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  private func failure(_ expected: String) -> CheckpointError {
    .malformedHeader(position: position, expected: expected)
  }

  private mutating func skipSpace() {
    while position < bytes.count, [0x20, 0x09, 0x0A, 0x0D].contains(bytes[position]) {
      position += 1
    }
  }

  /// Consumes `character` after optional space, or leaves it and returns false.
  mutating func consume(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  mutating func expect(_ character: Unicode.Scalar) throws(CheckpointError) {
    guard consume(character) else { throw failure("'\(character)'") }
  }

  mutating func expectEnd() throws(CheckpointError) {
    skipSpace()
    guard position == bytes.count else { throw failure("the end of the header") }
  }

  /// Reads `{ "key": … }`, calling `value` after each colon.
  mutating func object(
    _ value: (inout HeaderScanner, _ key: String) throws(CheckpointError) -> Void
  ) throws(CheckpointError) {
    try expect("{")
    if consume("}") { return }
    repeat {
      let key = try string()
      try expect(":")
      try value(&self, key)
    } while consume(",")
    try expect("}")
  }

  /// Reads `[1, 2, 3]`, refusing more than `limit` entries.
  mutating func integers(limit: Int) throws(CheckpointError) -> [Int] {
    try expect("[")
    if consume("]") { return [] }
    var values: [Int] = []
    repeat {
      guard values.count < limit else { throw failure("at most \(limit) numbers") }
      values.append(try integer())
    } while consume(",")
    try expect("]")
    return values
  }

  private mutating func integer() throws(CheckpointError) -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < bytes.count, (0x30...0x39).contains(bytes[position]) {
      let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = tens.addingReportingOverflow(Int(bytes[position]) - 0x30)
      guard !overflow, !carry else { throw failure("a 64-bit integer") }
      value = sum
      position += 1
    }
    guard position > start, position == start + 1 || bytes[start] != 0x30 else {
      throw failure("a non-negative integer")
    }
    return value
  }

  mutating func string() throws(CheckpointError) -> String {
    try expect("\"")
    var text: [UInt8] = []
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case 0x22:
        guard let string = String(validating: text, as: UTF8.self) else {
          throw failure("valid UTF-8")
        }
        return string
      case 0x5C: text.append(contentsOf: Character(try escape()).utf8)
      case 0..<0x20: throw failure("no control character in a string")
      default: text.append(byte)
      }
    }
    throw failure("'\"'")
  }

  private mutating func escape() throws(CheckpointError) -> Unicode.Scalar {
    guard position < bytes.count else { throw failure("an escaped character") }
    let character = bytes[position]
    position += 1
    switch character {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"):
      return Unicode.Scalar(character)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"): return try unicodeEscape()
    default: throw failure("an escaped character")
    }
  }

  private mutating func unicodeEscape() throws(CheckpointError) -> Unicode.Scalar {
    let first = try hexadecimal()
    if let scalar = Unicode.Scalar(first) { return scalar }
    // A character outside the basic plane is written as two surrogates.
    guard first < 0xDC00, position + 1 < bytes.count, bytes[position] == 0x5C,
      bytes[position + 1] == UInt8(ascii: "u")
    else { throw failure("a surrogate pair") }
    position += 2
    let second = try hexadecimal()
    guard (0xDC00...0xDFFF).contains(second),
      let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    else { throw failure("a surrogate pair") }
    return scalar
  }

  private mutating func hexadecimal() throws(CheckpointError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard position < bytes.count,
        let digit = Character(Unicode.Scalar(bytes[position])).hexDigitValue
      else { throw failure("four hexadecimal digits") }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }
}
