internal import NeuralNetworks
internal import ONNXFiles
internal import Tensors

/// An ONNX graph while it is put together, of operator set 13: maps are (batch, channel, row, column) as
/// ONNX has them, and weights come as ours are, channels last.
struct ONNXGraph {
  private(set) var nodes: [ONNXNode] = []
  private(set) var tensors: [String: ONNXTensor] = [:]

  /// Adds a node with one result.
  ///
  /// - `name`: of the result; one that is made of the operator and a number if not given.
  /// - Returns: the result's name.
  mutating func add(
    _ operation: String, _ inputs: [String], _ attributes: [String: ONNXAttribute] = [:],
    named name: String? = nil
  ) -> String {
    let result = name ?? "\(operation.lowercased())_\(nodes.count)"
    nodes.append(
      ONNXNode(
        operation, name: "\(operation)_\(nodes.count)", inputs: inputs, outputs: [result],
        attributes: attributes))
    return result
  }

  /// Adds numbers.
  mutating func constant(_ shape: [Int], _ numbers: [Float]) -> String {
    constant(ONNXTensor(shape: shape, .floats(numbers)))
  }

  /// Adds whole numbers in a row.
  mutating func constant(_ numbers: [Int]) -> String {
    constant(ONNXTensor(shape: [numbers.count], .integers(numbers)))
  }

  private mutating func constant(_ tensor: ONNXTensor) -> String {
    let name = "constant_\(tensors.count)"
    tensors[name] = tensor
    return name
  }

  /// Sums over a window.
  ///
  /// - `weight`: (rows, columns, in / groups, out).
  /// - `pads`: rows and columns of zeros before, then after.
  mutating func convolution(
    _ x: String, _ weight: Tensor, bias: Tensor?, stride: [Int] = [1, 1],
    pads: [Int] = [1, 1, 1, 1], groups: Int = 1
  ) -> String {
    let turned = weight.permuted([3, 2, 0, 1])
    var inputs = [x, constant(turned.shape, turned.numbers)]
    if let bias { inputs.append(constant([bias.count], bias.numbers)) }
    return add(
      "Conv", inputs,
      [
        "kernel_shape": .integers(Array(weight.shape.prefix(2))), "strides": .integers(stride),
        "pads": .integers(pads), "group": .integer(groups),
      ])
  }

  /// A dense product of rows; `weight` is (in, out).
  mutating func dense(_ x: String, _ weight: Tensor, bias: Tensor?) -> String {
    let product = add("MatMul", [x, constant(weight.shape, weight.numbers)])
    guard let bias else { return product }
    return add("Add", [product, constant([bias.count], bias.numbers)])
  }

  /// One slope below zero for all.
  mutating func rectified(_ x: String, slope: ActivationSlope) -> String {
    switch slope {
    case 1: x
    case 0: add("Relu", [x])
    default: add("LeakyRelu", [x], ["alpha": .float(slope)])
    }
  }

  /// The largest of each 2×2.
  mutating func halved(_ x: String) -> String {
    add("MaxPool", [x], ["kernel_shape": .integers([2, 2]), "strides": .integers([2, 2])])
  }

  /// A map as a row of numbers, place by place as ours are.
  mutating func row(_ x: String, count: Int, named name: String? = nil) -> String {
    let turned = add("Transpose", [x], ["perm": .integers([0, 2, 3, 1])])
    return add("Reshape", [turned, constant([0, count])], named: name)
  }

  /// A row of numbers as a map, place by place as ours are.
  mutating func map(_ x: String, rows: Int, columns: Int, channels: Int) -> String {
    let places = add("Reshape", [x, constant([0, rows, columns, channels])])
    return add("Transpose", [places], ["perm": .integers([0, 3, 1, 2])])
  }

  /// Batch normalisation with the parameters called `name`.
  mutating func normalized(_ x: String, _ name: String, _ parameters: ParameterTable) -> String {
    let parts = ["gamma", "beta", "running_mean", "running_variance"].map { part in
      parameters.tensor("\(name).\(part)")
    }
    let inputs = parts.map { constant([$0.count], $0.numbers) }
    return add("BatchNormalization", [x] + inputs, ["epsilon": .float(1e-5)])
  }

  /// The file's contents.
  ///
  /// - `inputs`, `outputs`: names, and axes after the batch.
  func model(
    inputs: [(name: String, shape: [Int])], outputs: [(name: String, shape: [Int])]
  ) -> ONNXModel {
    func values(_ list: [(name: String, shape: [Int])]) -> [ONNXValue] {
      list.map { ONNXValue($0.name, shape: [nil] + $0.shape) }
    }
    return ONNXModel(
      operatorSet: 13, nodes: nodes, tensors: tensors, inputs: values(inputs),
      outputs: values(outputs))
  }
}

extension ParameterTable {
  /// The tensor of this name.
  ///
  /// - Precondition: the network has it; tables come from networks of the same shape.
  func tensor(_ name: String) -> Tensor {
    guard let tensor = self[name] else { preconditionFailure("no parameter '\(name)'") }
    return tensor
  }
}
