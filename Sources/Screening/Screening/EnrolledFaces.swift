private import Embedders

/// The embeddings of one person's enrolled pictures.
///
/// A probe is compared with their mean, brought to unit length. Of the rules that were measured it refuses the
/// fewest people where strangers are let in equally often, and it keeps within a fifth of what the threshold
/// of single pairs promises (`facewarden evaluate templates`).
public struct EnrolledFaces: Equatable, Sendable {
  /// The mean of f_C, of unit length.
  public let centre: [Float]
  /// The mean of f_V, of unit length; nil where there is no witness.
  public let witnessCentre: [Float]?

  /// Takes embeddings of unit length.
  ///
  /// - Precondition: there is at least one, and all of a network are of one width.
  public init(embeddings: [[Float]], witnessEmbeddings: [[Float]]) {
    centre = Self.centre(embeddings)
    witnessCentre = witnessEmbeddings.isEmpty ? nil : Self.centre(witnessEmbeddings)
  }

  /// The distance² of an embedding to the mean f_C, 0…4.
  ///
  /// - Precondition: the embedding has its width.
  public func distance(to embedding: [Float]) -> Float { squaredDistance(embedding, centre) }

  /// The distance² of an embedding to the mean f_V; nil where there is none.
  ///
  /// - Precondition: the embedding has its width.
  public func witnessDistance(to embedding: [Float]) -> Float? {
    witnessCentre.map { squaredDistance(embedding, $0) }
  }

  /// The mean brought to unit length; no number at all if embeddings cancel each other, which is undecided.
  private static func centre(_ embeddings: [[Float]]) -> [Float] {
    precondition(
      !embeddings.isEmpty && Set(embeddings.map(\.count)).count == 1, "embeddings of several widths"
    )
    // One picture is what it is, to the last bit.
    guard embeddings.count > 1 else { return embeddings[0] }
    let sum = embeddings[0].indices.map { place in embeddings.reduce(0) { $0 + Double($1[place]) } }
    let length = sum.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return sum.map { Float($0 / length) }
  }
}
