public import Geometry

/// The five points by which a face is aligned; left is the picture's left.
public struct Landmarks: Equatable, Hashable, Sendable, Codable {
  /// The centre of the eye on the picture's left.
  public var leftEye: Point
  /// The centre of the eye on the picture's right.
  public var rightEye: Point
  /// The tip of the nose; alignment does not use it.
  public var nose: Point
  /// The corner of the mouth on the picture's left.
  public var leftMouth: Point
  /// The corner of the mouth on the picture's right.
  public var rightMouth: Point

  /// Creates landmarks from five points.
  public init(leftEye: Point, rightEye: Point, nose: Point, leftMouth: Point, rightMouth: Point) {
    self.leftEye = leftEye
    self.rightEye = rightEye
    self.nose = nose
    self.leftMouth = leftMouth
    self.rightMouth = rightMouth
  }

  /// The points that alignment uses: the eyes, then the corners of the mouth.
  var anchors: [Point] { [leftEye, rightEye, leftMouth, rightMouth] }

  /// All five points.
  var all: [Point] { [leftEye, rightEye, nose, leftMouth, rightMouth] }
}
