internal import NetworkGraphs
internal import ONNXFiles
internal import Tensors

extension ONNXLowering {
  /// The result of a node that takes at least one value that depends on the picture.
  mutating func operation(
    _ node: ONNXNode, _ inputs: [LoweredValue?]
  ) throws(ONNXImportError) -> LiveValue {
    switch node.operation {
    case "Conv": try convolution(node, inputs)
    case "Gemm", "MatMul": try product(node, inputs)
    case "BatchNormalization": try normalization(node, inputs)
    case "Relu": try activation(node, inputs, slope: 0)
    case "LeakyRelu": try activation(node, inputs, slope: node.float("alpha") ?? 0.01)
    case "PRelu": try slopes(node, inputs)
    case "Clip": try clip(node, inputs)
    case "Sigmoid": try function(node, inputs, .logistic)
    case "Tanh": try function(node, inputs, .hyperbolicTangent)
    case "HardSwish": try function(node, inputs, .hardSwish)
    case "HardSigmoid":
      try function(
        node, inputs, .hardLogistic, [node.float("alpha") ?? 0.2, node.float("beta") ?? 0.5])
    case "Add", "Sub", "Mul", "Div": try arithmetic(node, inputs)
    case "MaxPool", "AveragePool": try pooling(node, inputs)
    case "GlobalAveragePool": try globalAverage(node, inputs)
    case "ReduceMean": try mean(node, inputs)
    case "Flatten", "Reshape", "Squeeze", "Unsqueeze": try reshaped(node, inputs)
    case "Transpose": try transposed(node, inputs)
    case "Identity": try live(node, inputs)
    case "Dropout":
      if let training = try optionalConstant(node, inputs, 2), training.integers != [0] {
        throw refusal(node, "it drops numbers")
      } else {
        try live(node, inputs)
      }
    case "Cast":
      if node.integer("to") == 1 {
        try live(node, inputs)
      } else {
        throw refusal(node, "it casts what depends on the picture; expected constants")
      }
    default: throw .unsupportedOperator(node: node.title, domain: "")
    }
  }

  private mutating func normalization(
    _ node: ONNXNode, _ inputs: [LoweredValue?]
  ) throws(ONNXImportError) -> LiveValue {
    var numbers: [[Float]] = []
    for place in 1...4 { numbers.append(try constant(node, inputs, place).floats) }
    guard node.integer("training_mode") ?? 0 == 0, node.integer("spatial") ?? 1 == 1 else {
      throw refusal(node, "it normalises with the batch's own statistics, or place by place")
    }
    var x = try live(node, inputs)
    guard x.shape.count >= 2 else { throw refusal(node, "its input has no channels") }
    let channels = x.shape[1]
    guard numbers.allSatisfy({ $0.count == channels }) else {
      throw refusal(node, "it has \(numbers.map(\.count)) numbers for \(channels) channels")
    }
    x = try withLast(x, 1, node)
    let epsilon = node.float("epsilon") ?? 1e-5
    // In double precision, so that folding costs no digit.
    let scale = (0..<channels).map {
      Double(numbers[0][$0]) / (Double(numbers[3][$0]) + Double(epsilon)).squareRoot()
    }
    let shift = (0..<channels).map { Double(numbers[1][$0]) - Double(numbers[2][$0]) * scale[$0] }
    return try scaled(node, x, by: scale.map { Float($0) }, plus: shift.map { Float($0) })
  }

  /// Each channel, last in memory, times a factor plus a number.
  mutating func scaled(
    _ node: ONNXNode, _ x: LiveValue, by scale: [Float], plus shift: [Float]
  ) throws(ONNXImportError) -> LiveValue {
    guard scale.allSatisfy(\.isFinite), shift.allSatisfy(\.isFinite) else {
      throw refusal(node, "it divides by zero, or by what is no number")
    }
    return try add(
      node, .scaleShift, [x.value], shape: x.shape, axes: x.axes,
      [
        .scale: Tensor(scale, shape: [scale.count]), .shift: Tensor(shift, shape: [shift.count]),
      ])
  }

  // MARK: Activations

  private mutating func activation(
    _ node: ONNXNode, _ inputs: [LoweredValue?], slope: Float, ceiling: Float? = nil
  ) throws(ONNXImportError) -> LiveValue {
    let x = try live(node, inputs)
    guard slope.isFinite else { throw refusal(node, "its slope is no number") }
    let channels = x.stored.last ?? 1
    return try add(
      node, .activation, [x.value], shape: x.shape, axes: x.axes,
      [.slopes: Tensor(repeating: slope, shape: [channels])]
    ) { $0.ceiling = ceiling }
  }

  private mutating func slopes(
    _ node: ONNXNode, _ inputs: [LoweredValue?]
  ) throws(ONNXImportError) -> LiveValue {
    var x = try live(node, inputs)
    let slopes = try constant(node, inputs, 1)
    guard slopes.floats.allSatisfy(\.isFinite) else { throw refusal(node, "a slope is no number") }
    if slopes.count == 1 { return try activation(node, inputs, slope: slopes.floats[0]) }
    // Exporters of old files write one axis where ONNX wants the channels' place to be told.
    let isFlat = slopes.shape.count == 1 && x.shape.count > 2
    guard x.shape.count >= 2,
      let axis = isFlat && slopes.count == x.shape[1] ? 1 : channelAxis(of: slopes, in: x),
      slopes.count == x.shape[axis]
    else {
      throw refusal(node, "slopes of shape \(slopes.shape) are not one a channel of \(x.shape)")
    }
    x = try withLast(x, axis, node)
    return try add(
      node, .activation, [x.value], shape: x.shape, axes: x.axes,
      [.slopes: Tensor(slopes.floats, shape: [slopes.count])])
  }

