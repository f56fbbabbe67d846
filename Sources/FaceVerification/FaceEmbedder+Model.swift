public import Checkpoints
private import SeededRandom

/// Why a model of the manifest cannot be used.
public enum ModelError: Error, Equatable, CustomStringConvertible {
  /// The manifest's description of the network makes no sense to this program.
  case unknownArchitecture(model: String, reason: String)

  public var description: String {
    switch self {
    case .unknownArchitecture(let model, let reason):
      "the manifest's architecture of '\(model)' cannot be built: \(reason)"
    }
  }
}

extension FaceEmbedder {
  /// The name of f_C in the manifest.
  public static let modelName = "f_c"
  /// The name of f_V in the manifest: a witness of other shape, view and seed than f_C.
  public static let witnessName = "f_v"

  /// Loads an embedder whose checksum is right.
  ///
  /// - Throws: `CheckpointError` or ``ModelError``.
  public init(_ name: String = Self.modelName, of manifest: ModelManifest, folder: String) throws {
    let architecture: EmbedderArchitecture
    do {
      architecture = try manifest.entry(name).architecture.decoded()
    } catch let error as DecodingError {
      throw ModelError.unknownArchitecture(model: name, reason: "\(error)")
    }
    guard architecture.isBuildable else {
      throw ModelError.unknownArchitecture(model: name, reason: "\(architecture)")
    }
    let file = try SafeTensorsFile(
      bytes: manifest.verifiedBytes(of: name, in: folder), requiringFinite: true)
    var generator = SplitMix64(seed: 0)
    self.init(
      architecture,
      try file.table(like: architecture.initialParameters(using: &generator)))
  }
}
