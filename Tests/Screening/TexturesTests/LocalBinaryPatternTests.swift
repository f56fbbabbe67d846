import Foundation
import Testing
import Textures

@Suite struct LocalBinaryPatternTests {
  static let operators =
    [LocalBinaryPattern(.square)]
    + [1, 1.5, 2, 3].map { LocalBinaryPattern(.circle(radius: $0)) }

  @Test("each neighbour of the square sets its own bit") func bits() {
    // Positions by bit, as drawn in the operator's documentation.
    let positions = [5, 2, 1, 0, 3, 6, 7, 8]
    for (bit, position) in positions.enumerated() {
      var pixels: [UInt8] = [0, 0, 0, 0, 9, 0, 0, 0, 0]
      pixels[position] = 9
      let plane = LocalBinaryPattern().codes(pixels: pixels, width: 3, height: 3)
      #expect(plane.codes == [1 << bit], "neighbour \(bit)")
    }
  }

  @Test("a code found by hand") func byHand() {
    //  6 5 2        1 0 0        8
    //  7 6 1   ->   1   0   ->  16    + 32 + 64 + 128
    //  9 8 7        1 1 1
    let plane = LocalBinaryPattern().codes(
      pixels: [6, 5, 2, 7, 6, 1, 9, 8, 7], width: 3, height: 3)
    #expect(plane.codes == [8 + 16 + 32 + 64 + 128])
  }

  @Test("an interpolated diagonal decides by its weighted mean") func interpolated() {
    // The diagonal point of radius 1 lies u = 0.7071 away along both axes. With corner k, centre
    // 100 and all else 0 it has the value k·u² + 100·(1 − u)² = k/2 + 8.58: 100 at k = 182.8.
    let circle = LocalBinaryPattern(.circle(radius: 1))
    let bright = circle.codes(
      pixels: [0, 0, 183, 0, 100, 0, 0, 0, 0], width: 3, height: 3)
    #expect(bright.codes == [0b10])
    let dim = circle.codes(
      pixels: [0, 0, 182, 0, 100, 0, 0, 0, 0], width: 3, height: 3)
    #expect(dim.codes == [0])
  }

  @Test("flat pictures give code 255 everywhere", arguments: operators)
  func flat(_ pattern: LocalBinaryPattern) {
    for grey in [0, 1, 127, 255] as [UInt8] {
      let plane = pattern.codes(
        pixels: Array(repeating: grey, count: 110), width: 11, height: 10)
      #expect(plane.codes == Array(repeating: 255, count: plane.width * plane.height))
    }
  }

  @Test("the plane is smaller by the margin on each side", arguments: operators)
  func size(_ pattern: LocalBinaryPattern) {
    let plane = pattern.codes(pixels: Array(repeating: 0, count: 11 * 8), width: 11, height: 8)
    #expect(plane.width == 11 - 2 * pattern.margin)
    #expect(plane.height == 8 - 2 * pattern.margin)
  }

  @Test("codes of the square survive a monotone change of grey values") func monotone() {
    var generator = SplitMix64(seed: 7)
    let pixels = generator.pixels(40 * 30, top: 99)
    // Strictly increasing on 0…99, not affine.
    let changed = pixels.map { UInt8(255 * (Double($0) / 99).squareRoot()) }
    let pattern = LocalBinaryPattern()
    #expect(Set(pixels).count == Set(changed).count)
    #expect(
      pattern.codes(pixels: pixels, width: 40, height: 30)
        == pattern.codes(pixels: changed, width: 40, height: 30))
  }

  @Test("codes survive an affine change of grey values", arguments: operators)
  func affine(_ pattern: LocalBinaryPattern) {
    var generator = SplitMix64(seed: 8)
    let pixels = generator.pixels(40 * 30, top: 100)
    #expect(
      pattern.codes(pixels: pixels, width: 40, height: 30)
        == pattern.codes(pixels: pixels.map { 2 * $0 + 31 }, width: 40, height: 30))
  }

  @Test(
    "codes equal those of the definition", arguments: operators,
    [(9, 9), (15, 33), (16, 8), (17, 12), (64, 40)])
  func naive(_ pattern: LocalBinaryPattern, size: (width: Int, height: Int)) {
    var generator = SplitMix64(seed: UInt64(size.width))
    let pixels = generator.pixels(size.width * size.height, top: 255)
    let plane = pattern.codes(pixels: pixels, width: size.width, height: size.height)
    for y in 0..<plane.height {
      for x in 0..<plane.width {
        let (code, doubtful) = naiveCode(
          pattern, pixels, width: size.width, x: x + pattern.margin, y: y + pattern.margin)
        #expect(
          (plane.codes[y * plane.width + x] ^ code) & ~doubtful == 0,
          "\(pattern) at \(x), \(y)")
      }
    }
  }

  /// The definition in double precision, and the bits whose difference is within rounding of 0.
  private func naiveCode(
    _ pattern: LocalBinaryPattern, _ pixels: [UInt8], width: Int, x: Int, y: Int
  ) -> (code: UInt8, doubtful: UInt8) {
    func grey(_ x: Double, _ y: Double) -> Double {
      let (left, top) = (floor(x + 1e-9), floor(y + 1e-9))
      let (u, v) = (max(0, x - left), max(0, y - top))
      func at(_ column: Double, _ row: Double) -> Double {
        Double(pixels[Int(row) * width + Int(column)])
      }
      let right = u < 1e-9 ? left : left + 1
      let bottom = v < 1e-9 ? top : top + 1
      return (1 - v) * ((1 - u) * at(left, top) + u * at(right, top))
        + v * ((1 - u) * at(left, bottom) + u * at(right, bottom))
    }
    var (code, doubtful): (UInt8, UInt8) = (0, 0)
    for p in 0..<8 {
      let angle = 2 * Double.pi * Double(p) / 8
      var (dx, dy) = (cos(angle), -sin(angle))
      switch pattern.neighbourhood {
      case .square: (dx, dy) = (dx.rounded(), dy.rounded())
      case .circle(let radius): (dx, dy) = (radius * dx, radius * dy)
      }
      let difference = grey(Double(x) + dx, Double(y) + dy) - Double(pixels[y * width + x])
      if difference >= -1e-6 { code |= 1 << p }
      // Four weights, each off by at most 1.5/65536, times 255.
      let isInterpolated = abs(dx - dx.rounded()) > 1e-6 || abs(dy - dy.rounded()) > 1e-6
      if isInterpolated, abs(difference) < 0.024 { doubtful |= 1 << p }
    }
    return (code, doubtful)
  }
}