  /// The axis of a value along which a constant has more than one place, if that is one axis.
  private func channelAxis(of constant: ONNXTensor, in x: LiveValue) -> Int? {
    let lead = x.shape.count - constant.shape.count
    let long = constant.shape.indices.filter { constant.shape[$0] > 1 }
    guard lead >= 0, long.count == 1, let axis = long.first, lead + axis > 0,
      x.shape[lead + axis] == constant.shape[axis]
    else { return nil }
    return lead + axis
  }

  private mutating func clip(
    _ node: ONNXNode, _ inputs: [LoweredValue?]
  ) throws(ONNXImportError) -> LiveValue {
    func limit(_ place: Int, _ name: String) throws(ONNXImportError) -> Float? {
      guard let tensor = try optionalConstant(node, inputs, place) else { return node.float(name) }
      guard tensor.count == 1 else { throw refusal(node, "its limit is \(tensor.count) numbers") }
      return tensor.floats[0]
    }
    let low = try limit(1, "min").flatMap { $0 > -Float.greatestFiniteMagnitude ? $0 : nil }
    let high = try limit(2, "max").flatMap { $0 < Float.greatestFiniteMagnitude ? $0 : nil }
    if low == 0, high ?? 1 > 0 { return try activation(node, inputs, slope: 0, ceiling: high) }
    let x = try live(node, inputs)
    guard low ?? -.infinity <= high ?? .infinity else {
      throw refusal(node, "its limits are the wrong way round, or no numbers")
    }
    if low == nil && high == nil { return x }
    return try function(
      node, inputs, .clamp,
      [low ?? -.greatestFiniteMagnitude, high ?? .greatestFiniteMagnitude])
  }

  private mutating func function(
    _ node: ONNXNode, _ inputs: [LoweredValue?], _ operation: NetworkGraph.Operation,
    _ numbers: [Float]? = nil
  ) throws(ONNXImportError) -> LiveValue {
    let x = try live(node, inputs)
    return try add(node, operation, [x.value], shape: x.shape, axes: x.axes) {
      $0.numbers = numbers
    }
  }

  // MARK: Element by element

  private mutating func arithmetic(
    _ node: ONNXNode, _ inputs: [LoweredValue?]
  ) throws(ONNXImportError) -> LiveValue {
    guard inputs.count == 2 else { throw refusal(node, "it has no two inputs") }
    switch (inputs[0], inputs[1]) {
    case (.live(let a), .live(let b)): return try combined(node, a, b)
    case (.live(let x), .constant(let constant)):
      return try shifted(node, x, constant, isFirst: false)
    case (.constant(let constant), .live(let x)):
      return try shifted(node, x, constant, isFirst: true)
    default: throw refusal(node, "an input is left out")
    }
  }

  private mutating func combined(
    _ node: ONNXNode, _ a: LiveValue, _ b: LiveValue
  ) throws(ONNXImportError) -> LiveValue {
    guard a.shape.count == b.shape.count,
      zip(a.shape, b.shape).allSatisfy({ $0 == $1 || $0 == 1 || $1 == 1 })
    else { throw refusal(node, "the shapes \(a.shape) and \(b.shape) do not fit") }
    // The smaller one's axes change, if any have to.
    let axes = a.shape.reduce(1, *) >= b.shape.reduce(1, *) ? a.axes : b.axes
    let (first, second) = (try arranged(a, axes: axes, node), try arranged(b, axes: axes, node))
    let operation: NetworkGraph.Operation =
      switch node.operation {
      case "Add": .sum
      case "Sub": .difference
      case "Mul": .product
      default: .quotient
      }
    return try add(
      node, operation, [first.value, second.value],
      shape: zip(a.shape, b.shape).map { max($0, $1) }, axes: axes)
  }

  private mutating func shifted(
    _ node: ONNXNode, _ value: LiveValue, _ constant: ONNXTensor, isFirst: Bool
  ) throws(ONNXImportError) -> LiveValue {
    var x = value
    let channels: Int
    if constant.count == 1 && constant.shape.count <= x.shape.count {
      channels = x.stored.last ?? 1
    } else {
      guard let axis = channelAxis(of: constant, in: x) else {
        throw refusal(
          node,
          "a constant of shape \(constant.shape) is neither a number nor one a channel of "
            + "\(x.shape)")
      }
      x = try withLast(x, axis, node)
      channels = x.shape[axis]
    }
    let numbers =
      constant.count == 1
      ? [Float](repeating: constant.floats[0], count: channels) : constant.floats
    let (ones, zeros) = (
      [Float](repeating: 1, count: channels), [Float](repeating: 0, count: channels)
    )
    switch node.operation {
    case "Add": return try scaled(node, x, by: ones, plus: numbers)
    case "Sub" where isFirst: return try scaled(node, x, by: ones.map { -$0 }, plus: numbers)
    case "Sub": return try scaled(node, x, by: ones, plus: numbers.map { -$0 })
    case "Mul": return try scaled(node, x, by: numbers, plus: zeros)
    case "Div" where !isFirst: return try scaled(node, x, by: numbers.map { 1 / $0 }, plus: zeros)
    default: throw refusal(node, "it divides a constant by what depends on the picture")
    }
  }
}
