import Faces
import Geometry
import Images
import Testing

@testable import FaceFinderTraining
@testable import FaceFinding

@Suite struct FaceGeometryTests {
  @Test("the box of a face in the aligned frame is the square from forehead to chin")
  func box() throws {
    let box = try FaceBox(around: .usual)
    #expect(abs(box.width - 92) < 1e-9 && box.width == box.height)
    #expect(abs(box.centre.x - 64) < 1e-9 && abs(box.centre.y - 71) < 1e-9)
  }

  @Test("overlap of shifted squares is their common over their joint area")
  func overlap() {
    let box = FaceBox(x: 0, y: 0, width: 10, height: 10)
    let half = FaceBox(x: 5, y: 0, width: 10, height: 10)
    #expect(abs(box.overlap(with: half) - 50 / 150) < 1e-12)
    #expect(box.overlap(with: FaceBox(x: 10, y: 0, width: 5, height: 5)) == 0)
    #expect(box.containment(with: FaceBox(x: 2, y: 2, width: 4, height: 4)) == 1)
  }

  @Test("points mirrored twice are the same, and the picture's left eye stays the left one")
  func mirrored() {
    let once = Landmarks.usual.mirrored(width: 200)
    #expect(once.leftEye.x < once.rightEye.x && once.leftMouth.x < once.rightMouth.x)
    #expect(once.mirrored(width: 200) == .usual)
  }

  @Test("a turned, scaled, shifted face stands upright in the refiner's window")
  func window() throws {
    let moved = Landmarks.usual.moved(
      by: SimilarityTransform(
        turn: 0.5, scale: 1.7, aroundX: 20, y: -4, shiftX: 300, shiftY: 90))
    let back = moved.moved(by: try moved.windowTransform())
    for (found, usual) in zip(back.points, Landmarks.usualInWindow.points) {
      #expect(abs(found.x - usual.x) < 1e-9 && abs(found.y - usual.y) < 1e-9)
    }
  }

  @Test("reduced pictures keep the places of edges", arguments: [0.9, 0.5, 0.31, 0.1])
  func reduction(scale: Double) {
    // Brightness rises with the column; the middle of the reduced picture must keep its value.
    let pixels = (0..<240 * 80).flatMap { [UInt8](repeating: UInt8($0 % 240), count: 3) }
    let (small, found) = RGBImage(width: 240, height: 80, pixels: pixels).reduced(by: scale)
    #expect(abs(found - scale) < 0.01)
    let middle = small.width / 2
    let expected = (Double(middle) + 0.5) / found - 0.5
    let value = Double(small.pixels[(small.height / 2 * small.width + middle) * 3])
    #expect(abs(value - expected) <= 1.5, "\(value), expected \(expected)")
  }
}
