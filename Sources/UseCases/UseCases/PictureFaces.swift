public import FaceFinding
private import Faces
public import Geometry

/// All faces of one picture, for scripts and for comparison with other detectors.
public struct PictureFaces: Equatable, Sendable {
  /// A face that was found.
  public struct Face: Equatable, Sendable {
    /// The upright square from forehead to chin, in the picture's pixels.
    public let box: FaceBox
    /// Left eye, right eye, nose, left and right corner of the mouth, in the picture's pixels.
    public let landmarks: [Point]
    /// How sure the detector is, 0…1; larger is more like a face.
    public let score: Double

    /// Tells of a face.
    public init(_ face: DetectedFace) {
      (box, score) = (face.box, face.score)
      let marks = face.landmarks
      landmarks = [marks.leftEye, marks.rightEye, marks.nose, marks.leftMouth, marks.rightMouth]
    }
  }

  /// The name that the caller gave the request.
  public var id: String?
  /// Columns and rows of the picture.
  public var width, height: Int?
  /// The faces, the surest first; nil if the picture could not be read.
  public var faces: [Face]?
  /// Milliseconds by stage, where asked for.
  public var timings: [String: Double]?
  /// Why there is no answer, and a stable name of the reason.
  public var reason, code: String?

  /// Faces that could not be looked for.
  public static func undecided(_ problem: Problem, id: String? = nil) -> PictureFaces {
    PictureFaces(id: id, reason: problem.detail, code: problem.code)
  }
}
