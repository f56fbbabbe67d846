/// The contents of a safetensors file: weights, training state and words about them.
///
/// | part       | file type | meaning                                             |
/// |------------|-----------|-----------------------------------------------------|
/// | `arrays`   | F32, F16  | weights, optimiser moments, running statistics      |
/// | `integers` | U64, I64  | step counters, random states                        |
/// | `metadata` | strings   | format version, architecture, anything human-read   |
///
/// Layout: eight bytes header length (little endian), a JSON header padded with spaces to a
/// multiple of eight, then the tensors without holes, those with the widest elements first and
/// each width by name. The same contents always give the same bytes. Other element types are
/// refused.
///
/// Reference: https://huggingface.co/docs/safetensors, section "Format".
public struct SafeTensorsFile: Equatable, Sendable {
  /// The longest header accepted, in bytes.
  public static let maximumHeaderBytes = 16 << 20
  /// The longest file accepted unless the caller says otherwise, in bytes.
  public static let maximumFileBytes = 4 << 30
  /// The greatest number of tensors accepted in one file.
  public static let maximumTensorCount = 65_536
  /// The greatest number of axes accepted.
  public static let maximumRank = 8

  /// The floating-point tensors, in the order of the file.
  public let arrays: [NamedArray]
  /// The integer tensors, in the order of the file.
  public let integers: [NamedIntegers]
  /// Free text by key.
  public let metadata: [String: String]

  /// Creates the contents of a file.
  ///
  /// - Precondition: names are unique over arrays and integers, and none is `__metadata__`.
  public init(
    arrays: [NamedArray], integers: [NamedIntegers] = [], metadata: [String: String] = [:]
  ) {
    var names: Set = [SafeTensorsHeader.reservedName]
    for name in arrays.map(\.name) + integers.map(\.name) {
      precondition(names.insert(name).inserted, "tensor name '\(name)' is taken")
    }
    (self.arrays, self.integers, self.metadata) = (arrays, integers, metadata)
  }

  /// Returns the floating-point tensor of this name, checking its shape.
  ///
  /// - Throws: ``CheckpointError/missingTensor(_:)`` or
  ///   ``CheckpointError/wrongShape(tensor:expected:found:)``.
  public func array(_ name: String, shape: [Int]) throws(CheckpointError) -> NamedArray {
    guard let array = arrays.first(where: { $0.name == name }) else { throw .missingTensor(name) }
    guard array.shape == shape else {
      throw .wrongShape(tensor: name, expected: shape, found: array.shape)
    }
    return array
  }

  /// Returns the integer tensor of this name.
  ///
  /// - Throws: ``CheckpointError/missingTensor(_:)``.
  public func integers(_ name: String) throws(CheckpointError) -> NamedIntegers {
    guard let array = integers.first(where: { $0.name == name }) else { throw .missingTensor(name) }
    return array
  }

  /// Returns `count` counts, each from 0 to `limit`.
  ///
  /// - Throws: ``CheckpointError`` if there is no such tensor of integers, or it has another shape or
  ///   larger numbers.
  public func counts(
    _ name: String, count: Int, limit: Int
  ) throws(CheckpointError) -> [Int] {
    let found = try integers(name)
    guard found.shape == [count], !found.isSigned else {
      throw .wrongShape(tensor: name, expected: [count], found: found.shape)
    }
    var result: [Int] = []
    for value in found.elements {
      guard value <= UInt64(limit) else {
        throw .countOutOfRange(tensor: name, value: value, limit: UInt64(limit))
      }
      result.append(Int(value))
    }
    return result
  }

  /// Refuses a file that holds fewer floating-point numbers than what it describes needs, before
  /// memory is taken for that.
  ///
  /// - Throws: ``CheckpointError/tooFewNumbers(expected:found:)``.
  public func checkHolds(_ expected: Int) throws(CheckpointError) {
    let found = arrays.reduce(0) { $0 + $1.elements.count }
    guard found >= expected else { throw .tooFewNumbers(expected: expected, found: found) }
  }
}
