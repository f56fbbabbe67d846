import FaceFinding
import Foundation
import Images
import ModelStore
import NeuralNetworks
import PictureTensors
import SeededRandom
import Tensors
import TestSupport
import Testing

@testable import Attacks

/// What an attack on a whole photograph sees of it.
@Suite(.enabled(if: Tool.hasModels, "needs models/ and samples/")) struct AttackedPhotographTests {
  static let root = TestProducts.packageRoot.path

  static func photograph() throws -> AttackedPhotograph {
    let folder = root + "/models"
    let detector = try FaceDetector(of: ModelManifest(folder: folder), folder: folder)
    let picture = try RGBImage.read(path: root + "/samples/whole/person-00000/000.jpg").image
    return try AttackedPhotograph(picture, name: "drawn", finder: FaceFinder(detector))
  }

  static func path(_ place: AttackedPhotograph) -> AttackPath {
    AttackPath(
      source: place.part, place: .photograph(place), spread: .everywhere, store: .none)
  }

  @Test(
    "a search sees the face that is found in the changed file, not one cut out where it was before")
  func seen() throws {
    let place = try Self.photograph()
    let path = Self.path(place)
    // A change that moves what is found: the part a pixel aside, and a little noise.
    var random = SplitMix64(seed: 3)
    let (width, height) = (place.part.width, place.part.height)
    var pixels = place.part.pixels
    for row in 0..<height {
      for column in (1..<width).reversed() {
        for channel in 0..<3 {
          let at = (row * width + column) * 3 + channel
          let shifted = Int(pixels[at - 3]) + random.uniform(in: -3..<4)
          pixels[at] = UInt8(min(255, max(0, shifted)))
        }
      }
    }
    let changed = RGBImage(width: width, height: height, pixels: pixels)
    let file = path.file(of: changed)
    let found = try #require(path.face(in: file))
    let leaf = Variable(tracked: Tensor([changed]))
    let face = path.face(of: leaf, file: file)
    #expect(face.value == Tensor([found]))
    let slope = try #require(gradients(of: face.sum(), withRespectTo: [leaf]).first)
    #expect(slope.numbers.contains { $0 != 0 })
  }

  @Test("a photograph whose change hides the face is seen where the face was") func hidden() throws
  {
    let place = try Self.photograph()
    let path = Self.path(place)
    let blank = RGBImage(
      width: place.part.width, height: place.part.height, red: 90, green: 90, blue: 90)
    let file = path.file(of: blank)
    #expect(path.face(in: file) == nil)
    let face = path.face(of: Variable(tracked: Tensor([blank])), file: file)
    #expect(face.value.shape == [1, 128, 128, 3])
  }
}
