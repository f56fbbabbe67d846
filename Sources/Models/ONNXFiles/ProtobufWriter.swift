/// Builds one protocol-buffer message.
struct ProtobufWriter {
  private(set) var bytes: [UInt8] = []

  private mutating func varint(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// Adds a whole number.
  mutating func add(_ field: Int, _ number: Int) {
    varint(UInt64(field) << 3)
    varint(UInt64(bitPattern: Int64(number)))
  }

  /// Adds a floating-point number.
  mutating func add(_ field: Int, _ number: Float) {
    varint(UInt64(field) << 3 | 5)
    withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// Adds bytes: a message, or a text.
  mutating func add(_ field: Int, _ content: some Collection<UInt8>) {
    varint(UInt64(field) << 3 | 2)
    varint(UInt64(content.count))
    bytes.append(contentsOf: content)
  }

  /// Adds a text.
  mutating func add(_ field: Int, _ text: String) { add(field, text.utf8) }

  /// Adds a message that `build` fills.
  mutating func add(_ field: Int, _ build: (inout ProtobufWriter) -> Void) {
    var message = ProtobufWriter()
    build(&message)
    add(field, message.bytes)
  }
}
