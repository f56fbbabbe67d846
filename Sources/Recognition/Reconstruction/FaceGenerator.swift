public import NeuralNetworks
public import Tensors

/// G: an inverse VGG from [f_I, z] to a picture in −1…1.
///
/// Where f_I is a map of 4×4 places, each place begins G's map at the same place, and z adds to all of
/// them; numbers without a place go through one dense layer together with z.
public struct FaceGenerator: ParameterizedNetwork {
  /// The shapes of all three networks.
  public let architecture: IPGANArchitecture
  private let start: Start
  private let blocks: [ConvBlock]
  private let last: ConvBlock

  /// How the first map, 4×4, is made.
  private enum Start: Sendable {
    case joined(DenseLayer)
    case map(NormalizationLayer)
  }

  /// The names of the two matrices that begin a map: of f_I's places, and of z.
  private static let matrices = (identity: "start.identity.weight", latent: "start.latent.weight")

  /// Creates the network that `architecture` describes.
  public init(_ architecture: IPGANArchitecture) {
    self.architecture = architecture
    let widths = architecture.generatorWidths
    start =
      architecture.identitySide == 4
      ? .map(NormalizationLayer("start", channels: widths[0], slope: 0.2))
      : .joined(
        DenseLayer(
          "start", from: architecture.identity + architecture.latent, to: 16 * widths[0],
          isNormalized: true, slope: 0.2))
    blocks = (1..<widths.count).map {
      ConvBlock(
        "block\($0).conv1", .doubling, from: widths[$0 - 1], to: widths[$0], slope: 0.2)
    }
    last = ConvBlock(
      "last", from: widths[widths.count - 1], to: 3, isNormalized: false, slope: 1)
  }

  public func addParameters(to table: inout ParameterTable, using source: inout WeightSource) {
    let width = architecture.generatorWidths[0]
    switch start {
    case .joined(let layer): layer.addParameters(to: &table, using: &source)
    case .map(let layer):
      // Glorot and Bengio, 2010, equation 16, as dense layers have it.
      for (name, inputs, outputs) in [
        (Self.matrices.identity, architecture.identityChannels, width),
        (Self.matrices.latent, architecture.latent, 16 * width),
      ] {
        table[name] = source.weights(
          [inputs, outputs], deviation: (2 / Float(inputs + outputs)).squareRoot())
      }
      layer.addParameters(to: &table)
    }
    for block in blocks { block.addParameters(to: &table, using: &source) }
    last.addParameters(to: &table, using: &source)
  }

  /// x' = G([f_I, z]), (batch, side, side, 3) in −1…1.
  public func callAsFunction(_ identity: Variable, _ attributes: Variable, _ pass: ForwardPass)
    -> Variable
  {
    let features = blocks.reduce(seed(identity, attributes, pass)) { $1($0, pass) }
    return last(features, pass).hyperbolicTangent()
  }

  /// The first map, (batch, 4, 4, channels).
  private func seed(_ identity: Variable, _ attributes: Variable, _ pass: ForwardPass) -> Variable {
    let shape = [identity.value.shape[0], 4, 4, architecture.generatorWidths[0]]
    switch start {
    case .joined(let layer):
      return layer(identity.joined(columnsOf: attributes), pass).reshaped(shape)
    case .map(let layer):
      let places = identity.reshaped([16 * shape[0], architecture.identityChannels])
      let own = places.dense(pass[Self.matrices.identity]).reshaped(shape)
      let common = attributes.dense(pass[Self.matrices.latent]).reshaped(shape)
      return layer(own + common, pass)
    }
  }
}
