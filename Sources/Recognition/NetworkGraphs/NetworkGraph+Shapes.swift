public import Tensors

extension NetworkGraph {
  /// The shape of every value for one picture, the picture's first.
  ///
  /// Nothing in the graph is trusted: every index, size and tensor is checked.
  ///
  /// - Throws: ``NetworkGraphError``.
  public func shapes(with table: ParameterTable) throws(NetworkGraphError) -> [[Int]] {
    guard nodes.count <= Self.maximumNodes else {
      throw .malformed("\(nodes.count) nodes; at most \(Self.maximumNodes) are accepted")
    }
    guard input.count == 3, Self.count(of: input) != nil else {
      throw .malformed("a picture of shape \(input)")
    }
    var shapes = [input]
    for (index, node) in nodes.enumerated() {
      func refusal(_ reason: String) -> NetworkGraphError {
        .badNode(index: index, name: node.name, reason: reason)
      }
      guard node.inputs.allSatisfy({ $0 >= 0 && $0 <= index }) else {
        throw refusal("it takes values \(node.inputs) of \(index + 1)")
      }
      let arguments = node.operation.isBinary ? 2 : 1
      guard node.inputs.count == arguments else {
        throw refusal("it takes \(node.inputs.count) values; expected \(arguments)")
      }
      let rule = ShapeRule(node, index, node.inputs.map { shapes[$0] }, table)
      let found: [Int]
      do { found = try rule.result() } catch { throw refusal(error.reason) }
      guard found.count <= Self.maximumAxes, Self.count(of: found) != nil else {
        throw refusal("its result has the shape \(found)")
      }
      shapes.append(found)
    }
    for value in [embedding, identity] where value < 0 || value > nodes.count {
      throw .badResult("there is no value \(value)")
    }
    guard shapes[embedding].count == 1 else {
      throw .badResult("the last result has the shape \(shapes[embedding]); expected one axis")
    }
    return shapes
  }

  /// The product of the axes, if all are positive and it is within reason.
  static func count(of shape: [Int]) -> Int? {
    var count = 1
    for length in shape {
      let (product, overflows) = count.multipliedReportingOverflow(by: length)
      guard length > 0, !overflows, product <= maximumNumbers else { return nil }
      count = product
    }
    return count
  }
}

extension NetworkGraph.Operation {
  /// Whether it takes two values.
  public var isBinary: Bool {
    switch self {
    case .sum, .difference, .product, .quotient: true
    default: false
    }
  }

  /// Whether an activation can follow within the operation.
  public var takesActivation: Bool {
    switch self {
    case .convolution, .dense, .scaleShift, .activation: true
    default: false
    }
  }
}

/// What a node makes of shapes.
private struct ShapeRule {
  /// Why a node cannot be run.
  struct Refusal: Error { let reason: String }

  private let node: NetworkGraph.Node
  private let index: Int
  private let inputs: [[Int]]
  private let table: ParameterTable

  init(_ node: NetworkGraph.Node, _ index: Int, _ inputs: [[Int]], _ table: ParameterTable) {
    (self.node, self.index, self.inputs, self.table) = (node, index, inputs, table)
  }

