public import Embedders
public import NeuralNetworks
public import Tensors

/// Trained networks A and G with their embedder: x̂ = G([f_I(x), f_A(x).μ]).
///
/// A value that any number of threads may share; results do not depend on the batch.
public struct FaceReconstructor: Sendable {
  /// I and C.
  public let embedder: FaceEmbedder
  /// The networks' shapes.
  public let architecture: IPGANArchitecture
  private let encoder: ParameterTable
  private let generator: ParameterTable

  /// Creates a reconstructor from trained parameters, normalisation not yet folded.
  public init(
    _ architecture: IPGANArchitecture, encoder: ParameterTable, generator: ParameterTable,
    embedder: FaceEmbedder
  ) {
    (self.architecture, self.embedder) = (architecture, embedder)
    self.encoder = encoder.foldingNormalization()
    self.generator = generator.foldingNormalization()
  }

  /// The attribute vector f_A(x), its mean: (batch, latent).
  public func attributes(of pictures: Variable) -> Variable {
    AttributeEncoder(architecture)(
      pictures, ForwardPass(encoder, mode: .inference, tracksParameters: false)
    ).mean
  }

  /// Who pictures show, as G is told, (batch, ``IPGANArchitecture/known``): f_I, or f_C before it is brought to
  /// unit length.
  public func identity(of pictures: Variable) -> Variable {
    architecture.known(of: embedder.features(of: pictures))
  }

  /// A face with the identity, as G is told it, and attributes given, (batch, side, side, 3) in −1…1.
  public func generate(identity: Variable, attributes: Variable) -> Variable {
    FaceGenerator(architecture)(
      identity, attributes, ForwardPass(generator, mode: .inference, tracksParameters: false))
  }

  /// x̂ of pictures, (batch, side, side, 3) in −1…1; gradients reach the pixels if tracked.
  public func reconstruct(_ pictures: Variable) -> Variable {
    generate(identity: identity(of: pictures), attributes: attributes(of: pictures))
  }
}
