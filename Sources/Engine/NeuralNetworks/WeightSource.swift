public import SeededRandom
public import Tensors

/// Where the weights of a new network come from.
public struct WeightSource: Sendable {
  /// The stream that weights are drawn from; none if only their shapes matter.
  public private(set) var generator: SplitMix64?

  /// Creates a source that draws from `generator`, or one of zeros.
  public init(_ generator: SplitMix64?) { self.generator = generator }

  /// Weights of a shape: from N(0, deviation²), or zeros.
  public mutating func weights(_ shape: [Int], deviation: Float) -> Tensor {
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
}
