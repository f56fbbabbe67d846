import Foundation
import Images
import Screening
import TestSupport
import Testing
import UseCases

@Suite struct DisagreementTests {
  @Test("untouched faces stay nearly clear with the models that ship") func untouched() throws {
    let root = TestProducts.packageRoot
    let door = Door(try FaceWarden(folder: root.path + "/models"))
    for name in ["genuine-probe", "genuine-reference", "impostor-probe", "impostor-reference"] {
      let request = PictureRequest(path: root.path + "/samples/\(name).png", place: .aligned)
      let made = try door.reconstruct(request, view: .disagreement)
      let pixels = try #require(made.image).pixels
      let coloured = stride(from: 0, to: pixels.count, by: 3).count {
        Int(pixels[$0]) - Int(pixels[$0 + 1]) > 25
      }
      #expect(coloured * 10 < pixels.count / 3, "\(name): \(coloured) coloured pixels")
    }
  }
}
