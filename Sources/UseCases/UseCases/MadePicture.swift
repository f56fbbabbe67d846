public import Images
public import Screening

/// A picture made of a picture's face: the aligned face itself, or what networks make of it.
public struct MadePicture: Equatable, Sendable {
  /// The name that the caller gave the request.
  public var id: String?
  /// The picture that was made; nil if there is none.
  public var image: RGBImage?
  /// The face that it was made of, 128×128.
  public var face: RGBImage?
  /// The picture that was read.
  public var picture: Verdict.Picture?
  /// Why there is none, and a stable name of the reason.
  public var reason, code: String?

  /// The picture and the face that it was made of, where there are both.
  public var both: (image: RGBImage, face: RGBImage)? {
    guard let image, let face else { return nil }
    return (image, face)
  }

  /// A picture that could not be made.
  public static func undecided(_ problem: Problem, id: String? = nil) -> MadePicture {
    MadePicture(id: id, reason: problem.detail, code: problem.code)
  }
}
