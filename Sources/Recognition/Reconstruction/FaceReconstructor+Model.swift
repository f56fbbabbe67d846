private import Checkpoints
public import Embedders
private import JSON
public import ModelStore
private import NeuralNetworks
public import Tensors

/// A and G as a model file holds them.
public struct IPGANModel: Sendable {
  /// The networks' shapes.
  public let architecture: IPGANArchitecture
  /// The checksum of the file.
  public let sha256: String
  /// The parameters of the attribute encoder A and of the generator G.
  public let encoder, generator: ParameterTable

  /// Loads A and G whose checksum is right, and that fit the embedder and its pictures.
  ///
  /// - `side`: rows and columns of the pictures that A and G are to take and to give.
  /// - `isBeginning`: whether a training goes on from it, which teaches it another embedder of the same shape.
  /// - Throws: `CheckpointError` or `ModelError`.
  public init(
    _ name: String, of manifest: ModelManifest, folder: String, embedder: FaceEmbedder,
    side: Int = FaceView.faceSide, isBeginning: Bool = false
  ) throws {
    let entry = try manifest.entry(name)
    // Another embedder in the manifest is told as such, whatever its sizes are.
    let bytes = try manifest.verifiedBytes(of: name, in: folder, isBeginning: isBeginning)
    do {
      architecture = try entry.architecture.decoded()
    } catch is DecodingError {
      throw ModelError.unknownArchitecture(model: name, reason: "it does not describe an IP-GAN")
    }
    guard architecture.fits(embedder.shape) else {
      throw ModelError.unknownArchitecture(
        model: name, reason: "it does not fit the embedder's \(embedder.shape)")
    }
    guard architecture.side == side else {
      throw ModelError.unknownArchitecture(
        model: name,
        reason: "its pictures have \(architecture.side)×\(architecture.side) pixels; "
          + "expected \(side)×\(side)")
    }
    sha256 = entry.sha256
    let file = try SafeTensorsFile(bytes: bytes, requiringFinite: true)
    try file.checkHolds(AttributeEncoder(architecture).weightCount)
    try file.checkHolds(FaceGenerator(architecture).weightCount)
    encoder = try file.table("encoder/", like: AttributeEncoder(architecture).blankParameters)
    generator = try file.table("generator/", like: FaceGenerator(architecture).blankParameters)
  }
}

extension FaceReconstructor {
  /// The name of A and G in the manifest.
  public static let modelName = "ip_gan"

  /// Loads A and G whose checksum is right.
  ///
  /// - Throws: `CheckpointError` or `ModelError`.
  public init(
    _ name: String = Self.modelName, of manifest: ModelManifest, folder: String,
    embedder: FaceEmbedder
  ) throws {
    let model = try IPGANModel(name, of: manifest, folder: folder, embedder: embedder)
    self.init(
      model.architecture, encoder: model.encoder, generator: model.generator, embedder: embedder)
  }
}
