import Faces
import Geometry
import Images
import Testing

@Suite struct AlignedFrameTests {
  /// Landmarks of the frame itself, moved by a similarity.
  static func moved(by transform: SimilarityTransform) -> Landmarks {
    func move(_ point: Point) -> Point {
      let moved = transform.applied(x: point.x, y: point.y)
      return Point(x: moved.x, y: moved.y)
    }
    return Landmarks(
      leftEye: move(AlignedFrame.leftEye), rightEye: move(AlignedFrame.rightEye),
      nose: move(Point(x: 64, y: 74)), leftMouth: move(AlignedFrame.leftMouth),
      rightMouth: move(AlignedFrame.rightMouth))
  }

  static let transforms = [
    SimilarityTransform.identity,
    SimilarityTransform(a: 0.5, b: 0.25, shiftX: 31, shiftY: -8),
    SimilarityTransform(a: -3, b: 4, shiftX: 900, shiftY: 700),
    SimilarityTransform(a: 0.01, b: 0.02, shiftX: -1000, shiftY: 0),
  ]

  @Test("an exact similarity is recovered", arguments: transforms)
  func recovered(_ transform: SimilarityTransform) throws {
    let marks = Self.moved(by: transform)
    let found = try AlignedFrame.similarity(for: marks)
    let expected = transform.inverse
    #expect(abs(found.a - expected.a) < 1e-9 * max(1, expected.scale))
    #expect(abs(found.b - expected.b) < 1e-9 * max(1, expected.scale))
    #expect(abs(found.shiftX - expected.shiftX) < 1e-6 * max(1, abs(expected.shiftX)))
    #expect(abs(found.shiftY - expected.shiftY) < 1e-6 * max(1, abs(expected.shiftY)))
    #expect(try AlignedFrame.residual(of: marks) < 1e-6)
  }

  @Test("points that fit no similarity leave the residual computed by hand")
  func residual() throws {
    // Eyes moved apart by 2 and mouth corners together by 2 (each point by 1): the best scale is
    // unchanged when Σ p·q = Σ|p|², and the residual then is near 1 pixel.
    var marks = Self.moved(by: .identity)
    marks.leftEye.x -= 1
    marks.rightEye.x += 1
    marks.leftMouth.x += 1
    marks.rightMouth.x -= 1
    // Around the mean (64, 72.25): p = (±20.5, −20.25), (±15.5, 20.25); q = (±19.5, …), (±16.5, …).
    let dot = 2 * (20.5 * 19.5 + 15.5 * 16.5) + 4 * 20.25 * 20.25
    let square = 2 * (20.5 * 20.5 + 15.5 * 15.5) + 4 * 20.25 * 20.25
    let scale = dot / square
    let error =
      2 * (20.5 * scale - 19.5) * (20.5 * scale - 19.5)
      + 2 * (15.5 * scale - 16.5) * (15.5 * scale - 16.5)
      + 4 * (20.25 * scale - 20.25) * (20.25 * scale - 20.25)
    #expect(abs(try AlignedFrame.residual(of: marks) - (error / 4).squareRoot()) < 1e-9)
  }

  @Test("mirrored points are not matched by mirroring")
  func mirrored() throws {
    var marks = Self.moved(by: .identity)
    swap(&marks.leftEye, &marks.rightEye)
    swap(&marks.leftMouth, &marks.rightMouth)
    let residual = try? AlignedFrame.residual(of: marks)
    #expect(residual == nil || residual ?? 0 > 10)
  }

  @Test("points that outline no face are refused")
  func degenerate() {
    var marks = Self.moved(by: .identity)
    marks.leftEye.x = .nan
    #expect(throws: AlignmentError.self) { try AlignedFrame.similarity(for: marks) }
    let point = Point(x: 7, y: 7)
    let same = Landmarks(
      leftEye: point, rightEye: point, nose: point, leftMouth: point, rightMouth: point)
    #expect(throws: AlignmentError.degenerate(same)) { try AlignedFrame.similarity(for: same) }
    let huge = Self.moved(by: SimilarityTransform(a: 1e5, b: 0, shiftX: 0, shiftY: 0))
    #expect(throws: AlignmentError.degenerate(huge)) { try AlignedFrame.similarity(for: huge) }
  }

  @Test("aligning moves marked pixels to their places and repeats the edge")
  func align() throws {
    // A double-size picture whose left half is red: the border comes to the middle of the frame.
    var image = RGBImage(width: 256, height: 256, blue: 255)
    for y in 0..<256 {
      let row = y * 256 * 3
      image.pixels.replaceSubrange(
        row..<row + 384, with: Array(repeatElement([255, 0, 0], count: 128).joined()))
    }
    let marks = Self.moved(by: SimilarityTransform(a: 2, b: 0, shiftX: 0, shiftY: 0))
    let face = try AlignedFrame.align(image, landmarks: marks)
    #expect(face.width == 128 && face.height == 128)
    #expect(Array(face.pixels[..<3]) == [255, 0, 0])
    #expect(Array(face.pixels[(63 * 3)..<(63 * 3 + 3)]) == [255, 0, 0])
    #expect(Array(face.pixels[(65 * 3)..<(65 * 3 + 3)]) == [0, 0, 255])
    // A shift by −100: everything left of column 100 repeats the red edge.
    let shifted = Self.moved(by: SimilarityTransform(a: 1, b: 0, shiftX: -100, shiftY: 0))
    let edge = try AlignedFrame.align(image, landmarks: shifted)
    #expect(Array(edge.pixels[..<3]) == [255, 0, 0])
  }
}
