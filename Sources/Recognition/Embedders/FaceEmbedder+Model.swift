public import Checkpoints
private import JSON
public import ModelStore
private import NeuralNetworks
public import Tensors

extension FaceEmbedder {
  /// The name of f_C in the manifest.
  public static let modelName = "f_c"
  /// The name of f_V in the manifest: a witness of other shape, view and seed than f_C.
  public static let witnessName = "f_v"

  /// Loads an embedder whose checksum is right.
  ///
  /// - Throws: `CheckpointError` or ``ModelError``.
  public init(_ name: String = Self.modelName, of manifest: ModelManifest, folder: String) throws {
    let entry = try manifest.entry(name)
    guard entry.architecture["kind"]?.string == ImportedEmbedder.kind else {
      let (architecture, weights) = try Self.weights(of: name, in: manifest, folder: folder)
      self.init(architecture, weights)
      return
    }
    let file = try SafeTensorsFile(
      bytes: manifest.verifiedBytes(of: name, in: folder), requiringFinite: true)
    let imported: ImportedEmbedder
    do { imported = try ImportedEmbedder(file) } catch {
      throw ModelError.unknownArchitecture(model: name, reason: "\(error)")
    }
    self.init(
      imported,
      averagesMirrorImages: entry.architecture["averagesMirrorImages"]?.bool ?? false)
  }

  /// Whether the manifest's entry describes an embedder.
  public static func isDescribed(by entry: ModelEntry) -> Bool {
    entry.architecture["kind"]?.string == ImportedEmbedder.kind
      || (try? entry.architecture.decoded(as: EmbedderArchitecture.self)) != nil
  }

  /// Loads the weights of an embedder as they were trained, to go on from them.
  ///
  /// - Throws: `CheckpointError` or ``ModelError``.
  public static func weights(
    of name: String, in manifest: ModelManifest, folder: String
  ) throws -> (architecture: EmbedderArchitecture, parameters: ParameterTable) {
    let architecture: EmbedderArchitecture
    do {
      architecture = try manifest.entry(name).architecture.decoded()
    } catch is DecodingError {
      throw ModelError.unknownArchitecture(
        model: name, reason: "it does not describe an embedder")
    }
    guard architecture.isBuildable, architecture.view.fits(side: FaceView.faceSide) else {
      throw ModelError.unknownArchitecture(model: name, reason: "\(architecture)")
    }
    let file = try SafeTensorsFile(
      bytes: manifest.verifiedBytes(of: name, in: folder), requiringFinite: true)
    try file.checkHolds(architecture.weightCount)
    return (architecture, try file.table(like: architecture.blankParameters))
  }
}

extension ModelManifest {
  /// What the distances of an embedder depend on: the checksum of its weights, and `+mirror` if it
  /// averages mirror images. Of a fusion: its own checksum, and those of the networks that it joins.
  ///
  /// - Throws: `CheckpointError` if there is no such model.
  public func distanceIdentity(
    of name: String = FaceEmbedder.modelName
  ) throws(CheckpointError) -> String {
    let entry = try entry(name)
    if name == EmbeddingFusion.modelName {
      let joined = [
        try distanceIdentity(), try distanceIdentity(of: FaceEmbedder.witnessName),
      ]
      return "\(entry.sha256)(\(joined.joined(separator: ",")))"
    }
    let averages = entry.architecture["averagesMirrorImages"]?.bool ?? false
    return entry.sha256 + (averages ? "+mirror" : "")
  }

  /// What the distances² depend on that attacks on these models may be made for: f_C's, and the fused one's where
  /// there is a fusion.
  ///
  /// - Throws: `CheckpointError` if there is no f_C.
  public func attackedIdentities() throws(CheckpointError) -> [String] {
    let isFused = models.contains { $0.name == EmbeddingFusion.modelName }
    let own = try distanceIdentity()
    return isFused ? [own, try distanceIdentity(of: EmbeddingFusion.modelName)] : [own]
  }
}
