internal import Embedders
internal import UseCases
public import Faces
internal import Images
public import Screening

/// A picture that a request names or holds.
public struct PictureRequest: Sendable {
  /// Where the picture is.
  public enum Content: Sendable {
    /// In a file of this machine; only the pipe offers that.
    case path(String)
    /// In the request.
    case bytes([UInt8])
  }

  /// What messages call it.
  public var name: String
  /// Where it is.
  public var content: Content
  /// The face's points, if they are given.
  public var landmarks: Landmarks?
  /// Whether the request says that the picture is an aligned face.
  public var isAligned = false

  /// Where the request says that the face is; nil if it says nothing.
  public var place: FacePlace? { landmarks.map { .given($0) } ?? (isAligned ? .aligned : nil) }

  /// Decodes the picture that the request holds, and aligns its face.
  ///
  /// - Throws: what ``Problem/init(_:)`` knows.
  ///
  /// - `usual`: where the face is if the request does not say.
  /// - `ownInputs`: networks from elsewhere that want the face in a frame of their own.
  func face(
    _ bytes: [UInt8], usual: FacePlace, ownInputs: [FaceInput], limits: ImageLimits
  ) throws -> FacePicture {
    try FacePicture(
      bytes: bytes, name: name, place: place ?? usual, ownInputs: ownInputs, limits: limits)
  }
}
