internal import NetworkGraphs
internal import ONNXFiles
internal import Tensors

/// The pass over the nodes of an ONNX graph that makes a graph of ours.
///
/// What depends on the picture is a value of the new graph; everything else is computed at once.
struct ONNXLowering {
  let model: ONNXModel
  /// Pictures of a batch as the file has it; 1 if it leaves that open.
  let batch: Int
  var draft: GraphDraft
  /// What each name stands for.
  var values: [String: LoweredValue]
  /// The last value of each node's and each result's name.
  private(set) var layers: [String: Int] = [:]
  /// Numbers that constants may still be made of: a few times those of the file, so that a short file
  /// cannot take memory without end.
  private var remaining: Int
  /// Whether the channels come before rows and columns.
  let isChannelsFirst: Bool

  /// Begins with the graph's input.
  ///
  /// - `side`: rows and columns if the file leaves them open.
  init(_ model: ONNXModel, side: Int) throws(ONNXImportError) {
    guard model.inputs.count == 1, let input = model.inputs.first else {
      throw .noEmbedder("it takes \(model.inputs.count) inputs; expected one, pictures")
    }
    guard let axes = input.shape, axes.count == 4, input.isFloat else {
      throw .noEmbedder(
        "'\(input.name)' is no batch of pictures of single-precision numbers (four axes)")
    }
    isChannelsFirst = axes[1] == 3
    guard isChannelsFirst || axes[3] == 3 else {
      throw .noEmbedder("'\(input.name)' has no axis of three colours")
    }
    let batch = axes[0].flatMap { $0 > 0 ? $0 : nil } ?? 1
    let sides = (isChannelsFirst ? [axes[2], axes[3]] : [axes[1], axes[2]]).map {
      $0.flatMap { $0 != 0 && $0 != -1 ? $0 : nil } ?? side
    }
    guard sides.allSatisfy({ (8...1024).contains($0) }), (1...4096).contains(batch) else {
      throw .noEmbedder(
        "'\(input.name)' is \(batch) pictures of \(sides[0])×\(sides[1]); expected 8 to 1024 pixels"
      )
    }
    self.batch = batch
    self.model = model
    draft = GraphDraft(input: sides + [3])
    let live =
      isChannelsFirst
      ? LiveValue(value: 0, shape: [batch, 3] + sides, axes: [0, 3, 1, 2])
      : LiveValue(value: 0, shape: [batch] + sides + [3], axes: [0, 1, 2, 3])
    values = model.tensors.mapValues { .constant($0) }
    remaining = 4 * model.tensors.values.reduce(0) { $0 + $1.count } + 1 << 20
    values[input.name] = .live(live)
  }

  /// Takes over all nodes.
  mutating func run() throws(ONNXImportError) {
    for node in model.nodes {
      guard node.domain.isEmpty || node.domain == "ai.onnx" else {
        throw .unsupportedOperator(node: node.title, domain: node.domain)
      }
      guard let result = node.outputs.first, !result.isEmpty else {
        throw .unsupportedNode(node: node.title, reason: "it has no result")
      }
      let value = try lowered(node)
      guard values.updateValue(value, forKey: result) == nil else {
        throw .unsupportedNode(node: node.title, reason: "the name of its result is taken")
      }
      guard case .live(let live) = value else { continue }
      layers[result] = live.value
      if !node.name.isEmpty { layers[node.name] = live.value }
    }
  }

  private mutating func lowered(_ node: ONNXNode) throws(ONNXImportError) -> LoweredValue {
    if node.operation == "Constant" { return .constant(try constant(node)) }
    var inputs: [LoweredValue?] = []
    for name in node.inputs {
      guard !name.isEmpty else {
        inputs.append(nil)
        continue
      }
      guard let value = values[name] else {
        throw .unknownInput(node: node.title, input: name)
      }
      inputs.append(value)
    }
    let constants = inputs.compactMap { value -> ONNXTensor? in
      if case .constant(let tensor)? = value { tensor } else { nil }
    }
    if constants.count == inputs.count {
      if let result = try ConstantFolding.result(
        of: node, constants, operatorSet: model.operatorSet)
      {
        remaining -= result.count
        guard remaining >= 0 else {
          throw refusal(node, "the constants that are computed have too many numbers for this file")
        }
        return .constant(result)
      }
    } else if node.operation == "Shape", case .live(let live)? = inputs.first ?? nil {
      let first = node.integer("start") ?? 0
      let last = node.integer("end") ?? live.shape.count
      func place(_ index: Int) -> Int {
        min(live.shape.count, max(0, index < 0 ? index + live.shape.count : index))
      }
      let part = Array(live.shape[place(first)..<max(place(first), place(last))])
      return .constant(ONNXTensor(shape: [part.count], .integers(part)))
    }
    return .live(try operation(node, inputs))
  }

