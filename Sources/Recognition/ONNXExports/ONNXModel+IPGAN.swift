private import Embedders
internal import NeuralNetworks
public import ONNXFiles
public import Reconstruction
internal import Tensors

extension ONNXModel {
  /// A: `picture`, (batch, 3, side, side) in −1…1, red first, becomes `attributes`, the mean of f_A, and
  /// `log_variance`.
  public init(encoderOf model: IPGANModel) {
    let (architecture, parameters) = (model.architecture, model.encoder.foldingNormalization())
    var graph = ONNXGraph()
    var x = "picture"
    for index in architecture.attributeWidths.indices {
      let name = "block\(index + 1).conv1"
      x = graph.halved(graph.block(x, name, parameters))
    }
    let row = graph.row(x, count: 16 * (architecture.attributeWidths.last ?? 0))
    let (weight, bias) = (parameters.tensor("head.weight"), parameters.tensor("head.bias"))
    let latent = architecture.latent
    for (first, name) in [(0, "attributes"), (latent, "log_variance")] {
      let columns = first..<first + latent
      let part = Variable(weight).columns(columns).value
      let product = graph.dense(row, part, bias: nil)
      let numbers = Array(bias.numbers[columns])
      _ = graph.add("Add", [product, graph.constant([latent], numbers)], named: name)
    }
    self = graph.model(
      inputs: [("picture", [3, architecture.side, architecture.side])],
      outputs: [("attributes", [latent]), ("log_variance", [latent])])
  }

  /// G: `identity`, f_I (or `embedding`, f_C before it is brought to unit length, where G is told that), and
  /// `attributes` become `picture`, (batch, 3, side, side) in −1…1, red first.
  public init(generatorOf model: IPGANModel) {
    let (architecture, parameters) = (model.architecture, model.generator.foldingNormalization())
    var graph = ONNXGraph()
    let known = architecture.embedding == nil ? "identity" : "embedding"
    let unfolding = FaceGenerator.unfoldingName
    let identity =
      architecture.embedding == nil
      ? known
      : graph.dense(
        known, parameters.tensor(unfolding + ".weight"),
        bias: parameters.tensor(unfolding + ".bias"))
    var x = graph.seed(identity, architecture, parameters)
    for index in 1..<architecture.generatorWidths.count {
      x = graph.enlarged(x, "block\(index).conv1", architecture, parameters)
      for further in 1..<architecture.convolutions(afterDoubling: index) {
        x = graph.add("Add", [x, graph.block(x, "block\(index).conv\(further + 1)", parameters)])
      }
    }
    let sums = graph.convolution(
      x, parameters.tensor("last.weight"), bias: parameters.tensor("last.bias"))
    _ = graph.add("Tanh", [sums], named: "picture")
    self = graph.model(
      inputs: [(known, [architecture.known]), ("attributes", [architecture.latent])],
      outputs: [("picture", [3, architecture.side, architecture.side])])
  }
}

extension ONNXGraph {
  /// The slope below zero of A's and G's activations.
  private static var slope: ActivationSlope { 0.2 }

  fileprivate mutating func block(
    _ x: String, _ name: String, _ parameters: ParameterTable
  ) -> String {
    rectified(
      convolution(
        x, parameters.tensor(name + ".weight"), bias: parameters.tensor(name + ".bias")),
      slope: Self.slope)
  }

  /// Each pixel four times.
  fileprivate mutating func doubled(_ x: String) -> String {
    add(
      "Resize", [x, "", constant([4], [1, 1, 2, 2])],
      [
        "mode": .text("nearest"), "coordinate_transformation_mode": .text("asymmetric"),
        "nearest_mode": .text("floor"),
      ])
  }

  /// A block of G that doubles a map.
  fileprivate mutating func enlarged(
    _ x: String, _ name: String, _ architecture: IPGANArchitecture, _ parameters: ParameterTable
  ) -> String {
    guard architecture.enlargement == .smooth else {
      return block(doubled(x), name, parameters)
    }
    let weight = parameters.tensor(name + ".weight")
    let sums = convolution(
      doubled(x), weight, bias: parameters.tensor(name + ".bias"))
    return rectified(smoothed(sums, channels: weight.shape[3]), slope: Self.slope)
  }

