private import NeuralNetworks
public import Tensors

/// A graph and its numbers while they are put together.
public struct GraphDraft: Sendable {
  /// The operations.
  public var graph: NetworkGraph
  /// Their numbers, by node and part.
  public private(set) var parts: [[NetworkGraph.Part: Tensor]] = []

  /// Creates an empty draft for pictures of a shape.
  public init(input: [Int]) {
    graph = NetworkGraph(input: input, nodes: [], embedding: 0, identity: 0)
  }

  /// Adds an operation with its numbers.
  ///
  /// - Returns: the value that it gives.
  public mutating func add(
    _ node: NetworkGraph.Node, _ parts: [NetworkGraph.Part: Tensor] = [:]
  ) -> Int {
    graph.nodes.append(node)
    self.parts.append(parts)
    return graph.nodes.count
  }

  /// The numbers under the names of ``NetworkGraph``.
  public var table: ParameterTable {
    var table = ParameterTable()
    for (node, parts) in parts.enumerated() {
      for part in NetworkGraph.Part.allCases {
        if let tensor = parts[part] { table[NetworkGraph.name(part, of: node)] = tensor }
      }
    }
    return table
  }

  /// Folds and fuses what can be without changing a result but for rounding:
  ///
  /// - factors of channels go into the weights before them;
  /// - activations become part of the operation before them;
  /// - an order of axes before a dense product goes into its weights;
  /// - nodes that nobody needs go.
  ///
  /// A value that is asked for stays as it is.
  public mutating func simplify() {
    orderDenseWeights()
    foldFactors()
    fuseActivations()
    removeUnused()
  }

  /// How many nodes take each value; what is asked for counts twice, so that it stays.
  private var uses: [Int] {
    var uses = [Int](repeating: 0, count: graph.nodes.count + 1)
    for node in graph.nodes { for input in node.inputs { uses[input] += 1 } }
    for kept in [graph.embedding, graph.identity] { uses[kept] += 2 }
    return uses
  }

  /// A walk over the nodes in order in which some join the one before them: each is looked at once, so
  /// that a long graph takes time in proportion to its length.
  private struct Joining {
    /// How many nodes take each value.
    var uses: [Int]
    /// The value that stands for each one.
    var stands: [Int]

    init(_ uses: [Int]) { (self.uses, stands) = (uses, Array(uses.indices)) }

    /// Whoever takes the result of `node` takes that of `before`, which only `node` took.
    mutating func join(_ node: Int, to before: Int) {
      stands[node + 1] = before + 1
      uses[before + 1] = uses[node + 1]
    }
  }

  /// Joins those nodes to the ones before them for which `joins` says so, and has made the change.
  private mutating func joinNodes(_ joins: (inout GraphDraft, Int, [Int]) -> Int?) {
    var joining = Joining(uses)
    for node in graph.nodes.indices {
      graph.nodes[node].inputs = graph.nodes[node].inputs.map { joining.stands[$0] }
      guard let before = joins(&self, node, joining.uses) else { continue }
      // What followed the node that goes follows the one before it.
      graph.nodes[before].ceiling = graph.nodes[node].ceiling
      parts[before][.slopes] = parts[node][.slopes]
      joining.join(node, to: before)
      graph.nodes[node].inputs = [0]
      parts[node] = [:]
      graph.nodes[node].operation = .reshape
    }
    graph.embedding = joining.stands[graph.embedding]
    graph.identity = joining.stands[graph.identity]
  }

  /// The node before `node` if it gives its result to that alone.
  private func onlyProducer(of node: Int, _ uses: [Int]) -> Int? {
    let input = graph.nodes[node].inputs[0]
    return input > 0 && uses[input] == 1 ? input - 1 : nil
  }

  private func hasActivation(_ node: Int) -> Bool {
    parts[node][.slopes] != nil || graph.nodes[node].ceiling != nil
  }

