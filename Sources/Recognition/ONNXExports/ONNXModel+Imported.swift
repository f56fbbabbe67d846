public import Embedders
internal import NetworkGraphs
internal import NeuralNetworks
public import ONNXFiles
internal import Tensors

extension ONNXModel {
  /// A network from elsewhere as it is run here, folded and fused: `picture`, (batch, 3, side, side) with
  /// the colours that its file wanted, becomes `embedding`, and `identity` as G takes it before its size
  /// is G's.
  public init(_ imported: ImportedEmbedder) {
    let network = imported.network
    var graph = ONNXGraph()
    var values = ["picture"]
    for (index, node) in network.graph.nodes.enumerated() {
      let shapes = (node.inputs.map { network.shapes[$0] }, network.shapes[index + 1])
      let layer = GraphLayer(node, index, network.parameters, inputs: shapes.0, output: shapes.1)
      values.append(layer.write(node.inputs.map { values[$0] }, to: &graph))
    }
    let seen = network.identityShape
    let identity = values[network.graph.identity]
    if seen.count == 3 {
      _ = graph.row(identity, count: seen.reduce(1, *), named: "identity")
    } else {
      _ = graph.add(
        "Reshape", [identity, graph.constant([0, seen.reduce(1, *)])], named: "identity")
    }
    _ = graph.add("Identity", [values[network.graph.embedding]], named: "embedding")
    let side = imported.input.side
    self = graph.model(
      inputs: [("picture", [3, side, side])],
      outputs: [
        ("embedding", [network.embeddingCount]), ("identity", [seen.reduce(1, *)]),
      ])
  }
}

/// One operation of a graph, whose maps of three axes ONNX has with channels first.
private struct GraphLayer {
  private let node: NetworkGraph.Node
  private let parts: [NetworkGraph.Part: Tensor]
  private let inputs: [[Int]]
  private let output: [Int]

  init(
    _ node: NetworkGraph.Node, _ index: Int, _ parameters: ParameterTable, inputs: [[Int]],
    output: [Int]
  ) {
    (self.node, self.inputs, self.output) = (node, inputs, output)
    parts = Dictionary(
      uniqueKeysWithValues: NetworkGraph.Part.allCases.compactMap { part in
        parameters[NetworkGraph.name(part, of: index)].map { (part, $0) }
      })
  }

  /// A constant that holds a number a channel, shaped so that it meets the channels' axis.
  private func channels(_ numbers: [Float], in graph: inout ONNXGraph) -> String {
    graph.constant(output.count == 3 ? [numbers.count, 1, 1] : [numbers.count], numbers)
  }

  func write(_ values: [String], to graph: inout ONNXGraph) -> String {
    let x = values[0]
    let numbers = node.numbers ?? []
    switch node.operation {
    case .convolution:
      let sums = graph.convolution(
        x, parts[.weight] ?? Tensor(zeros: [0]), bias: parts[.bias], stride: node.stride ?? [1, 1],
        pads: pads, groups: node.groups ?? 1)
      return activated(sums, in: &graph)
    case .dense:
      return activated(
        graph.dense(x, parts[.weight] ?? Tensor(zeros: [0]), bias: parts[.bias]), in: &graph)
    case .scaleShift:
      let scaled = graph.add("Mul", [x, channels(parts[.scale]?.numbers ?? [], in: &graph)])
      let shifted = graph.add("Add", [scaled, channels(parts[.shift]?.numbers ?? [], in: &graph)])
      return activated(shifted, in: &graph)
    case .activation:
      let biased =
        parts[.bias].map { bias in
          graph.add("Add", [x, channels(bias.numbers, in: &graph)])
        } ?? x
      return activated(biased, in: &graph)
    case .logistic: return graph.add("Sigmoid", [x])
    case .hardLogistic:
      return graph.add(
        "HardSigmoid", [x], ["alpha": .float(numbers[0]), "beta": .float(numbers[1])])
    case .hardSwish:
      let gate = graph.add("HardSigmoid", [x], ["alpha": .float(1 / 6), "beta": .float(0.5)])
      return graph.add("Mul", [x, gate])
    case .hyperbolicTangent: return graph.add("Tanh", [x])
    case .clamp:
      return graph.add(
        "Clip", [x, graph.constant([], [numbers[0]]), graph.constant([], [numbers[1]])])
    case .sum: return graph.add("Add", values)
    case .difference: return graph.add("Sub", values)
    case .product: return graph.add("Mul", values)
    case .quotient: return graph.add("Div", values)
    case .maxPool, .averagePool:
      var attributes: [String: ONNXAttribute] = [
        "kernel_shape": .integers(node.window ?? []), "strides": .integers(node.stride ?? []),
        "pads": .integers(pads),
      ]
      guard node.operation == .averagePool else { return graph.add("MaxPool", [x], attributes) }
      attributes["count_include_pad"] = .integer(node.countsBorder == true ? 1 : 0)
      return graph.add("AveragePool", [x], attributes)
    case .globalAverage: return graph.add("GlobalAveragePool", [x])
    case .reshape:
      return stored(
        graph.add("Reshape", [asOurs(x, in: &graph), graph.constant([0] + output)]), in: &graph)
    case .permute:
      let order = [0] + (node.shape ?? []).map { $0 + 1 }
      return stored(
        graph.add("Transpose", [asOurs(x, in: &graph)], ["perm": .integers(order)]), in: &graph)
    }
  }

  /// The value with channels last.
  private func asOurs(_ x: String, in graph: inout ONNXGraph) -> String {
    guard inputs[0].count == 3 else { return x }
    return graph.add("Transpose", [x], ["perm": .integers([0, 2, 3, 1])])
  }

  /// A value with channels last as ONNX has it.
  private func stored(_ x: String, in graph: inout ONNXGraph) -> String {
    guard output.count == 3 else { return x }
    return graph.add("Transpose", [x], ["perm": .integers([0, 3, 1, 2])])
  }

  /// Zeros before the first pixel and after the last: as many as the windows reach beyond them.
  private var pads: [Int] {
    let (window, stride) = (node.window ?? [], node.stride ?? [])
    let (border, count) = (node.border ?? [], node.output ?? [])
    let after = (0..<2).map { axis -> Int in
      let end: Int = (count[axis] - 1) * stride[axis] + window[axis] - border[axis]
      return max(0, end - inputs[0][axis])
    }
    return border + after
  }

  private func activated(_ x: String, in graph: inout ONNXGraph) -> String {
    var y = x
    if let ceiling = node.ceiling, parts[.slopes]?.numbers.allSatisfy({ $0 == 0 }) == true {
      return graph.add("Clip", [x, graph.constant([], [0]), graph.constant([], [ceiling])])
    }
    if let slopes = parts[.slopes]?.numbers {
      if slopes.allSatisfy({ $0 == slopes[0] }) {
        y = graph.rectified(y, slope: slopes[0])
      } else {
        y = graph.add("PRelu", [y, channels(slopes, in: &graph)])
      }
    }
    guard let ceiling = node.ceiling else { return y }
    return graph.add("Clip", [y, "", graph.constant([], [ceiling])])
  }
}
