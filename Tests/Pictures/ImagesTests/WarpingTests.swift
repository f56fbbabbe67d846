import Geometry
import Images
import Testing

@Suite struct WarpingTests {
  @Test("the identity keeps every value")
  func identity() {
    #expect(gradient.warped(by: .identity, width: 20, height: 17) == gradient)
  }

  @Test("a shift moves pixels and repeats the edge")
  func shift() {
    let moved = gradient.warped(
      by: SimilarityTransform(a: 1, b: 0, shiftX: 2, shiftY: -3), width: 20, height: 17)
    #expect(moved.colour(5, 4) == gradient.colour(3, 7))
    #expect(moved.colour(0, 0) == gradient.colour(0, 3))
    #expect(moved.colour(19, 16) == gradient.colour(17, 16))
  }

  @Test("a quarter turn moves the corner where the matrix says")
  func quarterTurn() {
    // x′ = −y + 16, y′ = x: the stored top left corner comes to the top right.
    let turned = gradient.warped(
      by: SimilarityTransform(a: 0, b: 1, shiftX: 16, shiftY: 0), width: 17, height: 20)
    #expect(turned.colour(16, 0) == gradient.colour(0, 0))
    #expect(turned.colour(0, 19) == gradient.colour(19, 16))
    #expect(turned.colour(10, 7) == gradient.colour(7, 6))
  }

  @Test("values between pixels are bilinear")
  func bilinear() {
    // Red is 12·x and green 15·y, so half a pixel adds 6 and 7.5 (rounded up).
    let moved = gradient.warped(
      by: SimilarityTransform(a: 1, b: 0, shiftX: -0.5, shiftY: -0.5), width: 19, height: 16)
    #expect(moved.colour(3, 4) == [42, 68, 128])
  }

  @Test("strong shrinking averages a checkerboard to grey")
  func antiAliasing() {
    let board = picture(96, 96) { x, y in
      let value = (x + y) % 2 * 254
      return (value, value, value)
    }
    let shrunk = board.warped(
      by: SimilarityTransform(a: 1 / 6, b: 0, shiftX: 0, shiftY: 0), width: 16, height: 16)
    let inner = (1..<15).flatMap { y in (1..<15).map { x in Int(shrunk.colour(x, y)[0]) } }
    #expect(inner.allSatisfy { abs($0 - 127) <= 8 })
    #expect(board.resized(width: 16, height: 16).pixels.allSatisfy { abs(Int($0) - 127) <= 2 })
  }

  @Test(
    "each value is the mean of bilinear samples, up to the last pixel of the picture",
    arguments: [(1, 1), (1, 7), (9, 1), (20, 17)])
  func samples(width: Int, height: Int) {
    let source = picture(width, height) { x, y in
      ((x * 53 + y * 97) % 256, (x * 11 + y * 201) % 256, (x * y * 7 + 31) % 256)
    }
    for (a, b, shift) in [(1.3, 0.2, 0.4), (0.31, -0.1, 2.5), (-0.9, 0, 11), (0.12, 0.05, -1)] {
      let transform = SimilarityTransform(a: a, b: b, shiftX: shift, shiftY: shift / 2)
      let (inverse, warped) = (
        transform.inverse, source.warped(by: transform, width: 13, height: 11)
      )
      let grid = inverse.scale > 1.5 ? Int(inverse.scale.rounded(.up)) : 1
      func value(_ x: Double, _ y: Double, _ channel: Int) -> Float {
        let cx = min(max(x, 0), Double(width - 1))
        let cy = min(max(y, 0), Double(height - 1))
        let (left, top) = (Int(cx), Int(cy))
        let (right, bottom) = (min(left + 1, width - 1), min(top + 1, height - 1))
        let (fx, fy) = (Float(cx - Double(left)), Float(cy - Double(top)))
        func at(_ x: Int, _ y: Int) -> Float { Float(source.colour(x, y)[channel]) }
        let upper = at(left, top) * (1 - fx) + at(right, top) * fx
        let lower = at(left, bottom) * (1 - fx) + at(right, bottom) * fx
        return upper * (1 - fy) + lower * fy
      }
      for (y, x) in (0..<11).flatMap({ y in (0..<13).map { (y, $0) } }) {
        let expected = (0..<3).map { channel in
          var sum: Float = 0
          for (row, column) in (0..<grid).flatMap({ row in (0..<grid).map { (row, $0) } }) {
            let across = (Double(column) + 0.5) / Double(grid)
            let along = (Double(row) + 0.5) / Double(grid)
            let point = inverse.applied(
              x: grid == 1 ? Double(x) : Double(x) + across - 0.5,
              y: grid == 1 ? Double(y) : Double(y) + along - 0.5)
            sum += value(point.x, point.y, channel)
          }
          return UInt8(sum / Float(grid * grid) + 0.5)
        }
        #expect(warped.colour(x, y) == expected)
      }
    }
  }

  @Test("a transform and its inverse cancel")
  func inverse() {
    let transform = SimilarityTransform(a: 0.8, b: -0.3, shiftX: 12, shiftY: -7)
    let there = transform.applied(x: 5, y: 9)
    let back = transform.inverse.applied(x: there.x, y: there.y)
    #expect(abs(back.x - 5) < 1e-12 && abs(back.y - 9) < 1e-12)
    #expect(abs(transform.scale * transform.inverse.scale - 1) < 1e-12)
  }

  @Test("far-away windows show the repeated edge")
  func farAway() {
    let transform = SimilarityTransform(a: 1e-5, b: 0, shiftX: 1e9, shiftY: 1e9)
    let seen = gradient.warped(by: transform, width: 4, height: 4)
    #expect(seen.pixels == Array(repeatElement(gradient.colour(0, 0), count: 16).joined()))
  }

  @Test("resizing keeps flat colour and doubles a step by the triangle filter")
  func resizing() {
    let flat = RGBImage(width: 37, height: 23, red: 9, green: 200, blue: 77)
    #expect(flat.resized(width: 11, height: 50).pixels.starts(with: [9, 200, 77, 9, 200, 77]))
    let step = picture(2, 1) { x, _ in (x * 100, 0, 0) }
    // Centres at −0.25, 0.25, 0.75, 1.25 of the old pixels.
    let grown = step.resized(width: 4, height: 1)
    #expect((0..<4).map { grown.colour($0, 0)[0] } == [0, 25, 75, 100])
    // Halving four pixels: triangle of reach 2 round 0.5 has weights ¾, ¾, ¼ on pixels 0, 1, 2.
    let four = picture(4, 1) { x, _ in (x * 70, 0, 0) }
    #expect(four.resized(width: 2, height: 1).colour(0, 0)[0] == 50)
  }

  @Test("mirroring twice changes nothing")
  func mirror() {
    #expect(gradient.flippedHorizontally().colour(0, 5) == gradient.colour(19, 5))
    #expect(gradient.flippedHorizontally().flippedHorizontally() == gradient)
  }
}
