public import NeuralNetworks
public import SeededRandom
public import Tensors

/// The shapes of the networks A, G and D; I and C are an embedder's.
public struct IPGANArchitecture: Codable, Equatable, Sendable {
  /// Numbers in f_I.
  public var identity: Int
  /// Numbers in the attribute vector.
  public var latent: Int
  /// Channels of A's blocks; each block halves the side.
  public var attributeWidths: [Int]
  /// Channels of G: at 4×4, and after each doubling of the side.
  public var generatorWidths: [Int]
  /// Channels of D; each block halves the side.
  public var discriminatorWidths: [Int]
  /// Rows and columns of a picture: 4 doubled once for each block.
  public var side: Int { 4 << (generatorWidths.count - 1) }

  /// Creates an architecture.
  public init(
    identity: Int, latent: Int = 128, attributeWidths: [Int] = [16, 32, 64, 128, 256],
    generatorWidths: [Int] = [256, 256, 128, 64, 32, 16],
    discriminatorWidths: [Int] = [24, 48, 96, 192, 256]
  ) {
    (self.identity, self.latent) = (identity, latent)
    (self.attributeWidths, self.generatorWidths) = (attributeWidths, generatorWidths)
    self.discriminatorWidths = discriminatorWidths
  }

  /// Whether the three networks agree on the picture's side.
  public var isConsistent: Bool {
    (2...8).contains(generatorWidths.count)
      && attributeWidths.count == generatorWidths.count - 1
      && discriminatorWidths.count == generatorWidths.count - 1
      && (attributeWidths + generatorWidths + discriminatorWidths + [identity, latent])
        .allSatisfy { (1...4096).contains($0) }
  }
}

/// A: a VGG that gives mean and log-variance of a picture's attribute vector.
public struct AttributeEncoder: Sendable {
  /// The shapes of all three networks.
  public let architecture: IPGANArchitecture
  private let blocks: [ConvBlock]
  private let head: DenseLayer

  /// Creates the network that `architecture` describes.
  public init(_ architecture: IPGANArchitecture) {
    self.architecture = architecture
    var channels = 3
    blocks = architecture.attributeWidths.enumerated().map { index, width in
      defer { channels = width }
      return ConvBlock("block\(index + 1).conv1", from: channels, to: width, slope: 0.2)
    }
    head = DenseLayer("head", from: 16 * channels, to: 2 * architecture.latent)
  }

  /// Freshly drawn parameters.
  public func initialParameters(using generator: inout SplitMix64) -> ParameterTable {
    var table = ParameterTable()
    for block in blocks { block.addParameters(to: &table, using: &generator) }
    head.addParameters(to: &table, using: &generator)
    return table
  }

  /// μ and ε = log σ², each (batch, latent), of pictures (batch, side, side, 3) in −1…1.
  public func callAsFunction(_ pictures: Variable, _ pass: ForwardPass)
    -> (mean: Variable, logVariance: Variable)
  {
    let latent = architecture.latent
    let batch = pictures.value.shape[0]
    let features = blocks.reduce(pictures) { $1($0, pass, isPooled: true) }
    let both = head(features.reshaped([batch, features.value.count / batch]), pass)
    return (both.columns(0..<latent), both.columns(latent..<2 * latent))
  }
}

/// G: an inverse VGG from [f_I, z] to a picture in −1…1.
public struct FaceGenerator: Sendable {
  /// The shapes of all three networks.
  public let architecture: IPGANArchitecture
  private let start: DenseLayer
  private let blocks: [ConvBlock]
  private let last: ConvBlock

  /// Creates the network that `architecture` describes.
  public init(_ architecture: IPGANArchitecture) {
    self.architecture = architecture
    let widths = architecture.generatorWidths
    start = DenseLayer(
      "start", from: architecture.identity + architecture.latent, to: 16 * widths[0],
      isNormalized: true, slope: 0.2)
    blocks = (1..<widths.count).map {
      ConvBlock(
        "block\($0).conv1", .doubling, from: widths[$0 - 1], to: widths[$0], slope: 0.2)
    }
    last = ConvBlock(
      "last", from: widths[widths.count - 1], to: 3, isNormalized: false, slope: 1)
  }

  /// Freshly drawn parameters.
  public func initialParameters(using generator: inout SplitMix64) -> ParameterTable {
    var table = ParameterTable()
    start.addParameters(to: &table, using: &generator)
    for block in blocks { block.addParameters(to: &table, using: &generator) }
    last.addParameters(to: &table, using: &generator)
    return table
  }

  /// x' = G([f_I, z]), (batch, side, side, 3) in −1…1.
  public func callAsFunction(_ identity: Variable, _ attributes: Variable, _ pass: ForwardPass)
    -> Variable
  {
    let batch = identity.value.shape[0]
    let z = start(identity.joined(columnsOf: attributes), pass)
    let seed = z.reshaped([batch, 4, 4, architecture.generatorWidths[0]])
    let features = blocks.reduce(seed) { $1($0, pass) }
    return last(features, pass).hyperbolicTangent()
  }
}

/// D: DCGAN's discriminator.
public struct FaceDiscriminator: Sendable {
  private let blocks: [ConvBlock]
  private let head: DenseLayer

  /// Creates the network that `architecture` describes.
  public init(_ architecture: IPGANArchitecture) {
    var channels = 3
    blocks = architecture.discriminatorWidths.enumerated().map { index, width in
      defer { channels = width }
      // DCGAN leaves the first layer without normalisation.
      return ConvBlock(
        "block\(index + 1)", .halving, from: channels, to: width, isNormalized: index > 0,
        slope: 0.2)
    }
    head = DenseLayer("head", from: 16 * channels, to: 1)
  }

  /// Freshly drawn parameters.
  public func initialParameters(using generator: inout SplitMix64) -> ParameterTable {
    var table = ParameterTable()
    for block in blocks { block.addParameters(to: &table, using: &generator) }
    head.addParameters(to: &table, using: &generator)
    return table
  }

  /// f_D, the input of the last dense layer, and the logit of "real".
  public func callAsFunction(_ pictures: Variable, _ pass: ForwardPass)
    -> (features: Variable, logit: Variable)
  {
    let batch = pictures.value.shape[0]
    let features = blocks.reduce(pictures) { $1($0, pass) }
    let flat = features.reshaped([batch, features.value.count / batch])
    return (flat, head(flat, pass))
  }
}
