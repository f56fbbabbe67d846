internal import NetworkGraphs
internal import ONNXFiles
internal import Tensors

extension ONNXLowering {
  mutating func transposed(
    _ node: ONNXNode, _ inputs: [LoweredValue?]
  ) throws(ONNXImportError) -> LiveValue {
    var x = try live(node, inputs)
    let order = node.integers("perm") ?? Array(x.shape.indices.reversed())
    guard order.sorted() == Array(x.shape.indices) else {
      throw refusal(node, "the order \(order) does not name each of \(x.shape.count) axes once")
    }
    guard order.first == 0 else { throw refusal(node, "it moves the axis of the batch") }
    x.shape = order.map { [shape = x.shape] in shape[$0] }
    x.axes = order.map { [axes = x.axes] in axes[$0] }
    return x
  }

  mutating func reshaped(
    _ node: ONNXNode, _ inputs: [LoweredValue?]
  ) throws(ONNXImportError) -> LiveValue {
    var x = try live(node, inputs)
    let argument = try optionalConstant(node, inputs, 1)
    let shape = try ShapeOperators.shape(after: node, of: x.shape, argument)
    guard shape.first == batch, shape.reduce(1, *) == x.shape.reduce(1, *) else {
      throw refusal(node, "\(x.shape) becomes \(shape): pictures of a batch would be mixed")
    }
    if !x.isInOrder { x = try arranged(x, axes: Array(x.shape.indices), node) }
    return try add(node, .reshape, [x.value], shape: shape, axes: Array(shape.indices)) {
      $0.shape = Array(shape.dropFirst())
    }
  }

  mutating func product(
    _ node: ONNXNode, _ inputs: [LoweredValue?]
  ) throws(ONNXImportError) -> LiveValue {
    let isGemm = node.operation == "Gemm"
    if !isGemm, let planes = try planeProduct(node, inputs) { return planes }
    var x = try live(node, inputs)
    var weight = try constant(node, inputs, 1)
    guard weight.shape.count == 2, weight.shape.allSatisfy({ $0 > 0 }) else {
      throw refusal(node, "weights of shape \(weight.shape); expected two axes")
    }
    guard !isGemm || node.integer("transA") ?? 0 == 0 else {
      throw refusal(node, "it turns what depends on the picture (transA)")
    }
    // Some exporters leave the axes of a map that has one place.
    if x.shape.count > 2 && x.shape[1...].reduce(1, *) == x.shape.max() ?? 0 && isGemm {
      let row = [batch, x.shape[1...].reduce(1, *)]
      x = try add(node, .reshape, [x.value], shape: row, axes: [0, 1]) { $0.shape = [row[1]] }
    }
    guard x.shape.count == 2 else {
      throw refusal(node, "its input has the shape \(x.shape); expected a row a picture")
    }
    if isGemm && node.integer("transB") ?? 0 == 1 {
      weight = ConstantFolding.transposed(weight, [1, 0])
    }
    guard weight.shape[0] == x.shape[1] else {
      throw refusal(node, "weights \(weight.shape) do not fit a row of \(x.shape[1]) numbers")
    }
    let (alpha, beta) = (node.float("alpha") ?? 1, node.float("beta") ?? 1)
    let outputs = weight.shape[1]
    var parts = [
      NetworkGraph.Part.weight: Tensor(
        isGemm && alpha != 1 ? weight.floats.map { $0 * alpha } : weight.floats,
        shape: weight.shape)
    ]
    if isGemm, let bias = try optionalConstant(node, inputs, 2) {
      guard bias.count == 1 || bias.count == outputs, bias.shape.count <= 2 else {
        throw refusal(node, "\(bias.count) biases for \(outputs) results")
      }
      let numbers =
        bias.count == 1 ? [Float](repeating: bias.floats[0], count: outputs) : bias.floats
      parts[.bias] = Tensor(numbers.map { $0 * beta }, shape: [outputs])
    }
    return try add(node, .dense, [x.value], shape: [batch, outputs], axes: [0, 1], parts)
  }

  /// A map times a matrix, along its last axis, or a matrix times a map, along the last but one; nil if
  /// it is no map. With that axis last in memory this is a window of one place.
  private mutating func planeProduct(
    _ node: ONNXNode, _ inputs: [LoweredValue?]
  ) throws(ONNXImportError) -> LiveValue? {
    guard inputs.count == 2 else { return nil }
    let isFirst: Bool
    var (x, matrix): (LiveValue, ONNXTensor)
    switch (inputs[0], inputs[1]) {
    case (.live(let live), .constant(let constant)): (x, matrix, isFirst) = (live, constant, false)
    case (.constant(let constant), .live(let live)): (x, matrix, isFirst) = (live, constant, true)
    default: return nil
    }
    guard x.shape.count == 4 else { return nil }
    if isFirst, matrix.shape.count == 2 { matrix = ConstantFolding.transposed(matrix, [1, 0]) }
    let axis = isFirst ? 2 : 3
    guard matrix.shape.count == 2, matrix.shape[0] == x.shape[axis], matrix.shape[1] > 0 else {
      throw refusal(node, "a matrix that does not fit a map of \(x.shape)")
    }
    x = try withLast(x, axis, node)
    var shape = x.shape
    shape[axis] = matrix.shape[1]
    let stored = x.stored
    return try add(
      node, .convolution, [x.value], shape: shape, axes: x.axes,
      [.weight: Tensor(matrix.floats, shape: [1, 1] + matrix.shape)]
    ) {
      ($0.window, $0.stride, $0.border) = ([1, 1], [1, 1], [0, 0])
      $0.output = Array(stored.prefix(2))
    }
  }
}
