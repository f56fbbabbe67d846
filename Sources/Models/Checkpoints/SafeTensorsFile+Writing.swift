private import Files

/// How floating-point tensors are stored.
public enum FloatFormat: String, Sendable, CaseIterable {
  /// Four bytes, exact; for training.
  case float32 = "F32"
  /// Two bytes, eleven significant bits; for shipping. Writing rounds to nearest, ties to even.
  case float16 = "F16"
}

extension SafeTensorsFile {
  /// Returns the file's bytes; the same contents give the same bytes.
  ///
  /// - Throws: ``CheckpointError/notRepresentable(tensor:index:value:)`` if a finite element
  ///   overflows half precision.
  public func bytes(as format: FloatFormat = .float32) throws(CheckpointError) -> [UInt8] {
    let integers = integers.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    let arrays = arrays.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    let size = format == .float32 ? 4 : 2

    var entries: [String] = []
    if !metadata.isEmpty {
      let pairs = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        .map { "\(quoted($0.key)):\(quoted($0.value))" }
      entries.append("\"\(SafeTensorsHeader.reservedName)\":{\(pairs.joined(separator: ","))}")
    }
    var end = 0
    func describe(_ name: String, _ type: String, _ shape: [Int], _ byteCount: Int) {
      let axes = shape.map(String.init).joined(separator: ",")
      entries.append(
        "\(quoted(name)):{\"dtype\":\"\(type)\",\"shape\":[\(axes)],"
          + "\"data_offsets\":[\(end),\(end + byteCount)]}")
      end += byteCount
    }
    for array in integers {
      describe(
        array.name, array.isSigned ? "I64" : "U64", array.shape, array.elements.count * 8)
    }
    for array in arrays {
      describe(array.name, format.rawValue, array.shape, array.elements.count * size)
    }
    var header = Array("{\(entries.joined(separator: ","))}".utf8)
    header.append(contentsOf: repeatElement(0x20, count: -header.count & 7))

    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + header.count + end)
    append(UInt64(header.count), to: &bytes)
    bytes.append(contentsOf: header)
    for array in integers {
      for element in array.elements { append(element, to: &bytes) }
    }
    for array in arrays {
      if format == .float32 {
        for element in array.elements { append(element.bitPattern, to: &bytes) }
        continue
      }
      for (index, element) in array.elements.enumerated() {
        let half = Float16(element)
        guard half.isFinite || !element.isFinite else {
          throw .notRepresentable(tensor: array.name, index: index, value: element)
        }
        append(half.bitPattern, to: &bytes)
      }
    }
    return bytes
  }

  /// Writes the file in one step; see ``AtomicFile``.
  ///
  /// - Throws: ``CheckpointError``.
  public func write(to path: String, as format: FloatFormat = .float32) throws(CheckpointError) {
    let bytes = try bytes(as: format)
    do { try AtomicFile.write(bytes, to: path) } catch { throw CheckpointError(error) }
  }
}

private func append(_ word: some FixedWidthInteger, to bytes: inout [UInt8]) {
  withUnsafeBytes(of: word.littleEndian) { bytes.append(contentsOf: $0) }
}

/// A JSON string literal; everything but quotes, backslashes and control characters as it is.
private func quoted(_ text: String) -> String {
  var literal = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": literal += "\\\""
    case "\\": literal += "\\\\"
    case "\u{0}"..<" ":
      let digits = String(scalar.value, radix: 16)
      literal += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    default: literal.unicodeScalars.append(scalar)
    }
  }
  return literal + "\""
}
