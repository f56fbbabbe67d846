public import Embedders
private import Screening

/// The use case of embedding: a picture's face as an embedding of unit length.
public struct EmbedFace: Sendable {
  /// The network.
  public let embedder: FaceEmbedder
  /// Its name in the manifest, and its file's checksum.
  public let model: String
  public let sha256: String?
  /// The reader of pictures.
  public let reader: FaceReader

  /// Creates the use case; faces are read in the network's own frame, too.
  public init(_ embedder: FaceEmbedder, model: String, sha256: String?, reader: FaceReader) {
    (self.embedder, self.model, self.sha256) = (embedder, model, sha256)
    var reader = reader
    reader.ownInputs = [embedder.ownInput].compactMap(\.self)
    self.reader = reader
  }

  /// Embeds the face of a picture.
  public func callAsFunction(
    _ request: PictureRequest, id: String? = nil
  ) throws(Problem) -> PictureEmbedding {
    let picture = try reader.face(of: request)
    let numbers = embedder.unitEmbedding(of: picture)
    guard numbers.allSatisfy(\.isFinite) else { throw .noNumber }
    return PictureEmbedding(
      id: id, model: model, sha256: sha256, embedding: numbers, picture: picture.file)
  }
}
