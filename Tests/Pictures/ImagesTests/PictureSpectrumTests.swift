import Foundation
import Images
import Testing

@Suite struct PictureSpectrumTests {
  private func picture(_ value: (_ x: Int, _ y: Int) -> Double) -> RGBImage {
    var pixels: [UInt8] = []
    for y in 0..<32 {
      for x in 0..<32 {
        let grey = UInt8(max(0, min(255, (127.5 + value(x, y)).rounded())))
        pixels += [grey, grey, grey]
      }
    }
    return RGBImage(width: 32, height: 32, pixels: pixels)
  }

  @Test("a wave has its power at its frequency") func wave() throws {
    let spectrum = try #require(
      PictureSpectrum(picture { x, _ in 80 * cos(2 * .pi * 8 * Double(x) / 32) }))
    let largest = spectrum.power.indices.max { spectrum.power[$0] < spectrum.power[$1] }
    #expect(largest == 8 || largest == 24)
    #expect(abs(spectrum.power(down: 0, across: 8) - spectrum.power(down: 0, across: -8)) < 1e-3)
    // A quarter of a cycle a pixel: all of it above an eighth, nothing to speak of above .35.
    let all = spectrum.energy(above: 0)
    #expect(spectrum.energy(above: 0.125) > 0.99 * all && spectrum.energy(above: 0.35) < 0.01 * all)
    // Parseval: the sum of |F|² is the number of pixels times the sum of squares.
    let flat = try #require(PictureSpectrum(picture { _, _ in 0 }))
    #expect(flat.energy(above: 0) < 1e-12)
  }

  @Test("a grid stands out on the axes, noise and slanted waves do not") func grid() throws {
    func noise(_ x: Int, _ y: Int) -> Double {
      let mixed: Int = (x * 7919 + y * 104_729 + x * y * 31) % 41
      return Double(mixed - 20)
    }
    func wave(_ x: Int, _ y: Int) -> Double {
      let cycles: Double = Double(8 * x + 6 * y) / 32
      return 25 * cos(2 * .pi * cycles)
    }
    let plain = try #require(PictureSpectrum(picture(noise))).axisPeaks
    let gridded = try #require(
      PictureSpectrum(picture { x, y in noise(x, y) + (x % 4 == 0 ? 25 : 0) })
    ).axisPeaks
    let slanted = try #require(
      PictureSpectrum(picture { x, y in noise(x, y) + wave(x, y) })
    ).axisPeaks
    #expect(plain.count == 15)
    #expect(gridded[7] > 2 * plain[7] && gridded[7] > 4)
    #expect(slanted[7] < 2 * plain[7])
  }

  @Test("pictures that are no squares, and tiny ones, have none") func refused() {
    for (width, height) in [(8, 9), (4, 4)] {
      let pixels = [UInt8](repeating: 1, count: width * height * 3)
      #expect(PictureSpectrum(RGBImage(width: width, height: height, pixels: pixels)) == nil)
    }
  }
}
