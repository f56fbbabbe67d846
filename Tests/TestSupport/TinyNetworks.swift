public import Embedders
internal import NeuralNetworks
public import Reconstruction
internal import SeededRandom

extension IPGANArchitecture {
  /// A, G and D that fit ``EmbedderArchitecture/tiny``.
  public static let tiny = IPGANArchitecture(
    identity: 16, latent: 8, attributeWidths: [8, 8], generatorWidths: [16, 8, 8],
    discriminatorWidths: [8, 8])
}

extension FaceReconstructor {
  /// Untrained networks: A and G drawn from a seed.
  public static func tiny(seed: UInt64 = 4, embedder: FaceEmbedder = .tiny()) -> FaceReconstructor {
    var random = SplitMix64(seed: seed)
    return FaceReconstructor(
      .tiny, encoder: AttributeEncoder(.tiny).initialParameters(using: &random),
      generator: FaceGenerator(.tiny).initialParameters(using: &random), embedder: embedder)
  }
}
