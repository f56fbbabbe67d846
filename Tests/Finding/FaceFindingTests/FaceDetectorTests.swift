import Faces
import Foundation
import Geometry
import Images
import ModelStore
import TestSupport
import Testing

@testable import FaceFinderTraining
@testable import FaceFinding

/// The shipped detector on the sample people, who do not exist, laid on larger pictures.
@Suite(.enabled(if: Tool.hasModels, "needs models/ and samples/")) struct FaceDetectorTests {
  static let root = TestProducts.packageRoot.path

  static func detector() throws -> FaceDetector {
    let folder = root + "/models"
    return try FaceDetector(of: ModelManifest(folder: folder), folder: folder)
  }

  static func sample(_ name: String = "genuine-probe") throws -> RGBImage {
    try RGBImage.read(path: "\(root)/samples/\(name).png").image
  }

  /// A grey picture with samples laid on it.
  static func scene(
    _ width: Int, _ height: Int, _ faces: [(name: String, transform: SimilarityTransform)]
  ) throws -> RGBImage {
    var picture = RGBImage(width: width, height: height, red: 120, green: 130, blue: 140)
    for face in faces {
      picture.paste(try sample(face.name), by: face.transform, coversAll: false)
    }
    return picture
  }

  static func placed(scale: Double, turn: Double = 0, x: Double, y: Double) -> SimilarityTransform {
    SimilarityTransform(
      turn: turn, scale: scale, aroundX: 64, y: 71, shiftX: x - 64, shiftY: y - 71)
  }

  @Test(
    "a face is found where it is, small, large or turned",
    arguments: [
      (1, 0), (1, 0.5), (1, -0.5), (0.7, 0.2), (2.2, 0), (3.5, -0.3),
    ] as [(Double, Double)])
  func found(scale: Double, turn: Double) throws {
    let transform = Self.placed(scale: scale, turn: turn, x: 330, y: 250)
    let picture = try Self.scene(640, 480, [("genuine-probe", transform)])
    let faces = try Self.detector().faces(in: picture)
    let face = try #require(faces.first)
    let truth = Landmarks.usual.moved(by: transform)
    let eyes = 39 * scale
    for (point, expected) in zip(face.landmarks.points, truth.points) where expected != truth.nose {
      let distance = hypot(point.x - expected.x, point.y - expected.y)
      // The samples fit the frame's places within about two of its pixels.
      #expect(distance < 0.2 * eyes, "\(distance / eyes) of the eye distance")
    }
    #expect(face.box.overlap(with: try FaceBox(around: truth)) > 0.7)
  }

  @Test("a face in ten million pixels is found") func large() throws {
    let placed = Self.placed(scale: 0.9, x: 170, y: 120)
    let small = try Self.scene(400, 267, [("genuine-probe", placed)])
    var pixels: [UInt8] = []
    for y in 0..<small.height {
      let row = (0..<small.width).flatMap { x -> [UInt8] in
        let start = (y * small.width + x) * 3
        return (0..<10).flatMap { _ in small.pixels[start..<start + 3] }
      }
      for _ in 0..<10 { pixels += row }
    }
    let picture = RGBImage(width: 4000, height: 2670, pixels: pixels)
    let face = try #require(try Self.detector().faces(in: picture).first)
    let enlarged = placed.followed(by: SimilarityTransform(a: 10, b: 0, shiftX: 4.5, shiftY: 4.5))
    #expect(face.box.overlap(with: try FaceBox(around: Landmarks.usual.moved(by: enlarged))) > 0.7)
  }

  @Test("pictures of one colour or of few pixels show no face", arguments: [16, 17, 33, 200])
  func none(side: Int) throws {
    let finder = FaceFinder(try Self.detector())
    #expect(throws: FaceChoiceError.self) {
      try finder.face(in: RGBImage(width: side, height: side + 3, red: 90), name: "plain")
    }
  }

  @Test("of two faces of one size none is meant, of two sizes the larger")
  func choice() throws {
    var finder = FaceFinder(try Self.detector())
    let equal = try Self.scene(
      400, 200,
      [
        ("genuine-probe", Self.placed(scale: 0.9, x: 100, y: 100)),
        ("impostor-probe", Self.placed(scale: 0.9, x: 300, y: 100)),
      ])
    #expect(throws: FaceChoiceError.several(name: "two", count: 2, choice: .clear)) {
      try finder.face(in: equal, name: "two")
    }
    finder.choice = .largest
    #expect(try finder.face(in: equal, name: "two").count == 2)
    let unequal = try Self.scene(
      500, 300,
      [
        ("genuine-probe", Self.placed(scale: 1.8, x: 130, y: 150)),
        ("impostor-probe", Self.placed(scale: 0.8, x: 400, y: 150)),
      ])
    finder.choice = .clear
    let found = try finder.face(in: unequal, name: "two")
    #expect(found.face.box.centre.x < 200)
    finder.choice = .only
    #expect(throws: FaceChoiceError.several(name: "two", count: 2, choice: .only)) {
      try finder.face(in: unequal, name: "two")
    }
  }

  @Test("a face below the minimum, or blurred away, is refused with its reason")
  func unfit() throws {
    var finder = FaceFinder(try Self.detector())
    let picture = try Self.scene(
      300, 300, [("genuine-reference", Self.placed(scale: 1, x: 150, y: 150))])
    finder.minimumFace = 140
    #expect { try finder.face(in: picture, name: "x") } throws: {
      if case FaceChoiceError.tooSmall = $0 { true } else { false }
    }
    finder.minimumFace = 40
    // Twice the contrast: rounding to whole levels counts as detail, the more so the flatter a picture is.
    let hard = picture.pixels.map { UInt8(min(max(2 * Int($0) - 110, 0), 255)) }
    let blurred = RGBImage(width: 300, height: 300, pixels: hard)
      .resized(width: 28, height: 28).resized(width: 300, height: 300)
    #expect { try finder.face(in: blurred, name: "x") } throws: {
      if case FaceChoiceError.tooBlurred = $0 { true } else { false }
    }
  }

  @Test("a smallest face that is the usual one is looked for like its neighbours")
  func usualMinimum() throws {
    // A sixteenth of the longer side are 100 pixels: the face is smaller, and larger than 40.
    let picture = try Self.scene(
      1600, 1200, [("genuine-probe", Self.placed(scale: 0.7, x: 800, y: 600))])
    var finder = FaceFinder(try Self.detector())
    for minimum in [39.0, 40, 41] {
      finder.minimumFace = minimum
      #expect(try finder.face(in: picture, name: "x").face.box.width < 80, "\(minimum)")
    }
  }
}
