private import NetworkGraphs
public import NeuralNetworks
public import Tensors

/// A trained embedder, ready for use: normalisation folded into the weights.
///
/// A value that any number of threads may share. The result for a picture does not depend on the
/// others in its batch, nor on the number of threads, not even in the last bit.
public struct FaceEmbedder: Sendable {
  /// Where the network comes from.
  private enum Network: Sendable {
    /// Trained here, with the folded parameters.
    case trained(EmbedderArchitecture, ParameterTable)
    /// Taken over from elsewhere.
    case imported(ImportedEmbedder)
  }

  private let network: Network
  /// The sizes of what the network gives.
  public let shape: EmbedderShape
  /// Whether unit-length embeddings are made of a picture and its mirror image.
  ///
  /// Twice the time for a little less error. Distances change, so thresholds that were measured
  /// without do not hold.
  public var averagesMirrorImages: Bool

  /// Creates an embedder from trained parameters.
  public init(_ architecture: EmbedderArchitecture, _ parameters: ParameterTable) {
    network = .trained(architecture, parameters.foldingNormalization())
    shape = architecture.shape
    averagesMirrorImages = architecture.averagesMirrorImages
  }

  /// Creates an embedder from a network from elsewhere.
  public init(_ imported: ImportedEmbedder, averagesMirrorImages: Bool = false) {
    network = .imported(imported)
    shape = imported.shape
    self.averagesMirrorImages = averagesMirrorImages
  }

  /// The network's architecture, if it was trained here.
  public var architecture: EmbedderArchitecture? {
    if case .trained(let architecture, _) = network { architecture } else { nil }
  }

  /// The network from elsewhere, if it is one.
  public var imported: ImportedEmbedder? {
    if case .imported(let imported) = network { imported } else { nil }
  }

  /// The folded parameters.
  public var parameters: ParameterTable {
    switch network {
    case .trained(_, let parameters): parameters
    case .imported(let imported): imported.network.parameters
    }
  }

  /// f_I and f_C of pictures, as variables: gradients reach the pixels if they are tracked.
  ///
  /// - `fitsTiles`: whether rounding may be another than a verdict's, for less work: for trainings.
  public func features(
    of pictures: Variable, fitsTiles: Bool = false
  ) -> EmbedderArchitecture.Output {
    switch network {
    case .trained(let architecture, let parameters):
      architecture(
        pictures,
        ForwardPass(parameters, mode: .inference, tracksParameters: false, fitsTiles: fitsTiles))
    case .imported(let imported): imported.features(of: pictures)
    }
  }

  /// f_C of unit length, (batch, embedding), of pictures (batch, row, column, 3) in −1…1.
  ///
  /// If ``averagesMirrorImages``, f_C of the picture and of its mirror image are added before, so
  /// that both have the same embedding to the last bit. Gradients go through either way.
  public func unitEmbeddings(of pictures: Variable) -> Variable {
    guard averagesMirrorImages else { return features(of: pictures).embedding.unitRows() }
    let both = embeddings(ofEach: [pictures, pictures.mirrored()])
    return unitEmbeddings(straight: both[0], mirrored: both[1])
  }

  /// f_C as the network gives it, (batch, embedding), of batches of one size, each what it is alone.
  ///
  /// Small batches go through the network together, up to 20 pictures at a time: few leave it waiting for
  /// its weights, more gain nothing and take memory.
  public func embeddings(ofEach batches: [Variable]) -> [Variable] {
    guard let size = batches.first?.value.shape[0] else { return [] }
    let group = max(1, 20 / max(1, size))
    return stride(from: 0, to: batches.count, by: group).flatMap { first in
      let part = batches[first..<min(batches.count, first + group)]
      guard part.count > 1 else { return part.map { features(of: $0).embedding } }
      let joined = features(of: Variable(joining: Array(part))).embedding
      return part.indices.map {
        joined.entries(($0 - first) * size..<($0 - first + 1) * size)
      }
    }
  }

  /// f_C of unit length where the network has seen the pictures, and perhaps their mirror images, already.
  ///
  /// - `straight`: f_C of the pictures as the network gives it, (batch, embedding).
  /// - `mirrored`: f_C of their mirror images; asked for if ``averagesMirrorImages``.
  public func unitEmbeddings(
    straight: Variable, mirrored: @autoclosure () -> Variable
  ) -> Variable {
    guard averagesMirrorImages else { return straight.unitRows() }
    return (straight + mirrored()).unitRows()
  }

  /// f_C of unit length, (batch, embedding), of faces in the frame of a network from elsewhere,
  /// (batch, side, side, 3) in −1…1; nil if the network was trained here, and sees our frame alone.
  public func unitEmbeddings(ofOwn faces: Variable) -> Variable? {
    guard let imported else { return nil }
    return unitEmbeddings(
      straight: imported.embeddings(ofOwn: faces),
      mirrored: imported.embeddings(ofOwn: faces.mirrored()))
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
