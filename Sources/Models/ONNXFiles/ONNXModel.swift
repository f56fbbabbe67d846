/// A network as an ONNX file holds it: nodes in the order in which they are computed, and constants.
public struct ONNXModel: Equatable, Sendable {
  /// The versions of the operator set that are read.
  public static let operatorSets = 7...21
  /// The longest file, in bytes.
  public static let maximumFileBytes = 1 << 30
  /// The longest name, in bytes.
  public static let maximumNameBytes = 1024
  /// The most nodes.
  public static let maximumNodes = 5_000
  /// The most constants.
  public static let maximumTensors = 50_000
  /// The most inputs, outputs or attributes of one node, and inputs or outputs of the graph with which
  /// constants are listed in old files.
  public static let maximumListCount = 50_000
  /// The most axes of a tensor.
  public static let maximumRank = 8
  /// The most numbers of a tensor.
  public static let maximumElements = 1 << 28

  /// The version of the operator set.
  public var operatorSet: Int
  /// The nodes.
  public var nodes: [ONNXNode]
  /// The constants, by name.
  public var tensors: [String: ONNXTensor]
  /// The inputs without the constants.
  public var inputs: [ONNXValue]
  /// The outputs.
  public var outputs: [ONNXValue]

  /// Creates a model.
  public init(
    operatorSet: Int, nodes: [ONNXNode], tensors: [String: ONNXTensor], inputs: [ONNXValue],
    outputs: [ONNXValue]
  ) {
    (self.operatorSet, self.nodes, self.tensors) = (operatorSet, nodes, tensors)
    (self.inputs, self.outputs) = (inputs, outputs)
  }
}

/// An input or output of a graph.
public struct ONNXValue: Equatable, Sendable {
  /// The name.
  public var name: String
  /// The lengths of the axes, outermost first; nil for one that is not fixed. No list if the file has
  /// none.
  public var shape: [Int?]?
  /// Whether the numbers are single-precision.
  public var isFloat: Bool

  /// Creates a value of single-precision numbers.
  public init(_ name: String, shape: [Int?]?, isFloat: Bool = true) {
    (self.name, self.shape, self.isFloat) = (name, shape, isFloat)
  }
}

/// One operation of a graph.
public struct ONNXNode: Equatable, Sendable {
  /// The name, which may be empty.
  public var name: String
  /// The operator.
  public var operation: String
  /// Whose operator it is; empty for those of ONNX itself.
  public var domain: String
  /// The names of what it takes; empty for what is left out.
  public var inputs: [String]
  /// The names of what it gives.
  public var outputs: [String]
  /// The settings, by name.
  public var attributes: [String: ONNXAttribute]

  /// Creates a node.
  public init(
    _ operation: String, name: String = "", domain: String = "", inputs: [String],
    outputs: [String], attributes: [String: ONNXAttribute] = [:]
  ) {
    (self.name, self.operation, self.domain) = (name, operation, domain)
    (self.inputs, self.outputs, self.attributes) = (inputs, outputs, attributes)
  }

  /// What an error calls it: `'conv_1' (Conv)`; by its result if it has no name.
  public var title: String {
    "'\(name.isEmpty ? outputs.first ?? "" : name)' (\(operation))"
  }
}

/// A setting of a node.
public enum ONNXAttribute: Equatable, Sendable {
  case float(Float)
  case integer(Int)
  case text(String)
  case tensor(ONNXTensor)
  case floats([Float])
  case integers([Int])
  /// One of a kind that no supported operator has.
  case other
}

/// A constant: numbers and their shape.
public struct ONNXTensor: Equatable, Sendable {
  /// Floating-point or whole numbers, last axis fastest.
  public enum Elements: Equatable, Sendable {
    case floats([Float])
    case integers([Int])
  }

  /// The lengths of the axes, outermost first.
  public var shape: [Int]
  /// The numbers.
  public var elements: Elements

  /// Creates a constant.
  ///
  /// - Precondition: there are as many numbers as the shape holds.
  public init(shape: [Int], _ elements: Elements) {
    (self.shape, self.elements) = (shape, elements)
    precondition(count == shape.reduce(1, *), "\(count) numbers of shape \(shape)")
  }

  /// The count of numbers.
  public var count: Int {
    switch elements {
    case .floats(let numbers): numbers.count
    case .integers(let numbers): numbers.count
    }
  }

  /// The numbers as floating-point ones.
  public var floats: [Float] {
    switch elements {
    case .floats(let numbers): numbers
    case .integers(let numbers): numbers.map(Float.init)
    }
  }

  /// The numbers if they are whole ones.
  public var integers: [Int]? {
    if case .integers(let numbers) = elements { numbers } else { nil }
  }
}
