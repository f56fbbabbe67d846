import Foundation
import Geometry
import Images
import SeededRandom
import Testing

@testable import FaceFinding

/// Pictures made smaller by the means of blocks.
@Suite struct ReductionTests {
  private static func noise(_ width: Int, _ height: Int) -> RGBImage {
    var random = SplitMix64(seed: 5)
    return RGBImage(
      width: width, height: height,
      pixels: (0..<width * height * 3).map { _ in UInt8(truncatingIfNeeded: random.next()) })
  }

  /// The mean of a block, rounded half up, by its definition.
  private static func mean(_ picture: RGBImage, _ block: Int, _ x: Int, _ y: Int, _ channel: Int)
    -> UInt8
  {
    var sum = 0
    for row in y * block..<(y + 1) * block {
      for column in x * block..<(x + 1) * block {
        sum += Int(picture.pixels[(row * picture.width + column) * 3 + channel])
      }
    }
    return UInt8((2 * sum + block * block) / (2 * block * block))
  }

  @Test("blocks become their means, whatever their size", arguments: [1, 2, 3, 7, 16, 257, 300])
  func means(block: Int) {
    let picture = Self.noise(2 * block + block / 2, block + 1)
    let small = picture.boxReduced(by: block)
    #expect(small.width == picture.width / block && small.height == picture.height / block)
    for y in 0..<small.height {
      for x in 0..<small.width {
        for channel in 0..<3 {
          let found = small.pixels[(y * small.width + x) * 3 + channel]
          #expect(found == Self.mean(picture, block, x, y, channel))
        }
      }
    }
  }

  @Test("the largest sums fit", arguments: [257, 258, 600]) func white(block: Int) {
    let picture = RGBImage(width: block, height: block, red: 255, green: 255, blue: 255)
    #expect(picture.boxReduced(by: block).pixels == [255, 255, 255])
  }

  /// Windows inside, across each edge, around the picture, and beside it.
  private static let windows: [(x: Double, y: Double, scale: Double, turn: Double)] = [
    (300, 200, 0.3, 0.4), (10, 5, 0.2, -0.7), (590, 395, 0.25, 2), (0, 380, 0.49, 0),
    (300, 200, 0.05, 0.1), (-500, 200, 0.3, 0), (5000, 5000, 0.2, 1), (300, 200, 0.021, 3),
  ]

  @Test("a window of few blocks is that of all of them", arguments: windows.indices)
  func moved(index: Int) {
    let (x, y, scale, turn) = Self.windows[index]
    let picture = Self.noise(601, 403)
    let (a, b) = (scale * cos(turn), scale * sin(turn))
    let transform = SimilarityTransform(
      a: a, b: b, shiftX: 24 - (a * x - b * y), shiftY: 24 - (b * x + a * y))
    let block = min(Int(1 / scale), 403 / 8)
    let (factor, middle) = (Double(block), Double(block - 1) / 2)
    let spread = SimilarityTransform(a: factor, b: 0, shiftX: middle, shiftY: middle)
    let whole = picture.boxReduced(by: block)
      .warped(by: spread.followed(by: transform), width: 48, height: 48)
    let few = picture.moved(by: transform, width: 48, height: 48)
    let furthest = zip(whole.pixels, few.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 255
    // Places are the same but for the rounding of what was left out.
    #expect(furthest <= 1)
  }
}
