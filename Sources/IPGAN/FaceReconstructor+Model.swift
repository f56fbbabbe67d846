public import Checkpoints
public import FaceVerification
private import NeuralNetworks
internal import Tensors

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
    let architecture: IPGANArchitecture
    do {
      architecture = try manifest.entry(name).architecture.decoded()
    } catch is DecodingError {
      throw ModelError.unknownArchitecture(model: name, reason: "it does not describe an IP-GAN")
    }
    guard architecture.isConsistent, architecture.identity == embedder.architecture.identity,
      embedder.architecture.view.fits(side: architecture.side)
    else {
      throw ModelError.unknownArchitecture(
        model: name, reason: "it does not fit the embedder's \(embedder.architecture)")
    }
    let file = try SafeTensorsFile(
      bytes: manifest.verifiedBytes(of: name, in: folder), requiringFinite: true)
    let encoder = AttributeEncoder(architecture).blankParameters
    let generator = FaceGenerator(architecture).blankParameters
    self.init(
      architecture, encoder: try file.table("encoder/", like: encoder),
      generator: try file.table("generator/", like: generator), embedder: embedder)
  }
}
