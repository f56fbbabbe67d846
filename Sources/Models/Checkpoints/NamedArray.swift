/// A dense single-precision array with a name, as it lies in a checkpoint.
///
/// The last axis is contiguous. A scalar has the shape `[]`.
public struct NamedArray: Equatable, Sendable {
  /// The name, unique within one file.
  public let name: String
  /// The length of each axis, outermost first.
  public let shape: [Int]
  /// The elements, last axis fastest.
  public let elements: [Float]

  /// Creates an array from its elements.
  ///
  /// - Precondition: `elements.count` is the product of `shape`.
  public init(name: String, shape: [Int], elements: [Float]) {
    precondition(
      elementCount(of: shape) == elements.count,
      "\(elements.count) elements cannot fill '\(name)' of shape \(shape)")
    (self.name, self.shape, self.elements) = (name, shape, elements)
  }
}

/// A dense array of 64-bit integers with a name: step counters, random states, positions.
///
/// Signed numbers (I64) are kept as their two's-complement bit pattern, so that both integer types
/// survive reading and writing unchanged.
public struct NamedIntegers: Equatable, Sendable {
  /// The name, unique within one file.
  public let name: String
  /// The length of each axis, outermost first.
  public let shape: [Int]
  /// The elements or their bit patterns, last axis fastest.
  public let elements: [UInt64]
  /// Whether the file's type is I64 rather than U64.
  public let isSigned: Bool

  /// Creates an array of unsigned integers, or of bit patterns of signed ones.
  ///
  /// - Precondition: `elements.count` is the product of `shape`.
  public init(name: String, shape: [Int], elements: [UInt64], isSigned: Bool = false) {
    precondition(
      elementCount(of: shape) == elements.count,
      "\(elements.count) elements cannot fill '\(name)' of shape \(shape)")
    (self.name, self.shape, self.elements, self.isSigned) = (name, shape, elements, isSigned)
  }

  /// Creates an array of one axis.
  public init(name: String, _ elements: [UInt64]) {
    self.init(name: name, shape: [elements.count], elements: elements)
  }

  /// The elements as signed numbers.
  public var signedElements: [Int64] { elements.map(Int64.init(bitPattern:)) }
}

/// The product of the axes, or nil if one is negative or the product does not fit.
func elementCount(of shape: [Int]) -> Int? {
  var product = 1
  for length in shape {
    guard length >= 0 else { return nil }
    let (value, overflow) = product.multipliedReportingOverflow(by: length)
    if overflow { return nil }
    product = value
  }
  return product
}
