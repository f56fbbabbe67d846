private import Embedders
public import NeuralNetworks
public import Tensors

/// G: an inverse VGG from [f_I, z] to a picture in −1…1.
///
/// Where f_I is a map, its places begin G's map at the same places, by themselves or with their
/// neighbours, and z adds to all of them; numbers without a place go through one dense layer together
/// with z. Where G is told f_C, one dense layer unfolds it into f_I first.
public struct FaceGenerator: ParameterizedNetwork {
  /// The shapes of all three networks.
  public let architecture: IPGANArchitecture
  private let start: Start
  /// What makes f_I of f_C, where G is told that.
  private let unfolding: DenseLayer?
  /// The block that doubles to each size, and those whose output is added to their input.
  private let sizes: [(doubling: ConvBlock, further: [ConvBlock])]
  private let last: ConvBlock

  /// How the first map is made.
  private enum Start: Sendable {
    case joined(DenseLayer)
    case map(NormalizationLayer)
    /// f_I's neighbourhoods, what z becomes on its way from 4×4 to 8×8, and what both become.
    case neighbourhoods(ConvBlock, doubled: ConvBlock?, NormalizationLayer)
  }

  /// The names of the two matrices that begin a map: of f_I's places, and of z.
  private static let matrices = (identity: "start.identity.weight", latent: "start.latent.weight")

  /// The name that the parameters of the layer from f_C to f_I begin with.
  package static let unfoldingName = "start.unfolding"

  /// Creates the network that `architecture` describes.
  public init(_ architecture: IPGANArchitecture) {
    self.architecture = architecture
    unfolding = architecture.embedding.map {
      DenseLayer(Self.unfoldingName, from: $0, to: architecture.identity)
    }
    let widths = architecture.generatorWidths
    let isSmoothed = architecture.enlargement == .smooth
    let joint = NormalizationLayer("start", channels: widths[0], slope: 0.2)
    switch (architecture.start, architecture.identitySide) {
    case (.overlapping, _), (.placed, _):
      start = .neighbourhoods(
        ConvBlock(
          "start.identity", from: architecture.identityChannels, to: widths[0], slope: 0.2),
        doubled: architecture.firstSide == 8
          ? ConvBlock(
            "start.attributes", .doubling, from: widths[0], to: widths[0], slope: 0.2,
            isSmoothed: isSmoothed)
          : nil,
        joint)
    case (.places, 4): start = .map(joint)
    case (.places, _):
      start = .joined(
        DenseLayer(
          "start", from: architecture.identity + architecture.latent, to: 16 * widths[0],
          isNormalized: true, slope: 0.2))
    }
    sizes = (1..<widths.count).map { size in
      (
        ConvBlock(
          "block\(size).conv1", .doubling, from: widths[size - 1], to: widths[size], slope: 0.2,
          isSmoothed: isSmoothed),
        (1..<architecture.convolutions(afterDoubling: size)).map {
          ConvBlock("block\(size).conv\($0 + 1)", from: widths[size], to: widths[size], slope: 0.2)
        }
      )
    }
    last = ConvBlock(
      "last", from: widths[widths.count - 1], to: 3, isNormalized: false, slope: 1)
  }

  public func addParameters(to table: inout ParameterTable, using source: inout WeightSource) {
    let width = architecture.generatorWidths[0]
    // Glorot and Bengio, 2010, equation 16, as dense layers have it.
    func addMatrix(_ name: String, _ inputs: Int, _ outputs: Int) {
      table[name] = source.weights(
        [inputs, outputs], deviation: (2 / Float(inputs + outputs)).squareRoot())
    }
    switch start {
    case .joined(let layer): layer.addParameters(to: &table, using: &source)
    case .map(let layer):
      addMatrix(Self.matrices.identity, architecture.identityChannels, width)
      addMatrix(Self.matrices.latent, architecture.latent, 16 * width)
      layer.addParameters(to: &table)
    case .neighbourhoods(let own, let doubled, let layer):
      own.addParameters(to: &table, using: &source)
      addMatrix(Self.matrices.latent, architecture.latent, 16 * width)
      doubled?.addParameters(to: &table, using: &source)
      layer.addParameters(to: &table)
    }
    for (index, size) in sizes.enumerated() {
      size.doubling.addParameters(to: &table, using: &source)
      for block in size.further {
        block.addParameters(to: &table, using: &source)
        // At first they add nothing: G learns as fast as without them (Goyal et al., "Accurate, large minibatch SGD",
        // 2017, section 5.1).
        table[block.name + ".gamma"] = Tensor(zeros: [architecture.generatorWidths[index + 1]])
      }
    }
    last.addParameters(to: &table, using: &source)
    // Drawn last: the others are those of a G without it.
    unfolding?.addParameters(to: &table, using: &source)
  }

  /// x' = G([f_I, z]), (batch, side, side, 3) in −1…1.
  ///
  /// - `known`: f_I, or f_C where ``architecture`` says so; (batch, ``IPGANArchitecture/known``).
  public func callAsFunction(_ known: Variable, _ attributes: Variable, _ pass: ForwardPass)
    -> Variable
  {
    let identity = unfolding.map { $0(known, pass) } ?? known
    let features = sizes.reduce(seed(identity, attributes, pass)) { map, size in
      size.further.reduce(size.doubling(map, pass)) { $0 + $1($0, pass) }
    }
    return last(features, pass).hyperbolicTangent()
  }

  /// The first map, (batch, firstSide, firstSide, channels).
  private func seed(_ identity: Variable, _ attributes: Variable, _ pass: ForwardPass) -> Variable {
    let batch = identity.value.shape[0]
    let shape = [batch, 4, 4, architecture.generatorWidths[0]]
    switch start {
    case .joined(let layer):
      return layer(identity.joined(columnsOf: attributes), pass).reshaped(shape)
    case .map(let layer):
      let places = identity.reshaped([16 * batch, architecture.identityChannels])
      let own = places.dense(pass[Self.matrices.identity]).reshaped(shape)
      let common = attributes.dense(pass[Self.matrices.latent]).reshaped(shape)
      return layer(own + common, pass)
    case .neighbourhoods(let block, let doubled, let layer):
      let side = architecture.identitySide
      let map = identity.reshaped([batch, side, side, architecture.identityChannels])
      let first = architecture.firstSide
      let known = block(map, pass)
      let own =
        architecture.identityView.map { view in
          known.placed(
            rows: first, columns: first, vertical: view.verticalPart,
            horizontal: view.horizontalPart)
        } ?? known.resampled(rows: first, columns: first)
      let common = attributes.dense(pass[Self.matrices.latent]).reshaped(shape)
      return layer(own + (doubled.map { $0(common, pass) } ?? common), pass)
    }
  }
}
