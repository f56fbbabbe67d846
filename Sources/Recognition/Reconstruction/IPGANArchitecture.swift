public import Embedders
public import NeuralNetworks
public import Tensors

/// The shapes of the networks A, G and D; I and C are an embedder's.
public struct IPGANArchitecture: Codable, Equatable, Sendable {
  /// Numbers in f_I.
  public var identity: Int
  /// Rows and columns of f_I: 1 for numbers without a place, 4 for a map that G continues.
  public var identitySide: Int
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

  /// Numbers a place of f_I.
  public var identityChannels: Int { identity / max(1, identitySide * identitySide) }

  /// Creates an architecture.
  public init(
    identity: Int, identitySide: Int = 1, latent: Int = 128,
    attributeWidths: [Int] = [16, 32, 64, 128, 256],
    generatorWidths: [Int] = [256, 256, 128, 64, 32, 16],
    discriminatorWidths: [Int] = [24, 48, 96, 192, 256]
  ) {
    (self.identity, self.identitySide, self.latent) = (identity, identitySide, latent)
    (self.attributeWidths, self.generatorWidths) = (attributeWidths, generatorWidths)
    self.discriminatorWidths = discriminatorWidths
  }

  /// Whether the three networks agree on the picture's side.
  public var isConsistent: Bool {
    (2...8).contains(generatorWidths.count) && [1, 4].contains(identitySide)
      && attributeWidths.count == generatorWidths.count - 1
      && discriminatorWidths.count == generatorWidths.count - 1
      && (attributeWidths + generatorWidths + discriminatorWidths + [identityChannels, latent])
        .allSatisfy { (1...4096).contains($0) }
      && identity % (identitySide * identitySide) == 0
  }

  /// Whether A and G are the other's, whatever D is.
  public func sharesEncoderAndGenerator(with other: Self) -> Bool {
    var same = other
    same.discriminatorWidths = discriminatorWidths
    return self == same
  }

  /// A and G in words.
  public var summary: String {
    "\(identity) numbers of f_I and \(latent) attributes, A \(attributeWidths), G \(generatorWidths)"
  }
}

extension IPGANArchitecture {
  /// The standard networks for the f_I of an embedder.
  public init(for embedder: EmbedderShape, latent: Int = 128) {
    self.init(
      identity: embedder.identity, identitySide: embedder.mapSide == 4 ? 4 : 1, latent: latent)
  }

  private enum CodingKeys: String, CodingKey {
    case identity, identitySide, latent, attributeWidths, generatorWidths, discriminatorWidths
  }

  /// Reads an architecture; without `identitySide` f_I has no places.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    self.init(
      identity: try values.decode(Int.self, forKey: .identity),
      identitySide: try values.decodeIfPresent(Int.self, forKey: .identitySide) ?? 1,
      latent: try values.decode(Int.self, forKey: .latent),
      attributeWidths: try values.decode([Int].self, forKey: .attributeWidths),
      generatorWidths: try values.decode([Int].self, forKey: .generatorWidths),
      discriminatorWidths: try values.decode([Int].self, forKey: .discriminatorWidths))
  }
}

/// A: a VGG that gives mean and log-variance of a picture's attribute vector.
public struct AttributeEncoder: ParameterizedNetwork {
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

  public func addParameters(to table: inout ParameterTable, using source: inout WeightSource) {
    for block in blocks { block.addParameters(to: &table, using: &source) }
    head.addParameters(to: &table, using: &source)
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
