private import Screening

/// The use case of aligning: a picture's face in the aligned frame.
public struct AlignFace: Sendable {
  /// The reader of pictures.
  public let reader: FaceReader

  /// Creates the use case.
  public init(_ reader: FaceReader) { self.reader = reader }

  /// Aligns the face of a picture.
  public func callAsFunction(
    _ request: PictureRequest, id: String? = nil
  ) throws(Problem) -> MadePicture {
    let face = try reader.face(of: request)
    return MadePicture(id: id, image: face.face, face: face.face, picture: face.file)
  }
}
