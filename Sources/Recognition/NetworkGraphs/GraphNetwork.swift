private import KernelSupport
public import NeuralNetworks
public import Tensors

/// A graph with its numbers, ready for use.
///
/// A value that any number of threads may share. The result for a picture does not depend on the others in
/// its batch, nor on the number of threads, not even in the last bit.
public struct GraphNetwork: Sendable {
  /// The operations.
  public let graph: NetworkGraph
  /// Their numbers.
  public let parameters: ParameterTable
  /// The shape of each value for one picture.
  public let shapes: [[Int]]
  private let layers: [Layer]
  /// For each node the values that nobody takes after it.
  private let finished: [[Int]]

  /// What a node needs, made once.
  private struct Layer: Sendable {
    var weight = Tensor(zeros: [0])
    var activation = ChannelActivation()
    var window: PlaneWindow?
    var scale: [Float] = []
    var shift: [Float] = []
  }

  /// Creates a network.
  ///
  /// - Throws: ``NetworkGraphError`` if the graph makes no sense, or its numbers do not fit.
  public init(_ graph: NetworkGraph, _ parameters: ParameterTable) throws(NetworkGraphError) {
    shapes = try graph.shapes(with: parameters)
    (self.graph, self.parameters) = (graph, parameters)
    layers = graph.nodes.enumerated().map { index, node in
      func part(_ part: NetworkGraph.Part) -> Tensor? {
        parameters[NetworkGraph.name(part, of: index)]
      }
      var layer = Layer()
      layer.weight = part(.weight) ?? layer.weight
      layer.activation = ChannelActivation(
        bias: node.operation == .scaleShift ? nil : part(.bias), slopes: part(.slopes),
        ceiling: node.ceiling ?? .infinity)
      (layer.scale, layer.shift) = (part(.scale)?.numbers ?? [], part(.shift)?.numbers ?? [])
      if let size = node.window, let stride = node.stride, let border = node.border,
        let output = node.output
      {
        layer.window = PlaneWindow(
          size: PlaneSize(size[0], size[1]), stride: PlaneSize(stride[0], stride[1]),
          border: PlaneSize(border[0], border[1]), output: PlaneSize(output[0], output[1]))
      }
      return layer
    }
    var last = [Int](repeating: -1, count: graph.nodes.count + 1)
    for (index, node) in graph.nodes.enumerated() {
      for input in node.inputs { last[input] = index }
    }
    var finished = [[Int]](repeating: [], count: graph.nodes.count)
    for (value, node) in last.enumerated()
    where node >= 0 && value != graph.embedding && value != graph.identity {
      finished[node].append(value)
    }
    self.finished = finished
  }

  /// The shape of what is seen, and the count of numbers of the embedding.
  public var identityShape: [Int] { shapes[graph.identity] }
  public var embeddingCount: Int { shapes[graph.embedding][0] }

  /// The most pictures that go through the graph together where the batch is shared out: fewer would read
  /// the weights too often, more would not stay in the cache.
  private static let most = 4

  /// What is seen, (batch, …), and the embedding, (batch, numbers), of pictures of the graph's size.
  public func callAsFunction(_ pictures: Variable) -> (identity: Variable, embedding: Variable) {
    precondition(
      Array(pictures.value.shape.dropFirst()) == graph.input,
      "pictures of \(pictures.value.shape); the network takes \(graph.input)")
    let parts = pictures.isTracked ? [] : parts(of: pictures.value.shape[0])
    guard parts.count > 1 else { return results(of: pictures) }
    // Each thread takes pictures through the whole graph: no waiting for each other after every node,
    // and what one node writes is still in the cache for the next.
    let batch = pictures.value
    let found = WorkerPool.shared.map(parts.count) { index in
      let (identity, embedding) = results(of: Variable(batch.entries(parts[index])))
      return (identity: identity.value, embedding: embedding.value)
    }
    return (
      Variable(Tensor(joining: found.map(\.identity))),
      Variable(Tensor(joining: found.map(\.embedding)))
    )
  }

  /// A batch in parts for the threads; whole if those would differ too much in size.
  private func parts(of batch: Int) -> [Range<Int>] {
    let threads = WorkerPool.shared.limit
    let rounds = (batch + threads * Self.most - 1) / (threads * Self.most)
    let count = min(batch, rounds * threads)
    guard count > 1 else { return [] }
    // A thread with a smaller part waits for the one with the largest: for a quarter of its time at most.
    let largest = (batch + count - 1) / count
    guard 4 * rounds * threads * largest <= 5 * batch else { return [] }
    return (0..<count).map { $0 * batch / count..<($0 + 1) * batch / count }
  }

  private func results(of pictures: Variable) -> (identity: Variable, embedding: Variable) {
    let batch = pictures.value.shape[0]
    var values: [Variable?] = [pictures]
    for (index, node) in graph.nodes.enumerated() {
      let inputs = node.inputs.map { input -> Variable in
        guard let value = values[input] else { preconditionFailure("value \(input) is gone") }
        return value
      }
      values.append(result(node, layers[index], inputs, [batch] + shapes[index + 1]))
      for value in finished[index] { values[value] = nil }
    }
    guard let identity = values[graph.identity], let embedding = values[graph.embedding] else {
      preconditionFailure("results are kept")
    }
    return (identity, embedding)
  }

  private func result(
    _ node: NetworkGraph.Node, _ layer: Layer, _ inputs: [Variable], _ shape: [Int]
  ) -> Variable {
    let x = inputs[0]
    switch node.operation {
    case .convolution:
      guard let window = layer.window else { preconditionFailure("a convolution has a window") }
      return x.convolved(layer.weight, window, groups: node.groups ?? 1, layer.activation)
    case .dense: return x.dense(layer.weight, layer.activation)
    case .scaleShift:
      let y = x.scaledShifted(scale: layer.scale, shift: layer.shift)
      return layer.activation.isEmpty ? y : y.activated(layer.activation)
    case .activation: return x.activated(layer.activation)
    case .logistic: return x.logistic()
    case .hardLogistic:
      let numbers = node.numbers ?? []
      return x.hardLogistic(slope: numbers[0], shift: numbers[1])
    case .hardSwish: return x.hardSwish()
    case .hyperbolicTangent: return x.hyperbolicTangent()
    case .clamp:
      let numbers = node.numbers ?? []
      return x.clamped(numbers[0]...numbers[1])
    case .sum: return x.spread(to: shape) + inputs[1].spread(to: shape)
    case .difference: return x.spread(to: shape) - inputs[1].spread(to: shape)
    case .product: return x.spread(to: shape) * inputs[1].spread(to: shape)
    case .quotient: return x.spread(to: shape) / inputs[1].spread(to: shape)
    case .maxPool, .averagePool:
      guard let window = layer.window else { preconditionFailure("pooling has a window") }
      return node.operation == .maxPool
        ? x.maxPooled(window)
        : x.averagePooled(window, countsBorder: node.countsBorder ?? false)
    case .globalAverage: return x.globallyAveraged().reshaped(shape)
    case .reshape: return x.reshaped(shape)
    case .permute: return x.permuted([0] + (node.shape ?? []).map { $0 + 1 })
    }
  }
}
