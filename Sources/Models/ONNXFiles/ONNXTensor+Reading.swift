extension ONNXTensor {
  /// Reads a constant and its name.
  static func read(
    _ bytes: ArraySlice<UInt8>
  ) throws(ONNXError) -> (name: String, tensor: ONNXTensor) {
    var parts = Parts()
    var reader = ProtobufReader(bytes)
    while let (field, value) = try reader.next() {
      let offset = reader.offset
      switch field {
      case 1:
        try value.addIntegers(
          to: &parts.shape, at: offset, limit: ONNXModel.maximumRank, "axes of a constant")
      case 2: parts.type = try value.integer(at: offset, "a type")
      case 3: throw .malformed(offset: offset, expected: "a constant in one piece")
      case 4:
        try value.addFloats(
          to: &parts.floats, at: offset, limit: ONNXModel.maximumElements, "numbers of a constant")
      case 5, 7:
        try value.addIntegers(
          to: &parts.integers, at: offset, limit: ONNXModel.maximumElements,
          "numbers of a constant")
      case 8: parts.name = try value.name(at: offset)
      case 9: parts.raw = try value.message(at: offset, "the bytes of a constant")
      case 10: parts.doubles += try parts.doubles(value, at: offset)
      case 13: parts.isExternal = true
      case 14:
        if try value.integer(at: offset, "a place") != 0 { parts.isExternal = true }
      default: continue
      }
    }
    return (parts.name, try parts.tensor())
  }

  /// What a constant is written as.
  private struct Parts {
    var name = ""
    var type = 0
    var shape: [Int] = []
    var floats: [Float] = []
    var integers: [Int] = []
    var doubles: [Float] = []
    var raw: ArraySlice<UInt8>?
    var isExternal = false

    func doubles(
      _ value: ProtobufReader.Value, at offset: Int
    ) throws(ONNXError) -> [Float] {
      switch value {
      case .fixed64(let word): return [Float(Double(bitPattern: word))]
      case .bytes(let bytes) where bytes.count % 8 == 0:
        return words(bytes, UInt64.self) { Float(Double(bitPattern: $0)) }
      default: throw .malformed(offset: offset, expected: "numbers of eight bytes each")
      }
    }

    func tensor() throws(ONNXError) -> ONNXTensor {
      guard !isExternal else { throw .externalData(tensor: name) }
      let count = try self.count()
      let elements = if let raw { try rawElements(raw, count) } else { try typedElements() }
      switch elements {
      case .floats(let numbers):
        guard numbers.count == count else {
          throw .wrongCount(tensor: name, shape: shape, found: numbers.count)
        }
        if let index = numbers.firstIndex(where: { $0.isNaN }) {
          throw .notFinite(tensor: name, index: index)
        }
      case .integers(let numbers):
        guard numbers.count == count else {
          throw .wrongCount(tensor: name, shape: shape, found: numbers.count)
        }
      }
      return ONNXTensor(shape: shape, elements)
    }

    /// The count of numbers that the shape holds.
    private func count() throws(ONNXError) -> Int {
      var count = 1
      for length in shape {
        let (product, overflows) = count.multipliedReportingOverflow(by: length)
        guard length >= 0, !overflows, product <= ONNXModel.maximumElements else {
          throw .badShape(tensor: name, shape: shape)
        }
        count = product
      }
      return count
    }

    /// The numbers as they lie in memory, if the bytes are as many as the shape asks for.
    private func rawElements(
      _ bytes: ArraySlice<UInt8>, _ count: Int
    ) throws(ONNXError) -> Elements {
      let size =
        switch type {
        case 2, 3, 9: 1
        case 4, 5, 10, 16: 2
        case 1, 6, 12: 4
        case 7, 11: 8
        default: 0
        }
      guard size > 0 else { throw .unsupportedType(tensor: name, type: type) }
      guard bytes.count == count * size else {
        throw .wrongCount(tensor: name, shape: shape, found: bytes.count / size)
      }
      return switch type {
      case 1: .floats(words(bytes, UInt32.self) { Float(bitPattern: $0) })
      case 10: .floats(words(bytes, UInt16.self) { Float(Float16(bitPattern: $0)) })
      case 16: .floats(words(bytes, UInt16.self) { Float(bitPattern: UInt32($0) << 16) })
      case 11: .floats(words(bytes, UInt64.self) { Float(Double(bitPattern: $0)) })
      case 2, 9: .integers(bytes.map { Int($0) })
      case 3: .integers(bytes.map { Int(Int8(bitPattern: $0)) })
      case 4: .integers(words(bytes, UInt16.self) { Int($0) })
      case 5: .integers(words(bytes, UInt16.self) { Int(Int16(bitPattern: $0)) })
      case 6: .integers(words(bytes, UInt32.self) { Int(Int32(bitPattern: $0)) })
      case 12: .integers(words(bytes, UInt32.self) { Int($0) })
      default: .integers(words(bytes, UInt64.self) { Int(Int64(bitPattern: $0)) })
      }
    }

    /// The numbers in the list that belongs to their type.
    private func typedElements() throws(ONNXError) -> Elements {
      switch type {
      case 1: .floats(floats)
      case 11: .floats(doubles)
      case 10: .floats(integers.map { Float(Float16(bitPattern: UInt16(truncatingIfNeeded: $0))) })
      case 16: .floats(integers.map { Float(bitPattern: UInt32(truncatingIfNeeded: $0) << 16) })
      case 2...7, 9: .integers(integers)
      default: throw .unsupportedType(tensor: name, type: type)
      }
    }
  }
}
