import Faces
import Geometry
import Images
import KernelSupport
import SyntheticFaces
import Testing

@Suite struct FaceRendererTests {
  @Test("the same two parameter sets give the same pixels, alone and among threads")
  func repeatable() {
    let faces = (0..<8).map { number in
      FaceRenderer.alignedFace(
        of: Person(number: number % 3, of: 5), Appearance(number: number, ofPerson: 1, of: 5))
    }
    var again = [RenderedFace?](repeating: nil, count: faces.count)
    again.withUnsafeMutableBufferPointer { again in
      // Unchecked: each iteration writes its own place only.
      nonisolated(unsafe) let again = again
      WorkerPool(threads: 3).forEach(faces.count) { number in
        again[number] = FaceRenderer.alignedFace(
          of: Person(number: number % 3, of: 5), Appearance(number: number, ofPerson: 1, of: 5))
      }
    }
    #expect(again == faces)
  }

  @Test("an aligned face lies in the frame", arguments: 0..<6)
  func alignment(number: Int) throws {
    var appearance = Appearance(number: number, ofPerson: 2, of: 9)
    appearance.yaw *= 0.5
    let marks = FaceRenderer.alignedFace(of: Person(number: number, of: 9), appearance).landmarks
    #expect(try AlignedFrame.similarity(for: marks).isNearlyIdentity)
    #expect(try AlignedFrame.residual(of: marks) < 6)
    #expect((58...86).contains(marks.nose.y), "\(marks.nose)")
  }

  @Test("the drawn pupils are dark where the landmarks say they are")
  func pupils() {
    var appearance = Appearance.plain
    (appearance.gazeX, appearance.gazeY) = (0, 0)
    for number in 0..<5 {
      let face = FaceRenderer.photograph(of: Person(number: number, of: 3), appearance, side: 320)
      let grey = face.image.luminance
      func darkest(near p: Point, within reach: Int) -> (value: UInt8, distance: Double) {
        var best: (value: UInt8, distance: Double) = (255, 0)
        for y in Int(p.y) - reach...Int(p.y) + reach {
          for x in Int(p.x) - reach...Int(p.x) + reach where grey[y * 320 + x] < best.value {
            let (dx, dy) = (Double(x) - p.x, Double(y) - p.y)
            best = (grey[y * 320 + x], (dx * dx + dy * dy).squareRoot())
          }
        }
        return best
      }
      for eye in [face.landmarks.leftEye, face.landmarks.rightEye] {
        let found = darkest(near: eye, within: 5)
        #expect(found.value < 90, "person \(number): \(found)")
      }
    }
  }

  @Test("a turn of the head moves the nose between the eyes to the side it turns to")
  func turning() {
    func offset(_ yaw: Float) -> Double {
      var appearance = Appearance.plain
      appearance.yaw = yaw
      let marks = FaceRenderer.alignedFace(of: Person(seed: 4), appearance).landmarks
      return marks.nose.x - (marks.leftEye.x + marks.rightEye.x) / 2
    }
    #expect(abs(offset(0)) < 0.01)
    #expect(offset(-25) < -5)
    #expect(offset(25) > 5)
  }

  @Test("people differ more than noise does, and stay themselves in the same appearance")
  func identities() {
    func picture(_ person: Int, noise: UInt64) -> [UInt8] {
      var appearance = Appearance.plain
      (appearance.seed, appearance.noise) = (noise, 2)
      return FaceRenderer.alignedFace(of: Person(number: person, of: 8), appearance).image.pixels
    }
    func difference(_ a: [UInt8], _ b: [UInt8]) -> Double {
      Double(zip(a, b).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }) / Double(a.count)
    }
    let own = difference(picture(0, noise: 1), picture(0, noise: 2))
    #expect(own > 0.5 && own < 4, "\(own)")
    for other in 1..<6 {
      #expect(difference(picture(0, noise: 1), picture(other, noise: 1)) > 2 * own)
    }
  }
}

extension SimilarityTransform {
  /// Whether no point of a face is moved by more than a hundredth of a pixel.
  fileprivate var isNearlyIdentity: Bool {
    let corner = applied(x: 128, y: 128)
    return abs(corner.x - 128) < 0.01 && abs(corner.y - 128) < 0.01 && abs(shiftX) < 0.01
      && abs(shiftY) < 0.01
  }
}
