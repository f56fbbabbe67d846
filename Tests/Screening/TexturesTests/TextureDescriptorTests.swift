import CAllocations
import Testing
import Textures

@Suite struct TextureDescriptorTests {
  static let random = {
    var generator = SplitMix64(seed: 3)
    return generator.pixels(128 * 128)
  }()

  @Test("cells of unequal size hold every code once") func cells() {
    // Five columns in two cells: two and three wide; three rows in two cells: one and two high.
    let plane = CodePlane(width: 5, height: 3, codes: Array(repeating: 255, count: 15))
    let histograms = CellHistograms(plane, grid: .cells(columns: 2, rows: 2))
    let bin = Int(UniformPatterns.bins[255])
    #expect((0..<4).map { histograms.counts[$0 * 59 + bin] } == [2, 3, 4, 6])
    #expect(histograms.counts.reduce(0, +) == 15)
  }

  @Test("cells of fixed size leave the remainder out") func pixels() {
    let plane = CodePlane(width: 5, height: 3, codes: Array(repeating: 0, count: 15))
    let histograms = CellHistograms(plane, grid: .pixels(width: 2, height: 2))
    #expect((histograms.columns, histograms.rows) == (2, 1))
    #expect(histograms.counts.reduce(0, +) == 8)
  }

  @Test("codes fall into the cell and bin that the definition says") func definition() {
    let plane = LocalBinaryPattern().codes(pixels: Self.random, width: 128, height: 128)
    let histograms = CellHistograms(plane, grid: .cells(columns: 8, rows: 7))
    var expected = [Int32](repeating: 0, count: 8 * 7 * 59)
    for y in 0..<126 {
      for x in 0..<126 {
        // The last cell whose beginning is not beyond the pixel.
        let column = (0..<8).last { $0 * 126 / 8 <= x } ?? 0
        let row = (0..<7).last { $0 * 126 / 7 <= y } ?? 0
        let bin = Int(UniformPatterns.bins[Int(plane.codes[y * 126 + x])])
        expected[(row * 8 + column) * 59 + bin] += 1
      }
    }
    #expect(histograms.counts == expected)
  }

  @Test("normalised cells sum to one, rooted ones have length one") func normalised() {
    let size = 59
    for takesSquareRoot in [false, true] {
      let features = TextureDescriptor(takesSquareRoot: takesSquareRoot)
        .features(pixels: Self.random, width: 128, height: 128)
      for cell in 0..<64 {
        let part = features[cell * size..<(cell + 1) * size].map(Double.init)
        let sum = part.reduce(0) { $0 + (takesSquareRoot ? $1 * $1 : $1) }
        #expect(abs(sum - 1) < 1e-6)
      }
    }
  }

  @Test("counts stay counts without normalisation") func counts() {
    let features = TextureDescriptor(normalisation: .none, takesSquareRoot: false)
      .features(pixels: Self.random, width: 128, height: 128)
    #expect(features.reduce(0, +) == 126 * 126)
  }

  @Test(
    "a gradient asks for no memory for each bit of a pixel",
    .enabled(if: allocations_are_counted(), "a sanitizer has a malloc of its own"))
  func gradientAllocations() {
    let descriptor = TextureDescriptor()
    let slopes = (0..<descriptor.featureCount(width: 128, height: 128)).map {
      (index: Int) in Float(index % 7) - 3
    }
    // What is made once is not counted.
    _ = descriptor.gradient(slopes, pixels: Self.random, width: 128, height: 128)
    allocations_start()
    let gradient = descriptor.gradient(slopes, pixels: Self.random, width: 128, height: 128)
    let count = allocations_stop()
    #expect(gradient.count == 128 * 128 && gradient.contains { $0 != 0 })
    // There are eight bits; unoptimised, going over them costs one object a pixel.
    #expect((1..<2 * 128 * 128).contains(count), "\(count) times")
  }

  @Test("operators follow one another and the length is foretold") func several() {
    let patterns = [LocalBinaryPattern(), LocalBinaryPattern(.circle(radius: 2))]
    let both = TextureDescriptor(patterns: patterns)
      .features(pixels: Self.random, width: 128, height: 128)
    let single = patterns.map {
      TextureDescriptor(patterns: [$0]).features(pixels: Self.random, width: 128, height: 128)
    }
    #expect(both == single[0] + single[1])
    #expect(TextureDescriptor(patterns: patterns).featureCount(width: 128, height: 128) == 7552)
    #expect(both.count == 7552)
    let fixed = TextureDescriptor(grid: .pixels(width: 16, height: 10))
    #expect(fixed.featureCount(width: 128, height: 128) == 7 * 12 * 59)
  }

  @Test("χ² is zero for equal cells and two for disjoint ones") func chiSquared() {
    func plane(_ left: UInt8, _ right: UInt8) -> CellHistograms {
      CellHistograms(
        CodePlane(width: 4, height: 1, codes: [left, left, right, right]),
        grid: .cells(columns: 2, rows: 1))
    }
    #expect(plane(0, 255).chiSquared(to: plane(0, 1)) == [0, 2])
    // p = (1, 0), q = (½, ½): (½)²/1.5 + (½)²/0.5 = 2/3.
    let whole = CellHistograms(
      CodePlane(width: 2, height: 1, codes: [0, 0]), grid: .cells(columns: 1, rows: 1))
    let half = CellHistograms(
      CodePlane(width: 2, height: 1, codes: [0, 1]), grid: .cells(columns: 1, rows: 1))
    #expect(abs(whole.chiSquared(to: half)[0] - 2 / 3) < 1e-6)
  }
}
