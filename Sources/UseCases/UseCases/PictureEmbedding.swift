public import Screening

/// An embedding of one picture, for galleries and other programs.
public struct PictureEmbedding: Equatable, Sendable {
  /// Whatever the caller named the request.
  public var id: String?
  /// The embedder and its checksum.
  public var model, sha256: String?
  /// f_C of unit length; the squared distance of two is what a verification tells of f_C.
  public var embedding: [Float]?
  /// The picture.
  public var picture: Verdict.Picture?
  /// Why there is none, and a stable name of the reason.
  public var reason, code: String?

  /// An embedding that could not be given.
  public static func undecided(_ problem: Problem, id: String? = nil) -> PictureEmbedding {
    PictureEmbedding(id: id, reason: problem.detail, code: problem.code)
  }
}
