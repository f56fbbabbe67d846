private import Embedders

/// The embeddings of one person's enrolled pictures.
///
/// A probe's distance² to them is the mean of its distances² to each: the threshold of single pairs keeps
/// its promise then, because the mean over several strangers' distances varies less than one of them.
public struct EnrolledFaces: Equatable, Sendable {
  /// f_C of each picture, of unit length.
  public let embeddings: [[Float]]
  /// f_V of each picture, of unit length; empty where there is no witness.
  public let witnessEmbeddings: [[Float]]

  /// Takes embeddings.
  ///
  /// - Precondition: there is at least one, all are of one width, and f_V's are as many or none.
  public init(embeddings: [[Float]], witnessEmbeddings: [[Float]]) {
    precondition(
      !embeddings.isEmpty && Set(embeddings.map(\.count)).count == 1, "embeddings of several widths"
    )
    precondition(
      witnessEmbeddings.isEmpty
        || witnessEmbeddings.count == embeddings.count
          && Set(witnessEmbeddings.map(\.count)).count == 1,
      "witness embeddings of other pictures")
    (self.embeddings, self.witnessEmbeddings) = (embeddings, witnessEmbeddings)
  }

  /// The mean of the distances² of an embedding to each f_C, 0…4.
  ///
  /// - Precondition: the embedding has their width.
  public func distance(to embedding: [Float]) -> Float { Self.mean(embedding, embeddings) }

  /// The mean of the distances² of an embedding to each f_V; nil where there is none.
  ///
  /// - Precondition: the embedding has their width.
  public func witnessDistance(to embedding: [Float]) -> Float? {
    witnessEmbeddings.isEmpty ? nil : Self.mean(embedding, witnessEmbeddings)
  }

  private static func mean(_ own: [Float], _ others: [[Float]]) -> Float {
    others.reduce(0) { $0 + squaredDistance(own, $1) } / Float(others.count)
  }
}
