public import FaceFinding
private import Faces
private import Geometry
public import Images

/// All faces of one picture, for scripts and for comparison with other detectors.
public struct PictureFaces: Encodable, Sendable {
  /// A face that was found.
  public struct Face: Encodable, Sendable {
    /// The upright square from forehead to chin, in the picture's pixels.
    public let box: FaceBox
    /// Left eye, right eye, nose, left and right corner of the mouth, `[x, y]` in the picture's pixels.
    public let landmarks: [[Double]]
    /// How sure the detector is, 0…1; larger is more like a face.
    public let score: Double

    /// Tells of a face.
    public init(_ face: DetectedFace) {
      (box, score) = (face.box, face.score)
      let marks = face.landmarks
      landmarks = [marks.leftEye, marks.rightEye, marks.nose, marks.leftMouth, marks.rightMouth]
        .map { [$0.x, $0.y] }
    }
  }

  /// What the caller calls the picture.
  public var picture: String?
  /// Columns and rows of the picture.
  public var width, height: Int?
  /// The faces, the surest first; nil if the picture could not be read.
  public var faces: [Face]?
  /// Milliseconds by stage, where asked for.
  public var timings: [String: Double]?
  /// Why there is no answer.
  public var error: String?

  enum CodingKeys: String, CodingKey {
    case picture, width, height, faces, error
    case timings = "timings_ms"
  }

  /// Names a picture of which nothing is known.
  public init(picture: String?, error: String? = nil) {
    (self.picture, self.error) = (picture, error)
  }

  /// Finds the faces of a picture.
  ///
  /// - `minimumFace`: the smallest box told of, in pixels; the detector's own if nil.
  public mutating func find(in image: RGBImage, by detector: FaceDetector, minimumFace: Double?) {
    // The search finds what is a little smaller, too.
    faces = detector.faces(in: image, minimumFace: minimumFace)
      .filter { $0.box.width >= minimumFace ?? 0 }.map { Face($0) }
    (width, height) = (image.width, image.height)
  }
}
