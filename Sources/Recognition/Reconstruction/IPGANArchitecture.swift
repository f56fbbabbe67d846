public import Embedders
public import NeuralNetworks
public import Tensors

/// The shapes of the networks A, G and D; I and C are an embedder's.
public struct IPGANArchitecture: Codable, Equatable, Sendable {
  /// How f_I begins G's first map.
  public enum Start: String, Codable, Sendable, CaseIterable {
    /// Each place by itself, or numbers without a place all together.
    case places
    /// Each place with its neighbours, by a 3×3 convolution; a map of more than 4×4 places begins
    /// G at 8×8.
    case overlapping
    /// The same, each place of the map where it lies in the face, for an embedder that does not look at
    /// all of it.
    case placed
  }

  /// How G doubles a map.
  public enum Enlargement: String, Codable, Sendable, CaseIterable {
    /// Each pixel four times, then a convolution: its windows see four kinds of places, which may leave a
    /// grid (Odena et al., "Deconvolution and checkerboard artifacts", 2016).
    case nearest
    /// The same, smoothed by (1, 2, 1)/4 in both directions: as from pixels that fade into each other
    /// (Karras et al., "Analyzing and improving the image quality of StyleGAN", 2020).
    case smooth
  }

  /// What G is told of who somebody is.
  public enum Knowledge: String, Codable, Sendable, CaseIterable {
    /// f_I, of which f_C sees a part: G may draw what f_C does not decide by.
    case map
    /// f_C, which G unfolds into an f_I: G draws what the network believes, and that alone.
    case embedding
  }

  /// What D is.
  public enum Discriminator: String, Codable, Sendable, CaseIterable {
    /// DCGAN's: convolutions with batch normalisation, and one verdict a picture.
    case dcgan
    /// Convolutions of spectral norm 1 without normalisation, and one verdict a patch (Isola et al.,
    /// "Image-to-image translation with conditional adversarial networks", 2017; Miyato et al.,
    /// "Spectral normalization for generative adversarial networks", 2018).
    case patches
  }

  /// Numbers in f_I.
  public var identity: Int
  /// Rows and columns of f_I: 1 for numbers without a place, more for a map that G continues.
  public var identitySide: Int
  /// Numbers of f_C where G is told f_C, as the network gives it, and unfolds it into f_I; nil where it is
  /// told f_I itself.
  public var embedding: Int?
  /// How f_I begins G's first map.
  public var start = Start.places
  /// The square of aligned faces whose places are f_I's, for a start that puts them there.
  public var identityView: FaceView?
  /// How G doubles a map.
  public var enlargement = Enlargement.nearest
  /// What D is.
  public var discriminator = Discriminator.dcgan
  /// Numbers in the attribute vector.
  public var latent: Int
  /// Channels of A's blocks; each block halves the side.
  public var attributeWidths: [Int]
  /// Channels of G: at its first map, and after each doubling of the side.
  public var generatorWidths: [Int]
  /// Convolutions of G after each doubling, the one that doubles included; empty for one each. What a further one gives
  /// is added to its input.
  public var generatorConvolutions: [Int] = []
  /// Channels of D; each block halves the side.
  public var discriminatorWidths: [Int]
  /// Rows and columns of G's first map.
  public var firstSide: Int { start != .places && identitySide > 4 ? 8 : 4 }

  /// Rows and columns of a picture: the first map's doubled once for each block.
  public var side: Int { firstSide << (generatorWidths.count - 1) }

  /// Numbers a place of f_I.
  public var identityChannels: Int { identity / max(1, identitySide * identitySide) }

