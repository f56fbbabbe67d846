public import Faces
public import Geometry

/// A rectangle in a picture, in pixels.
public struct FaceBox: Equatable, Hashable, Sendable, Codable {
  /// The left and the upper edge.
  public var x, y: Double
  /// The lengths of its sides.
  public var width, height: Double

  /// Creates a rectangle.
  public init(x: Double, y: Double, width: Double, height: Double) {
    (self.x, self.y, self.width, self.height) = (x, y, width, height)
  }

  /// Pixels of the frame from forehead to chin, and its middle: what a face's box stands for.
  package static let frameSide = 92.0
  static let frameCentre = Point(x: 64, y: 71)

  /// The upright square around a face whose points are known: forehead to chin.
  ///
  /// - Throws: `AlignmentError` if the points do not outline a face.
  public init(around landmarks: Landmarks) throws(AlignmentError) {
    let inverse = try AlignedFrame.similarity(for: landmarks).inverse
    let centre = inverse.applied(x: Self.frameCentre.x, y: Self.frameCentre.y)
    let side = Self.frameSide * inverse.scale
    self.init(x: centre.x - side / 2, y: centre.y - side / 2, width: side, height: side)
  }

  /// The middle.
  public var centre: Point { Point(x: x + width / 2, y: y + height / 2) }

  /// The common area over the joint area, 0…1.
  public func overlap(with other: FaceBox) -> Double {
    let w = min(x + width, other.x + other.width) - max(x, other.x)
    let h = min(y + height, other.y + other.height) - max(y, other.y)
    guard w > 0, h > 0 else { return 0 }
    return w * h / (width * height + other.width * other.height - w * h)
  }

  /// The common area over the smaller area, 0…1.
  public func containment(with other: FaceBox) -> Double {
    let w = min(x + width, other.x + other.width) - max(x, other.x)
    let h = min(y + height, other.y + other.height) - max(y, other.y)
    guard w > 0, h > 0 else { return 0 }
    return w * h / min(width * height, other.width * other.height)
  }
}

extension Landmarks {
  /// Where the points of a face usually lie in the aligned frame.
  package static let usual = Landmarks(
    leftEye: AlignedFrame.leftEye, rightEye: AlignedFrame.rightEye, nose: Point(x: 64, y: 74),
    leftMouth: AlignedFrame.leftMouth, rightMouth: AlignedFrame.rightMouth)

  /// The five points, eyes, nose, corners of the mouth.
  package var points: [Point] { [leftEye, rightEye, nose, leftMouth, rightMouth] }

  /// Takes the five points in that order.
  package init(points: [Point]) {
    precondition(points.count == 5, "\(points.count) points; expected 5")
    self.init(
      leftEye: points[0], rightEye: points[1], nose: points[2], leftMouth: points[3],
      rightMouth: points[4])
  }

  /// The points moved by `transform`.
  package func moved(by transform: SimilarityTransform) -> Landmarks {
    Landmarks(
      points: points.map {
        let moved = transform.applied(x: $0.x, y: $0.y)
        return Point(x: moved.x, y: moved.y)
      })
  }

  /// The points in the mirror image of a picture `width` pixels wide.
  package func mirrored(width: Int) -> Landmarks {
    let turned = points.map { Point(x: Double(width - 1) - $0.x, y: $0.y) }
    return Landmarks(points: [turned[1], turned[0], turned[2], turned[4], turned[3]])
  }

  /// The points half way to those of `other`.
  func averaged(with other: Landmarks) -> Landmarks {
    Landmarks(
      points: zip(points, other.points).map {
        Point(x: ($0.x + $1.x) / 2, y: ($0.y + $1.y) / 2)
      })
  }

  /// From the picture of these points to the refiner's window.
  package func windowTransform() throws(AlignmentError) -> SimilarityTransform {
    let whole = try AlignedFrame.similarity(for: self)
    let factor = Double(FaceRefiner.side) / Double(AlignedFrame.side)
    // Pixel edges keep their places: (x + ½)·factor − ½.
    let shift = (factor - 1) / 2
    return SimilarityTransform(
      a: whole.a * factor, b: whole.b * factor, shiftX: whole.shiftX * factor + shift,
      shiftY: whole.shiftY * factor + shift)
  }

  /// The usual points in the refiner's window.
  package static let usualInWindow: Landmarks = {
    let factor = Double(FaceRefiner.side) / Double(AlignedFrame.side)
    return Landmarks(
      points: usual.points.map {
        Point(x: ($0.x + 0.5) * factor - 0.5, y: ($0.y + 0.5) * factor - 0.5)
      })
  }()
}

extension SimilarityTransform {
  /// The transform that first does this one, then `next`.
  package func followed(by next: SimilarityTransform) -> SimilarityTransform {
    let shift = next.applied(x: shiftX, y: shiftY)
    return SimilarityTransform(
      a: next.a * a - next.b * b, b: next.b * a + next.a * b, shiftX: shift.x, shiftY: shift.y)
  }
}
