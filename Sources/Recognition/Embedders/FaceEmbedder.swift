public import NeuralNetworks
public import Tensors

/// A trained embedder, ready for use: normalisation folded into the weights.
///
/// A value that any number of threads may share. The result for a picture does not depend on the
/// others in its batch, nor on the number of threads, not even in the last bit.
public struct FaceEmbedder: Sendable {
  /// The network.
  public private(set) var architecture: EmbedderArchitecture
  /// The folded parameters.
  public let parameters: ParameterTable

  /// Creates an embedder from trained parameters.
  public init(_ architecture: EmbedderArchitecture, _ parameters: ParameterTable) {
    self.architecture = architecture
    self.parameters = parameters.foldingNormalization()
  }

  /// f_I and f_C of pictures, as variables: gradients reach the pixels if they are tracked.
  public func features(of pictures: Variable) -> EmbedderArchitecture.Output {
    architecture(
      pictures, ForwardPass(parameters, mode: .inference, tracksParameters: false))
  }

  /// f_C of unit length, (batch, embedding), of pictures (batch, row, column, 3) in −1…1.
  ///
  /// If ``averagesMirrorImages``, f_C of the picture and of its mirror image are added before, so
  /// that both have the same embedding to the last bit. Gradients go through either way.
  ///
  /// - `known`: the features of the same pictures, if they are computed already.
  public func unitEmbeddings(
    of pictures: Variable, known: EmbedderArchitecture.Output? = nil
  ) -> Variable {
    let straight = (known ?? features(of: pictures)).embedding
    guard averagesMirrorImages else { return straight.unitRows() }
    return (straight + features(of: pictures.mirrored()).embedding).unitRows()
  }

  /// Whether unit-length embeddings are made of a picture and its mirror image.
  ///
  /// Twice the time for a little less error. Distances change, so thresholds that were measured
  /// without do not hold.
  public var averagesMirrorImages: Bool {
    get { architecture.averagesMirrorImages }
    set { architecture.averagesMirrorImages = newValue }
  }
}

/// The squared distance of two unit-length embeddings: 2 − 2cos, in 0…4; smaller is more alike.
///
/// Inlinable because it is generic and called for every probe and every picture of a gallery.
@inlinable
public func squaredDistance(_ a: some Collection<Float>, _ b: some Collection<Float>) -> Float {
  var sum = 0.0
  for (x, y) in zip(a, b) {
    let d = Double(x) - Double(y)
    sum += d * d
  }
  return Float(sum)
}
