private import Files

extension SafeTensorsFile {
  /// Reads a file's contents from its bytes.
  ///
  /// Nothing in `bytes` is trusted: lengths, offsets, shapes and names are checked before memory
  /// is taken, and no more is taken than a small multiple of `bytes.count`. NaN and infinite
  /// elements are refused on demand.
  ///
  /// - Throws: ``CheckpointError``, never anything else.
  public init(bytes: [UInt8], requiringFinite: Bool = false) throws(CheckpointError) {
    guard bytes.count >= 8 else { throw .truncated(expected: 8, found: UInt64(bytes.count)) }
    let length = bytes[..<8].reversed().reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
    guard length <= Self.maximumHeaderBytes else {
      throw .tooLarge(
        what: "safetensors header", bytes: length, limit: UInt64(Self.maximumHeaderBytes))
    }
    let dataStart = 8 + Int(length)
    guard bytes.count >= dataStart else {
      throw .truncated(expected: UInt64(dataStart), found: UInt64(bytes.count))
    }
    let header = try SafeTensorsHeader(
      parsing: Array(bytes[8..<dataStart]), dataCount: bytes.count - dataStart)

    var arrays: [NamedArray] = []
    var integers: [NamedIntegers] = []
    for tensor in header.tensors {
      let range = (dataStart + tensor.range.lowerBound)..<(dataStart + tensor.range.upperBound)
      switch tensor.type {
      case .float32, .float16:
        let elements: [Float] =
          tensor.type == .float32
          ? decode(bytes, range, UInt32.self) { Float(bitPattern: $0) }
          : decode(bytes, range, UInt16.self) { Float(Float16(bitPattern: $0)) }
        if requiringFinite, let index = elements.firstIndex(where: { !$0.isFinite }) {
          throw .notFinite(tensor: tensor.name, index: index)
        }
        arrays.append(NamedArray(name: tensor.name, shape: tensor.shape, elements: elements))
      case .unsigned64, .signed64:
        integers.append(
          NamedIntegers(
            name: tensor.name, shape: tensor.shape,
            elements: decode(bytes, range, UInt64.self) { $0 },
            isSigned: tensor.type == .signed64))
      }
    }
    self.init(arrays: arrays, integers: integers, metadata: header.metadata)
  }

  /// Reads a file, refusing one longer than `maximumBytes` before reading it.
  ///
  /// - Throws: ``CheckpointError``.
  public init(
    path: String, maximumBytes: Int = Self.maximumFileBytes, requiringFinite: Bool = false
  ) throws(CheckpointError) {
    let bytes: [UInt8]
    do { bytes = try ReadableFile.bytes(of: path, limit: maximumBytes) } catch {
      throw CheckpointError(error)
    }
    try self.init(bytes: bytes, requiringFinite: requiringFinite)
  }
}

/// Decodes little-endian words of `range`, whose length is a multiple of the word's.
private func decode<Word: FixedWidthInteger, Element>(
  _ bytes: [UInt8], _ range: Range<Int>, _: Word.Type, _ convert: (Word) -> Element
) -> [Element] {
  let size = MemoryLayout<Word>.size
  return bytes.withUnsafeBytes { buffer in
    (0..<range.count / size).map { index in
      convert(
        Word(
          littleEndian: buffer.loadUnaligned(
            fromByteOffset: range.lowerBound + index * size, as: Word.self)))
    }
  }
}
