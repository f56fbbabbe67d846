private import Embedders

/// The distances² of two faces, or of a face and somebody enrolled.
public struct FaceDistances: Equatable, Sendable {
  /// The distance² that decides, 0…4; no number where a network gave none.
  public let decisive: Double
  /// The distances² by each network that takes part, by name; nil where f_C alone decides.
  public let networks: [String: Double]?
}

extension FaceWarden {
  /// The distances² of two faces.
  public func distances(_ a: FaceEvidence, _ b: FaceEvidence) -> FaceDistances {
    let seen = a.witnessEmbedding.flatMap { first in
      b.witnessEmbedding.map { squaredDistance(first, $0) }
    }
    return distances(squaredDistance(a.embedding, b.embedding), seen)
  }

  /// The distances² of a face to the mean of a person's enrolled pictures.
  public func distances(_ face: FaceEvidence, to enrolled: EnrolledFaces) -> FaceDistances {
    distances(
      enrolled.distance(to: face.embedding),
      face.witnessEmbedding.flatMap(enrolled.witnessDistance))
  }

  private func distances(_ first: Float, _ second: Float?) -> FaceDistances {
    guard let fusion else { return FaceDistances(decisive: Double(first), networks: nil) }
    // A fused distance without one of its parts is none: nothing follows from half of it.
    let second = second.map(Double.init) ?? .nan
    return FaceDistances(
      decisive: fusion.distance(Double(first), second),
      networks: [FaceEmbedder.modelName: Double(first), FaceEmbedder.witnessName: second])
  }
}
