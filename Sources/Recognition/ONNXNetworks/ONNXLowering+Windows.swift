internal import NetworkGraphs
internal import ONNXFiles
private import NeuralNetworks
internal import Tensors

/// Where the windows of a node lie.
private struct WindowSettings {
  var size: [Int]
  var stride: [Int]
  var border: [Int]
  var output: [Int]
  /// Whether a window reaches beyond the border, which ONNX then does not count.
  var isCeiled: Bool
}

extension ONNXLowering {
  /// Reads the settings that convolutions and pooling share.
  private func windows(
    _ node: ONNXNode, size: [Int], over plane: [Int]
  ) throws(ONNXImportError) -> WindowSettings {
    let stride = node.integers("strides") ?? [1, 1]
    guard size.count == 2, stride.count == 2, size.allSatisfy({ (1...1024).contains($0) }),
      stride.allSatisfy({ (1...1024).contains($0) })
    else { throw refusal(node, "windows of \(size) with the strides \(stride)") }
    var pads = node.integers("pads") ?? [0, 0, 0, 0]
    let automatic = node.text("auto_pad") ?? "NOTSET"
    switch automatic {
    case "NOTSET", "": break
    case "VALID": pads = [0, 0, 0, 0]
    case "SAME_UPPER", "SAME_LOWER":
      pads = [0, 0, 0, 0]
      for axis in 0..<2 {
        let outputs = (plane[axis] + stride[axis] - 1) / stride[axis]
        let sum = max(0, (outputs - 1) * stride[axis] + size[axis] - plane[axis])
        pads[axis] = automatic == "SAME_UPPER" ? sum / 2 : sum - sum / 2
        pads[axis + 2] = sum - pads[axis]
      }
    default: throw refusal(node, "auto_pad is '\(automatic.prefix(20))'")
    }
    guard pads.count == 4, pads.allSatisfy({ (0...1024).contains($0) }) else {
      throw refusal(node, "the pads \(pads); expected four from 0 to 1024")
    }
    let isCeiled = node.integer("ceil_mode") ?? 0 == 1
    var output: [Int] = []
    for axis in 0..<2 {
      let room = plane[axis] + pads[axis] + pads[axis + 2] - size[axis]
      guard room >= 0 else {
        throw refusal(node, "windows of \(size) are larger than \(plane) with the pads \(pads)")
      }
      var count = (room + (isCeiled ? stride[axis] - 1 : 0)) / stride[axis] + 1
      // A window that would begin behind the last pixel is left out.
      if isCeiled && (count - 1) * stride[axis] >= plane[axis] + pads[axis] { count -= 1 }
      output.append(count)
    }
    return WindowSettings(
      size: size, stride: stride, border: [pads[0], pads[1]], output: output, isCeiled: isCeiled)
  }

  mutating func convolution(
    _ node: ONNXNode, _ inputs: [LoweredValue?]
  ) throws(ONNXImportError) -> LiveValue {
    let x = try planes(node, inputs)
    let weight = try constant(node, inputs, 1)
    let bias = try optionalConstant(node, inputs, 2)
    let (groups, shape) = (node.integer("group") ?? 1, weight.shape)
    guard shape.count == 4, groups >= 1, shape.allSatisfy({ $0 > 0 }), shape[0] % groups == 0,
      x.shape[1] % groups == 0, x.shape[1] / groups == shape[1]
    else {
      throw refusal(
        node, "weights \(shape) in \(groups) groups do not fit \(x.shape[1]) channels")
    }
    guard node.integers("kernel_shape") ?? Array(shape[2...]) == Array(shape[2...]) else {
      throw refusal(node, "its kernel_shape is not that of its weights, \(shape[2...])")
    }
    guard (node.integers("dilations") ?? [1, 1]).allSatisfy({ $0 == 1 }) else {
      throw refusal(node, "dilations other than 1")
    }
    guard bias.map({ $0.shape == [shape[0]] }) != false else {
      throw refusal(node, "\(bias?.count ?? 0) biases for \(shape[0]) channels")
    }
    let plane = [x.shape[2], x.shape[3]]
    let settings = try windows(node, size: Array(shape[2...]), over: plane)
    guard !settings.isCeiled, zip(settings.border, settings.size).allSatisfy({ $0 < $1 }) else {
      throw refusal(node, "pads as long as the window, or ceil_mode")
    }
    var parts = [
      NetworkGraph.Part.weight: Tensor(
        weight.floats, shape: shape
      ).permuted([2, 3, 1, 0])
    ]
    parts[.bias] = bias.map { Tensor($0.floats, shape: [shape[0]]) }
    return try add(
      node, .convolution, [x.value], shape: [batch, shape[0]] + settings.output,
      axes: [0, 3, 1, 2], parts
    ) {
      settings.set(&$0)
      $0.groups = groups == 1 ? nil : groups
    }
  }

  mutating func pooling(
    _ node: ONNXNode, _ inputs: [LoweredValue?]
  ) throws(ONNXImportError) -> LiveValue {
    let x = try planes(node, inputs)
    guard let size = node.integers("kernel_shape"), size.count == 2 else {
      throw refusal(node, "it has no kernel_shape of two axes")
    }
    guard (node.integers("dilations") ?? [1, 1]).allSatisfy({ $0 == 1 }) else {
      throw refusal(node, "dilations other than 1")
    }
    let settings = try windows(node, size: size, over: [x.shape[2], x.shape[3]])
    let isMean = node.operation == "AveragePool"
    let counts = isMean && node.integer("count_include_pad") ?? 0 == 1
    guard !counts || !settings.isCeiled, zip(settings.border, size).allSatisfy({ $0 < $1 }) else {
      throw refusal(
        node, "pads as long as the window, or ceil_mode together with count_include_pad")
    }
    return try add(
      node, isMean ? .averagePool : .maxPool, [x.value],
      shape: [batch, x.shape[1]] + settings.output, axes: [0, 3, 1, 2]
    ) {
      settings.set(&$0)
      $0.countsBorder = counts ? true : nil
    }
  }

  mutating func globalAverage(
    _ node: ONNXNode, _ inputs: [LoweredValue?]
  ) throws(ONNXImportError) -> LiveValue {
    let x = try planes(node, inputs)
    return try add(
      node, .globalAverage, [x.value], shape: [batch, x.shape[1], 1, 1], axes: [0, 3, 1, 2])
  }

  /// The mean over rows and columns, however ONNX sees them.
  mutating func mean(
    _ node: ONNXNode, _ inputs: [LoweredValue?]
  ) throws(ONNXImportError) -> LiveValue {
    let x = try live(node, inputs)
    let list = try optionalConstant(node, inputs, 1)?.integers ?? node.integers("axes") ?? []
    let rank = x.shape.count
    let seen = Set(list.map { $0 < 0 ? $0 + rank : $0 })
    guard rank == 4, Set(x.axes.indices.filter { [1, 2].contains(x.axes[$0]) }) == seen else {
      throw refusal(node, "a mean over the axes \(list); expected rows and columns")
    }
    let shape = x.shape.indices.map { seen.contains($0) ? 1 : x.shape[$0] }
    let kept = try add(node, .globalAverage, [x.value], shape: shape, axes: x.axes)
    guard node.integer("keepdims") ?? 1 == 0 else { return kept }
    let row = [batch, x.stored[2]]
    return try add(node, .reshape, [kept.value], shape: row, axes: [0, 1]) { $0.shape = [row[1]] }
  }
}

extension WindowSettings {
  fileprivate func set(_ node: inout NetworkGraph.Node) {
    (node.window, node.stride, node.border, node.output) = (size, stride, border, output)
  }
}