  /// Factors after sums, and factors after factors.
  private mutating func foldFactors() {
    joinNodes { draft, node, uses in
      guard draft.graph.nodes[node].operation == .scaleShift,
        let before = draft.onlyProducer(of: node, uses), !draft.hasActivation(before),
        let scale = draft.parts[node][.scale], let shift = draft.parts[node][.shift]
      else { return nil }
      switch draft.graph.nodes[before].operation {
      case .convolution, .dense:
        guard let weight = draft.parts[before][.weight] else { return nil }
        draft.parts[before][.weight] = Self.scaled(weight, by: scale)
        let bias = draft.parts[before][.bias] ?? Tensor(zeros: [scale.count])
        draft.parts[before][.bias] = bias * scale + shift
      case .scaleShift:
        guard let first = draft.parts[before][.scale], let second = draft.parts[before][.shift]
        else { return nil }
        draft.parts[before][.scale] = first * scale
        draft.parts[before][.shift] = second * scale + shift
      default: return nil
      }
      return before
    }
  }

  private static func scaled(_ weight: Tensor, by scale: Tensor) -> Tensor {
    let channels = scale.count
    let factors = scale.numbers
    var result = weight
    let count = weight.count
    result.update { w in
      for first in stride(from: 0, to: count, by: channels) {
        for channel in 0..<channels { w[first + channel] *= factors[channel] }
      }
    }
    return result
  }

  private mutating func fuseActivations() {
    joinNodes { draft, node, uses in
      guard draft.graph.nodes[node].operation == .activation,
        let before = draft.onlyProducer(of: node, uses),
        draft.graph.nodes[before].operation.takesActivation,
        draft.graph.nodes[before].operation != .activation, !draft.hasActivation(before)
      else { return nil }
      return before
    }
  }

  /// permute, reshape to a row, dense: the weights' rows change places instead of the numbers.
  private mutating func orderDenseWeights() {
    guard let shapes = try? graph.shapes(with: table) else { return }
    var uses = uses
    for node in graph.nodes.indices where graph.nodes[node].operation == .dense {
      guard let flat = onlyProducer(of: node, uses), graph.nodes[flat].operation == .reshape,
        let turn = onlyProducer(of: flat, uses), graph.nodes[turn].operation == .permute,
        let order = graph.nodes[turn].shape, let weight = parts[node][.weight]
      else { continue }
      let source = shapes[graph.nodes[turn].inputs[0]]
      // Each number's place after the turn, in the order before it.
      let places = Tensor((0..<weight.shape[0]).map(Float.init), shape: order.map { source[$0] })
      guard weight.shape[0] < 1 << 24 else { continue }
      let back = order.indices.map { axis in order.firstIndex(of: axis) ?? axis }
      let rows = places.permuted(back).numbers.map { Int($0) }
      let columns = weight.shape[1]
      parts[node][.weight] = weight.read { old in
        Tensor(shape: weight.shape) { new in
          for (place, row) in rows.enumerated() {
            (new + place * columns).update(from: old + row * columns, count: columns)
          }
        }
      }
      graph.nodes[flat].inputs = graph.nodes[turn].inputs
      uses[turn + 1] -= 1
      uses[graph.nodes[turn].inputs[0]] += 1
    }
  }

  /// Leaves out what leads to no result, and numbers the rest anew.
  private mutating func removeUnused() {
    var isNeeded = [Bool](repeating: false, count: graph.nodes.count + 1)
    isNeeded[graph.embedding] = true
    isNeeded[graph.identity] = true
    for node in graph.nodes.indices.reversed() where isNeeded[node + 1] {
      for input in graph.nodes[node].inputs { isNeeded[input] = true }
    }
    var places = [Int](repeating: 0, count: graph.nodes.count + 1)
    var (nodes, kept): ([NetworkGraph.Node], [[NetworkGraph.Part: Tensor]]) = ([], [])
    for node in graph.nodes.indices where isNeeded[node + 1] {
      var moved = graph.nodes[node]
      moved.inputs = moved.inputs.map { places[$0] }
      nodes.append(moved)
      kept.append(parts[node])
      places[node + 1] = nodes.count
    }
    graph.embedding = places[graph.embedding]
    graph.identity = places[graph.identity]
    (graph.nodes, parts) = (nodes, kept)
  }
}
