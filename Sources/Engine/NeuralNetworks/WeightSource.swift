public import SeededRandom
public import Tensors

/// Where the weights of a new network come from.
public struct WeightSource: Sendable {
  /// The stream that weights are drawn from; none if only their shapes matter.
  public private(set) var generator: SplitMix64?
  /// The count of weights asked for, if they are only counted.
  private(set) var counted: Int?

  /// Creates a source that draws from `generator`, or one of zeros.
  public init(_ generator: SplitMix64?) { self.generator = generator }

  /// Creates a source that counts weights and makes none.
  static var counting: WeightSource {
    var source = WeightSource(nil)
    source.counted = 0
    return source
  }

  /// Weights of a shape: from N(0, deviation²), zeros, or none if they are only counted.
  public mutating func weights(_ shape: [Int], deviation: Float) -> Tensor {
    if let soFar = counted {
      // Sizes of architectures are bounded, but their products may still not fit.
      counted = shape.reduce(1) { $0.multipliedOrHuge(by: $1) }.addedOrHuge(to: soFar)
      return Tensor(zeros: [0])
    }
    guard var stream = generator else { return Tensor(zeros: shape) }
    defer { generator = stream }
    return Tensor.normal(shape, deviation: deviation, using: &stream)
  }
}

/// A network whose weights can be made anew.
public protocol ParameterizedNetwork: Sendable {
  /// Adds the network's parameters to `table`, in the order of its layers.
  func addParameters(to table: inout ParameterTable, using source: inout WeightSource)
}

extension ParameterizedNetwork {
  /// Freshly drawn parameters.
  public func initialParameters(using generator: inout SplitMix64) -> ParameterTable {
    var (table, source) = (ParameterTable(), WeightSource(generator))
    addParameters(to: &table, using: &source)
    generator = source.generator ?? generator
    return table
  }

  /// The names and shapes of the parameters, with zeros for weights: what a file is held against.
  public var blankParameters: ParameterTable {
    var (table, source) = (ParameterTable(), WeightSource(nil))
    addParameters(to: &table, using: &source)
    return table
  }

  /// The count of weights, without those of normalisation and the biases; no memory is taken for them.
  ///
  /// A file that describes a network holds at least as many numbers, which bounds what a description
  /// can ask for before anything is allocated.
  public var weightCount: Int {
    var (table, source) = (ParameterTable(), WeightSource.counting)
    addParameters(to: &table, using: &source)
    return source.counted ?? 0
  }
}

extension Int {
  fileprivate func multipliedOrHuge(by other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }

  fileprivate func addedOrHuge(to other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