  private func constant(_ node: ONNXNode) throws(ONNXImportError) -> ONNXTensor {
    if case .tensor(let tensor)? = node.attributes["value"] { return tensor }
    if let number = node.float("value_float") { return ONNXTensor(shape: [], .floats([number])) }
    if let number = node.integer("value_int") { return ONNXTensor(shape: [], .integers([number])) }
    if let list = node.integers("value_ints") {
      return ONNXTensor(shape: [list.count], .integers(list))
    }
    if case .floats(let list)? = node.attributes["value_floats"] {
      return ONNXTensor(shape: [list.count], .floats(list))
    }
    throw .unsupportedNode(node: node.title, reason: "it holds no numbers")
  }

  // MARK: What operators share

  func refusal(_ node: ONNXNode, _ reason: String) -> ONNXImportError {
    .unsupportedNode(node: node.title, reason: reason)
  }

  /// The value at a place that depends on the picture.
  func live(
    _ node: ONNXNode, _ inputs: [LoweredValue?], _ place: Int = 0
  ) throws(ONNXImportError) -> LiveValue {
    guard inputs.count > place, case .live(let live)? = inputs[place] else {
      throw refusal(node, "its input \(place) does not depend on the picture")
    }
    return live
  }

  /// The constant at a place, nil if nothing is there.
  func optionalConstant(
    _ node: ONNXNode, _ inputs: [LoweredValue?], _ place: Int
  ) throws(ONNXImportError) -> ONNXTensor? {
    guard inputs.count > place, let input = inputs[place] else { return nil }
    guard case .constant(let tensor) = input else {
      throw refusal(node, "its input \(place) depends on the picture; expected a constant")
    }
    return tensor
  }

  /// The constant at a place.
  func constant(
    _ node: ONNXNode, _ inputs: [LoweredValue?], _ place: Int
  ) throws(ONNXImportError) -> ONNXTensor {
    guard let tensor = try optionalConstant(node, inputs, place) else {
      throw refusal(node, "it has no input \(place)")
    }
    return tensor
  }

  /// Adds an operation whose result has the shape and the axes given.
  mutating func add(
    _ node: ONNXNode, _ operation: NetworkGraph.Operation, _ inputs: [Int],
    shape: [Int], axes: [Int], _ parts: [NetworkGraph.Part: Tensor] = [:],
    _ set: (inout NetworkGraph.Node) -> Void = { _ in }
  ) throws(ONNXImportError) -> LiveValue {
    guard shape.first == batch, shape.dropFirst().allSatisfy({ $0 > 0 }),
      let count = ConstantFolding.count(of: Array(shape.dropFirst())),
      count <= NetworkGraph.maximumNumbers, shape.count <= NetworkGraph.maximumAxes
    else {
      throw refusal(node, "its result has the shape \(shape); expected \(batch) pictures first")
    }
    var made = NetworkGraph.Node(
      node.name.isEmpty ? node.outputs.first ?? "" : node.name, operation, inputs)
    set(&made)
    return LiveValue(value: draft.add(made, parts), shape: shape, axes: axes)
  }

  /// The same numbers with their axes in memory as wanted.
  mutating func arranged(
    _ live: LiveValue, axes: [Int], _ node: ONNXNode
  ) throws(ONNXImportError) -> LiveValue {
    guard live.axes != axes else { return live }
    // Axis p of the result, in memory, is the one that ONNX calls `seen`.
    let order = axes.indices.dropFirst().map { place in
      live.axes[axes.firstIndex(of: place) ?? place] - 1
    }
    let stored = live.stored
    let moved = order.filter { stored[$0] > 1 }
    if moved == moved.sorted() {
      return try add(node, .reshape, [live.value], shape: live.shape, axes: axes) {
        $0.shape = order.map { stored[$0] }
      }
    }
    return try add(node, .permute, [live.value], shape: live.shape, axes: axes) {
      $0.shape = order
    }
  }

  /// The same numbers with axis `axis`, as ONNX sees it, last in memory.
  mutating func withLast(
    _ live: LiveValue, _ axis: Int, _ node: ONNXNode
  ) throws(ONNXImportError) -> LiveValue {
    guard live.axes[axis] != live.shape.count - 1 else { return live }
    var axes = [Int](repeating: 0, count: live.shape.count)
    var place = 1
    for other in live.shape.indices.dropFirst() where other != axis {
      axes[other] = place
      place += 1
    }
    axes[axis] = place
    return try arranged(live, axes: axes, node)
  }

  /// A batch of maps with channels last in memory; ONNX sees them second.
  mutating func planes(
    _ node: ONNXNode, _ inputs: [LoweredValue?]
  ) throws(ONNXImportError) -> LiveValue {
    let live = try live(node, inputs)
    guard live.shape.count == 4 else {
      throw refusal(node, "its input has the shape \(live.shape); expected four axes")
    }
    return try arranged(live, axes: [0, 3, 1, 2], node)
  }
}