  /// Convolutions of G at the size after the `size`th doubling, counted from 1.
  public func convolutions(afterDoubling size: Int) -> Int {
    generatorConvolutions.isEmpty ? 1 : generatorConvolutions[size - 1]
  }

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
    (2...8).contains(generatorWidths.count)
      && (start == .places ? [1, 4].contains(identitySide) : (2...8).contains(identitySide))
      && side == 4 << attributeWidths.count && discriminatorWidths.count <= attributeWidths.count
      && (discriminator == .patches || discriminatorWidths.count == attributeWidths.count)
      && (attributeWidths + generatorWidths + discriminatorWidths + [identityChannels, latent])
        .allSatisfy { (1...4096).contains($0) }
      && (1...4096).contains(embedding ?? 1)
      && [0, generatorWidths.count - 1].contains(generatorConvolutions.count)
      && generatorConvolutions.allSatisfy { (1...8).contains($0) }
      && identity % (identitySide * identitySide) == 0
      && (start == .placed) == (identityView != nil)
      && identityView.map { view in
        (1...512).contains(view.side)
          && [view.top, view.left].allSatisfy { (-512...512).contains($0) }
      } ?? true
  }

  /// Numbers that G is told of who somebody is.
  public var known: Int { embedding ?? identity }

  /// What G is told of who somebody is, (batch, ``known``), of what an embedder gives.
  public func known(of output: EmbedderArchitecture.Output) -> Variable {
    embedding == nil ? output.identity : output.embedding
  }

  /// Whether A and G fit what an embedder gives.
  public func fits(_ embedder: EmbedderShape) -> Bool {
    isConsistent && identity == embedder.identity && embedder.fits(side: side)
      && (embedding == nil || embedding == embedder.embedding)
  }

  /// Whether A and G can go on as the other's: they are the same, or f_C is unfolded there and was not here.
  public func canBecome(_ other: Self) -> Bool {
    var grown = self
    grown.embedding = embedding ?? other.embedding
    return grown.sharesEncoderAndGenerator(with: other)
  }

  /// Whether A and G are the other's, whatever D is.
  public func sharesEncoderAndGenerator(with other: Self) -> Bool {
    var same = other
    same.discriminatorWidths = discriminatorWidths
    same.discriminator = discriminator
    return self == same
  }

  /// A and G in words.
  public var summary: String {
    (embedding.map { "\($0) numbers of f_C as " } ?? "")
      + "\(identity) numbers of f_I and \(latent) attributes, A \(attributeWidths), G \(generatorWidths), "
      + (generatorConvolutions.isEmpty ? "" : "convolutions \(generatorConvolutions), ")
      + "\(start.rawValue), \(enlargement.rawValue)"
  }
}

extension IPGANArchitecture {
  /// The standard networks for the f_I of an embedder.
  ///
  /// - `start`: how f_I begins G; if nil each place by itself where it is a map of 4×4, overlapping
  ///   where it is another one.
  /// - `knowledge`: what G is told of who somebody is.
  public init(
    for embedder: EmbedderShape, latent: Int = 128, start: Start? = nil,
    knowledge: Knowledge = .map
  ) {
    let isMap = (2...8).contains(embedder.mapSide)
    let start = start ?? (isMap && embedder.mapSide != 4 ? .overlapping : .places)
    let keepsPlaces = start == .places ? embedder.mapSide == 4 : isMap
    self.init(
      identity: embedder.identity, identitySide: keepsPlaces ? embedder.mapSide : 1, latent: latent)
    self.start = start
    if knowledge == .embedding { embedding = embedder.embedding }
    if start == .placed { identityView = embedder.view }
    if firstSide == 8 { generatorWidths = [256, 128, 64, 48, 24] }
  }

  private enum CodingKeys: String, CodingKey {
    case identity, identitySide, latent, attributeWidths, generatorWidths, discriminatorWidths
    case start, identityView, enlargement, generatorConvolutions, discriminator, embedding
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
    // Files from before there was a choice name none.
    start = try values.decodeIfPresent(Start.self, forKey: .start) ?? .places
    identityView = try values.decodeIfPresent(FaceView.self, forKey: .identityView)
    embedding = try values.decodeIfPresent(Int.self, forKey: .embedding)
    enlargement =
      try values.decodeIfPresent(Enlargement.self, forKey: .enlargement) ?? .nearest
    generatorConvolutions =
      try values.decodeIfPresent([Int].self, forKey: .generatorConvolutions) ?? []
    discriminator =
      try values.decodeIfPresent(Discriminator.self, forKey: .discriminator) ?? .dcgan
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
