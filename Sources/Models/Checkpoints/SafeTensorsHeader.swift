/// The type of a tensor's elements in a file.
enum ElementType: String {
  case float16 = "F16"
  case float32 = "F32"
  case unsigned64 = "U64"
  case signed64 = "I64"

  /// The size of one element, in bytes.
  var byteCount: Int {
    switch self {
    case .float16: 2
    case .float32: 4
    case .unsigned64, .signed64: 8
    }
  }
}

/// What the header says of one tensor.
struct TensorDescription {
  let name: String
  let type: ElementType
  let shape: [Int]
  /// The tensor's bytes, counted from the end of the header.
  let range: Range<Int>
}

/// The header of a safetensors file: names, types, shapes and byte ranges.
struct SafeTensorsHeader {
  static let reservedName = "__metadata__"

  /// The tensors in the order of their bytes.
  private(set) var tensors: [TensorDescription] = []
  private(set) var metadata: [String: String] = [:]

  /// Parses a header and checks that its tensors tile `dataCount` bytes without hole or overlap.
  init(parsing bytes: [UInt8], dataCount: Int) throws(CheckpointError) {
    guard bytes.first == UInt8(ascii: "{") else {
      throw .malformedHeader(position: 0, expected: "'{'")
    }
    var scanner = HeaderScanner(bytes)
    var names: Set<String> = []
    var found: [TensorDescription] = []
    var metadata: [String: String] = [:]
    try scanner.object { (scanner, name) throws(CheckpointError) in
      guard names.insert(name).inserted else { throw .duplicateName(name) }
      if name == Self.reservedName {
        try scanner.object { (scanner, key) throws(CheckpointError) in
          let value = try scanner.string()
          guard metadata.updateValue(value, forKey: key) == nil else { throw .duplicateName(key) }
        }
      } else {
        guard found.count < SafeTensorsFile.maximumTensorCount else {
          throw .malformedHeader(
            position: scanner.position,
            expected: "at most \(SafeTensorsFile.maximumTensorCount) tensors")
        }
        found.append(try Self.tensor(named: name, from: &scanner))
      }
    }
    try scanner.expectEnd()
    self.metadata = metadata
    // An empty tensor may share its beginning with the next one.
    tensors = found.sorted {
      ($0.range.lowerBound, $0.range.upperBound) < ($1.range.lowerBound, $1.range.upperBound)
    }
    var end = 0
    for tensor in tensors {
      guard tensor.range.lowerBound == end, tensor.range.upperBound <= dataCount else {
        throw .wrongOffsets(tensor: tensor.name, begin: tensor.range.lowerBound, expected: end)
      }
      end = tensor.range.upperBound
    }
    guard end == dataCount else { throw .unclaimedBytes(count: dataCount - end) }
  }

  private static func tensor(
    named name: String, from scanner: inout HeaderScanner
  ) throws(CheckpointError) -> TensorDescription {
    var (typeName, shape, offsets): (String?, [Int]?, [Int]?)
    try scanner.object { (scanner, key) throws(CheckpointError) in
      switch key {
      case "dtype" where typeName == nil: typeName = try scanner.string()
      case "shape" where shape == nil:
        shape = try scanner.integers(limit: SafeTensorsFile.maximumRank)
      case "data_offsets" where offsets == nil: offsets = try scanner.integers(limit: 2)
      default:
        throw .malformedHeader(
          position: scanner.position, expected: "dtype, shape and data_offsets, each once")
      }
    }
    guard let typeName, let shape, let offsets, offsets.count == 2, offsets[0] <= offsets[1] else {
      throw .malformedHeader(
        position: scanner.position, expected: "dtype, shape and two ascending data_offsets")
    }
    guard let type = ElementType(rawValue: typeName) else {
      throw .unsupportedType(tensor: name, type: typeName)
    }
    let found = offsets[1] - offsets[0]
    guard let count = elementCount(of: shape), count <= Int.max / type.byteCount,
      count * type.byteCount == found
    else {
      let count = elementCount(of: shape) ?? Int.max
      let (expected, overflow) = count.multipliedReportingOverflow(by: type.byteCount)
      throw .wrongLength(
        tensor: name, shape: shape, expected: overflow ? Int.max : expected, found: found)
    }
    return TensorDescription(name: name, type: type, shape: shape, range: offsets[0]..<offsets[1])
  }
}
