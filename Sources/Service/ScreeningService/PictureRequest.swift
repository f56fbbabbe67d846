internal import Embedders
internal import UseCases
public import Faces
private import Foundation
private import Geometry
internal import Images
internal import JSON
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

extension Landmarks {
  /// Five points, `[[x, y], …]`: eyes, nose, corners of the mouth; the picture's left first.
  init(_ value: JSONValue, name: String) throws(Problem) {
    let points = (value.array ?? []).compactMap { point -> Point? in
      guard let pair = point.array, pair.count == 2, let x = pair[0].number,
        let y = pair[1].number, abs(x) <= 1e6, abs(y) <= 1e6
      else { return nil }
      return Point(x: x, y: y)
    }
    guard points.count == 5, value.array?.count == 5 else {
      throw .malformed(
        "'\(name)' is no list of five points; expected [[x, y], …]: left eye, right eye, nose, "
          + "left and right corner of the mouth, in pixels")
    }
    self.init(
      leftEye: points[0], rightEye: points[1], nose: points[2], leftMouth: points[3],
      rightMouth: points[4])
  }
}
