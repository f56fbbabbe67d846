public import ModelStore

/// The networks whose distance² a door decides by: f_C alone, or with f_V where a fusion joins them.
public struct DecidingEmbedders: Sendable {
  /// f_C.
  public let embedder: FaceEmbedder
  /// f_V and how it is joined; nil where f_C alone decides.
  public let second: (witness: FaceEmbedder, fusion: EmbeddingFusion)?

  /// Creates what decides by f_C, or by both.
  public init(
    _ embedder: FaceEmbedder, second: (witness: FaceEmbedder, fusion: EmbeddingFusion)? = nil
  ) {
    (self.embedder, self.second) = (embedder, second)
  }

  /// Loads the networks of a folder, f_V only where there is a fusion.
  ///
  /// - Throws: `CheckpointError`, `ModelError` or ``EmbeddingFusionError``.
  public init(of manifest: ModelManifest, folder: String) throws {
    embedder = try FaceEmbedder(of: manifest, folder: folder)
    second = try EmbeddingFusion(of: manifest, folder: folder).map { fusion in
      (try FaceEmbedder(FaceEmbedder.witnessName, of: manifest, folder: folder), fusion)
    }
  }

  /// Loads one network of a folder by name, or both by the fusion's.
  ///
  /// - Throws: `CheckpointError`, `ModelError` or ``EmbeddingFusionError``.
  public init(_ name: String, of manifest: ModelManifest, folder: String) throws {
    guard name == EmbeddingFusion.modelName else {
      self.init(try FaceEmbedder(name, of: manifest, folder: folder))
      return
    }
    _ = try manifest.entry(name)
    try self.init(of: manifest, folder: folder)
  }

  /// The networks, each with its share of the distance²; the shares sum to 1.
  public var parts: [(embedder: FaceEmbedder, weight: Float)] {
    guard let second else { return [(embedder, 1)] }
    return [
      (embedder, Float(1 - second.fusion.weight)), (second.witness, Float(second.fusion.weight)),
    ]
  }

  /// The model in the manifest whose operating points are thresholds of this distance².
  public var modelName: String {
    second == nil ? FaceEmbedder.modelName : EmbeddingFusion.modelName
  }

  /// The distance² of two faces, 0…4, as a door finds it.
  ///
  /// - `first`, `second`: embeddings of unit length: f_C's, and f_V's where it takes part.
  public func distance(
    _ first: (own: [Float], witness: [Float]?), _ second: (own: [Float], witness: [Float]?)
  ) -> Double {
    let own = Double(squaredDistance(first.own, second.own))
    guard let fusion = self.second?.fusion else { return own }
    return fusion.distance(
      own, Double(squaredDistance(first.witness ?? [], second.witness ?? [])))
  }
}