  /// A map whose channels are convolved with (1, 2, 1)/4 in both directions, the edge repeated.
  fileprivate mutating func smoothed(_ x: String, channels: Int) -> String {
    let edged = add(
      "Pad", [x, constant([0, 0, 1, 1, 0, 0, 1, 1])], ["mode": .text("edge")])
    let bell: [Float] = [0.25, 0.5, 0.25]
    let numbers = bell.flatMap { row in
      bell.flatMap { [Float](repeating: row * $0, count: channels) }
    }
    return convolution(
      edged, Tensor(numbers, shape: [3, 3, 1, channels]), bias: nil, pads: [0, 0, 0, 0],
      groups: channels)
  }

  /// G's first map of f_I.
  fileprivate mutating func seed(
    _ identity: String, _ architecture: IPGANArchitecture, _ parameters: ParameterTable
  ) -> String {
    let width = architecture.generatorWidths[0]
    if architecture.start != .places { return neighbourhoods(identity, architecture, parameters) }
    guard architecture.identitySide == 4 else {
      let both = add("Concat", [identity, "attributes"], ["axis": .integer(1)])
      let row = rectified(
        dense(both, parameters.tensor("start.weight"), bias: parameters.tensor("start.bias")),
        slope: Self.slope)
      return map(row, rows: 4, columns: 4, channels: width)
    }
    // The same product at each place is a window of one pixel.
    let weight = parameters.tensor("start.identity.weight")
    let own = convolution(
      map(identity, rows: 4, columns: 4, channels: architecture.identityChannels),
      weight.reshaped([1, 1] + weight.shape), bias: nil, pads: [0, 0, 0, 0])
    let common = map(
      dense("attributes", parameters.tensor("start.latent.weight"), bias: nil), rows: 4, columns: 4,
      channels: width)
    return rectified(
      normalized(add("Add", [own, common]), "start", parameters), slope: Self.slope)
  }

  /// G's first map where each place of f_I goes in with its neighbours.
  private mutating func neighbourhoods(
    _ identity: String, _ architecture: IPGANArchitecture, _ parameters: ParameterTable
  ) -> String {
    let (side, first) = (architecture.identitySide, architecture.firstSide)
    var own = block(
      map(identity, rows: side, columns: side, channels: architecture.identityChannels),
      "start.identity", parameters)
    if let view = architecture.identityView {
      // The response to each place alone is a column of the matrix.
      let rows = Self.placement(of: side, in: first, view.verticalPart)
      let columns = Self.placement(of: side, in: first, view.horizontalPart).permuted([1, 0])
      own = add("MatMul", [own, constant(columns.shape, columns.numbers)])
      own = add("MatMul", [constant(rows.shape, rows.numbers), own])
    } else if side != first {
      // Maps only grow here, where the triangle's mean is bilinear interpolation.
      let growth = Float(first) / Float(side)
      own = add(
        "Resize", [own, "", constant([4], [1, 1, growth, growth])],
        ["mode": .text("linear"), "coordinate_transformation_mode": .text("half_pixel")])
    }
    var common = map(
      dense("attributes", parameters.tensor("start.latent.weight"), bias: nil), rows: 4, columns: 4,
      channels: architecture.generatorWidths[0])
    if first == 8 { common = enlarged(common, "start.attributes", architecture, parameters) }
    return rectified(
      normalized(add("Add", [own, common]), "start", parameters), slope: Self.slope)
  }

  /// What each of `first` places of a whole face is made of, (first, side): of `side` places of `part`.
  private static func placement(of side: Int, in first: Int, _ part: ClosedRange<Double>) -> Tensor
  {
    let alone = Tensor(
      (0..<side * side).map { $0 % side == $0 / side ? Float(1) : 0 }, shape: [1, side, side, 1])
    return Variable(alone).placed(rows: first, columns: side, vertical: part, horizontal: 0...1)
      .value.reshaped([first, side])
  }
}