  func result() throws(Refusal) -> [Int] {
    let shape = inputs[0]
    let found: [Int]
    switch node.operation {
    case .convolution: found = try convolution(shape)
    case .dense:
      let weight = try tensor(.weight).shape
      guard shape.count == 1, weight.count == 2, weight[0] == shape[0], weight[1] > 0 else {
        throw Refusal(reason: "weights \(weight) do not fit an input of \(shape)")
      }
      found = [weight[1]]
    case .scaleShift:
      try expect(.scale, channels: shape.last ?? 0)
      try expect(.shift, channels: shape.last ?? 0)
      found = shape
    case .activation, .logistic, .hardSwish, .hyperbolicTangent: found = shape
    case .hardLogistic, .clamp:
      guard let numbers = node.numbers, numbers.count == 2, numbers.allSatisfy({ !$0.isNaN }),
        node.operation != .clamp || numbers[0] <= numbers[1]
      else { throw Refusal(reason: "it has the numbers \(node.numbers ?? [])") }
      found = shape
    case .sum, .difference, .product, .quotient:
      guard shape.count == inputs[1].count,
        zip(shape, inputs[1]).allSatisfy({ $0 == $1 || $0 == 1 || $1 == 1 })
      else { throw Refusal(reason: "shapes \(shape) and \(inputs[1]) do not fit") }
      found = zip(shape, inputs[1]).map { max($0, $1) }
    case .maxPool, .averagePool:
      let output = try plane(of: shape)
      found = [output.0, output.1, shape[2]]
    case .globalAverage:
      guard shape.count == 3 else { throw Refusal(reason: "its input has the shape \(shape)") }
      found = [1, 1, shape[2]]
    case .reshape:
      guard let new = node.shape, let count = NetworkGraph.count(of: new),
        count == NetworkGraph.count(of: shape)
      else { throw Refusal(reason: "\(shape) cannot become \(node.shape ?? [])") }
      found = new
    case .permute:
      guard let order = node.shape, order.sorted() == Array(shape.indices) else {
        throw Refusal(reason: "\(node.shape ?? []) is no order of \(shape.count) axes")
      }
      found = order.map { shape[$0] }
    }
    if node.operation.takesActivation {
      let channels = found.last ?? 0
      for part in [NetworkGraph.Part.bias, .slopes]
      where table[NetworkGraph.name(part, of: index)] != nil {
        try expect(part, channels: channels)
      }
      guard node.ceiling.map(\.isFinite) != false else {
        throw Refusal(reason: "its ceiling is no number")
      }
    }
    return found
  }

  private func tensor(_ part: NetworkGraph.Part) throws(Refusal) -> Tensor {
    guard let tensor = table[NetworkGraph.name(part, of: index)] else {
      throw Refusal(reason: "it has no \(part.rawValue)")
    }
    return tensor
  }

  private func expect(_ part: NetworkGraph.Part, channels: Int) throws(Refusal) {
    let shape = try tensor(part).shape
    guard shape == [channels] else {
      throw Refusal(reason: "its \(part.rawValue) has the shape \(shape); expected [\(channels)]")
    }
  }

  private func convolution(_ shape: [Int]) throws(Refusal) -> [Int] {
    let (weight, groups) = (try tensor(.weight).shape, node.groups ?? 1)
    let output = try plane(of: shape)
    guard weight.count == 4, groups > 0, weight[3] > 0, weight[3] % groups == 0,
      shape[2] % groups == 0, weight[2] == shape[2] / groups,
      [weight[0], weight[1]] == node.window
    else {
      throw Refusal(reason: "weights \(weight) in \(groups) groups do not fit \(shape)")
    }
    return [output.0, output.1, weight[3]]
  }

  /// Rows and columns of windows, each of which sees a pixel.
  private func plane(of shape: [Int]) throws(Refusal) -> (Int, Int) {
    let lists = [node.window, node.stride, node.border, node.output]
    guard shape.count == 3, lists.allSatisfy({ $0?.count == 2 }), let window = node.window,
      let stride = node.stride, let border = node.border, let output = node.output
    else { throw Refusal(reason: "it has no window, or its input has the shape \(shape)") }
    for axis in 0..<2 {
      let isSane =
        (1...1024).contains(window[axis]) && (1...1024).contains(stride[axis])
        && (0..<window[axis]).contains(border[axis]) && (1...65536).contains(output[axis])
        && (output[axis] - 1) * stride[axis] - border[axis] < shape[axis]
      guard isSane else {
        throw Refusal(
          reason: "windows of \(window), stride \(stride), border \(border), \(output) times, do "
            + "not fit \(shape)")
      }
    }
    return (output[0], output[1])
  }
}
