import Geometry
import Images
import NeuralNetworks
import PictureTensors
import Tensors
import Testing

@Suite struct WarpingTests {
  private static let turns = [
    SimilarityTransform(a: 0.9, b: 0.2, shiftX: 0.4, shiftY: -0.3),
    SimilarityTransform(a: 0.5, b: -0.1, shiftX: 1.2, shiftY: 0.7),
  ]

  @Test("a warp, growing or shrinking, is that of 8-bit pictures before rounding") func values() {
    let pictures = (0..<2).map { seed in
      RGBImage(
        width: 9, height: 8,
        pixels: (0..<216).map { UInt8(($0 * 37 + seed * 11) % 256) })
    }
    let soft = Variable(Tensor(pictures)).warped(by: Self.turns, rows: 5, columns: 6).value
    for (index, turn) in Self.turns.enumerated() {
      let hard = Tensor([pictures[index].warped(by: turn, width: 6, height: 5)])
      for i in 0..<hard.count {
        #expect(abs(hard[i] - soft[index * hard.count + i]) < 0.502 / 127.5)
      }
    }
  }

  @Test("gradients of warps and of blurs of each picture's own width") func gradients() {
    let x = tensor([2, 4, 5, 3])
    expectGradientsMatch(at: [x]) { $0[0].warped(by: Self.turns, rows: 3, columns: 4) }
    expectGradientsMatch(at: [x]) { $0[0].blurred(deviations: [0.8, 0]) }
  }

  @Test("a blur of a deviation for each is the blur of that deviation; none changes nothing")
  func blurs() {
    let x = tensor([2, 4, 5, 3])
    let both = Variable(x).blurred(deviations: [0.8, 0]).value
    #expect(both.entries(0..<1) == Variable(x.entries(0..<1)).blurred(deviation: 0.8).value)
    #expect(both.entries(1..<2) == x.entries(1..<2))
  }
}
