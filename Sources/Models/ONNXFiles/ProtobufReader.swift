/// A strict reader of one protocol-buffer message, field by field.
///
/// Nothing is copied: what lies within a message is a slice of the same bytes. A message within it is read
/// by another reader, by whoever knows that it is one; hence there is no recursion here. Groups, which
/// are obsolete, are refused.
///
/// Reference: Protocol Buffers, "Encoding".
struct ProtobufReader {
  /// A field's value as it is encoded.
  enum Value {
    case varint(UInt64)
    case fixed64(UInt64)
    case fixed32(UInt32)
    case bytes(ArraySlice<UInt8>)
  }

  private var rest: ArraySlice<UInt8>

  init(_ bytes: ArraySlice<UInt8>) { rest = bytes }

  /// Where the next byte lies in the file.
  var offset: Int { rest.startIndex }

  private func failure(_ expected: String) -> ONNXError {
    .malformed(offset: offset, expected: expected)
  }

  /// The next field, or nil at the end.
  mutating func next() throws(ONNXError) -> (field: Int, value: Value)? {
    guard !rest.isEmpty else { return nil }
    let tag = try varint()
    let field = tag >> 3
    guard (1...536_870_911).contains(field) else { throw failure("a field's number") }
    switch tag & 7 {
    case 0: return (Int(field), .varint(try varint()))
    case 1: return (Int(field), .fixed64(try word(UInt64.self)))
    case 2:
      let count = try varint()
      guard count <= UInt64(rest.count) else { throw failure("\(count) more bytes") }
      let bytes = rest.prefix(Int(count))
      rest = rest.dropFirst(Int(count))
      return (Int(field), .bytes(bytes))
    case 5: return (Int(field), .fixed32(try word(UInt32.self)))
    default: throw failure("a known kind of field")
    }
  }

  /// A number of up to ten bytes, seven bits each.
  mutating func varint() throws(ONNXError) -> UInt64 {
    var (value, shift) = (0 as UInt64, 0 as UInt64)
    while let byte = rest.first {
      rest = rest.dropFirst()
      guard shift < 63 || byte <= 1 else { throw failure("a number of at most 64 bits") }
      value |= UInt64(byte & 0x7F) << shift
      if byte & 0x80 == 0 { return value }
      shift += 7
      guard shift < 70 else { throw failure("a number of at most ten bytes") }
    }
    throw failure("the rest of a number")
  }

  private mutating func word<Word: FixedWidthInteger>(_: Word.Type) throws(ONNXError) -> Word {
    let size = MemoryLayout<Word>.size
    guard rest.count >= size else { throw failure("\(size) more bytes") }
    let word = rest.prefix(size).reversed().reduce(0 as Word) { $0 << 8 | Word($1) }
    rest = rest.dropFirst(size)
    return word
  }

  /// Whether nothing is left.
  var isAtEnd: Bool { rest.isEmpty }
}

extension ProtobufReader.Value {
  /// The bytes, or a refusal of a value that is encoded in another way.
  func message(at offset: Int, _ what: String) throws(ONNXError) -> ArraySlice<UInt8> {
    guard case .bytes(let bytes) = self else {
      throw .malformed(offset: offset, expected: "\(what) as a message")
    }
    return bytes
  }

  /// The whole number, signed as two's complement.
  func integer(at offset: Int, _ what: String) throws(ONNXError) -> Int {
    guard case .varint(let number) = self else {
      throw .malformed(offset: offset, expected: "\(what) as a number")
    }
    return Int(Int64(bitPattern: number))
  }

  /// The text, which is a name.
  func name(at offset: Int) throws(ONNXError) -> String {
    let bytes = try message(at: offset, "a name")
    guard bytes.count <= ONNXModel.maximumNameBytes,
      let name = String(validating: bytes, as: UTF8.self)
    else { throw .badName(offset: offset) }
    return name
  }

  /// Adds one number, or all of a packed list.
  func addIntegers(
    to list: inout [Int], at offset: Int, limit: Int, _ what: String
  ) throws(ONNXError) {
    switch self {
    case .varint(let number):
      guard list.count < limit else { throw .tooMany(what: what, limit: limit) }
      list.append(Int(Int64(bitPattern: number)))
    case .bytes(let bytes):
      var reader = ProtobufReader(bytes)
      while !reader.isAtEnd {
        guard list.count < limit else { throw .tooMany(what: what, limit: limit) }
        list.append(Int(Int64(bitPattern: try reader.varint())))
      }
    default: throw .malformed(offset: offset, expected: "\(what) as whole numbers")
    }
  }

  /// Adds one number, or all of a packed list.
  func addFloats(
    to list: inout [Float], at offset: Int, limit: Int, _ what: String
  ) throws(ONNXError) {
    switch self {
    case .fixed32(let word):
      guard list.count < limit else { throw .tooMany(what: what, limit: limit) }
      list.append(Float(bitPattern: word))
    case .bytes(let bytes):
      guard bytes.count % 4 == 0 else {
        throw .malformed(offset: offset, expected: "\(what) of four bytes each")
      }
      guard list.count + bytes.count / 4 <= limit else {
        throw .tooMany(what: what, limit: limit)
      }
      list += words(bytes, UInt32.self) { Float(bitPattern: $0) }
    default: throw .malformed(offset: offset, expected: "\(what) as floating-point numbers")
    }
  }
}

/// Little-endian words; a rest that fills none is left out.
func words<Word: FixedWidthInteger, Element>(
  _ bytes: ArraySlice<UInt8>, _: Word.Type, _ convert: (Word) -> Element
) -> [Element] {
  let size = MemoryLayout<Word>.size
  return bytes.withUnsafeBytes { buffer in
    (0..<buffer.count / size).map {
      convert(Word(littleEndian: buffer.loadUnaligned(fromByteOffset: $0 * size, as: Word.self)))
    }
  }
}
