import Foundation
import Images
import SeededRandom

/// A face being varied: values 0…255 in row, column, channel order.
struct FaceCanvas {
  let values: UnsafeMutableBufferPointer<Float>
  let width: Int
  let height: Int

  /// Smooths along rows, then along columns, with a Gaussian of `deviation` pixels.
  func blur(deviation: Float) {
    guard deviation > 0 else { return }
    let reach = Int((2.5 * deviation).rounded(.up))
    var weights = (-reach...reach).map { exp(-Float($0 * $0) / (2 * deviation * deviation)) }
    let sum = weights.reduce(0, +)
    weights = weights.map { $0 / sum }
    let copy = Array(values)
    copy.withUnsafeBufferPointer {
      smooth($0, into: values, weights, lines: height, 3 * width, places: width, 3)
    }
    Array(values).withUnsafeBufferPointer {
      smooth($0, into: values, weights, lines: width, 3, places: height, 3 * width)
    }
  }

  /// Weighs the neighbours along each line; the ends repeat.
  private func smooth(
    _ old: UnsafeBufferPointer<Float>, into new: UnsafeMutableBufferPointer<Float>,
    _ weights: [Float], lines: Int, _ lineStep: Int, places: Int, _ step: Int
  ) {
    let reach = weights.count / 2
    for line in 0..<lines {
      for place in 0..<places {
        var sum = SIMD4<Float>()
        for (offset, weight) in weights.enumerated() {
          let source = line * lineStep + min(max(place + offset - reach, 0), places - 1) * step
          sum += weight * SIMD4(old[source], old[source + 1], old[source + 2], 0)
        }
        let target = line * lineStep + place * step
        (new[target], new[target + 1], new[target + 2]) = (sum[0], sum[1], sum[2])
      }
    }
  }

  /// Passes the values through a JPEG file of this quality.
  func compress(quality: Int) {
    let pixels = values.map { UInt8(min(max($0, 0), 255).rounded()) }
    let image = RGBImage(width: width, height: height, pixels: pixels)
    // Our own picture and the codec's own bytes: only a lack of memory can fail here, and then
    // the face simply stays uncompressed.
    let limits = ImageLimits(minimumSide: 1)
    guard let bytes = try? image.jpegData(quality: min(max(quality, 1), 100)),
      let decoded = try? RGBImage.decode(bytes, name: "compressed face", limits: limits).image
    else { return }
    for (index, value) in decoded.pixels.enumerated() { values[index] = Float(value) }
  }

  /// Covers a rectangle of this fraction of the picture with one random colour.
  ///
  /// Its sides stand in a ratio of 1 : 2 to 2 : 1.
  func erase(area: Float, using generator: inout SplitMix64) {
    let ratio = exp(generator.uniform(in: -log(Float(2))...log(Float(2))))
    let pixels = max(0, area) * Float(width * height)
    let columns = min(width, max(1, Int((pixels * ratio).squareRoot().rounded())))
    let rows = min(height, max(1, Int((pixels / ratio).squareRoot().rounded())))
    let left = generator.uniform(in: 0..<width - columns + 1)
    let top = generator.uniform(in: 0..<height - rows + 1)
    let colour = (0..<3).map { _ in generator.uniform(in: 0...255) }
    for y in top..<top + rows {
      for x in left..<left + columns {
        for channel in 0..<3 { values[(y * width + x) * 3 + channel] = colour[channel] }
      }
    }
  }
}
