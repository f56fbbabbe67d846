public import Geometry

extension RGBImage {
  /// Returns the picture moved by `transform`, as seen through a window of the given size.
  ///
  /// The transform maps positions of this picture to positions of the result. Values between
  /// pixels are bilinear; outside the picture its edge repeats. Where the transform shrinks by
  /// more than 1.5, each result pixel averages a square grid of n×n samples, n being the shrinking
  /// factor rounded up (at most 32), so that fine structure does not alias.
  ///
  /// - Precondition: the transform ``SimilarityTransform/isInvertible``, and both sides are positive.
  public func warped(by transform: SimilarityTransform, width: Int, height: Int) -> RGBImage {
    precondition(width > 0 && height > 0, "\(width)×\(height) is not a picture")
    let inverse = transform.inverse
    let shrinking = inverse.scale
    let grid = shrinking > 1.5 ? min(32, Int(shrinking.rounded(.up))) : 1
    let warpedPixels = [UInt8](unsafeUninitializedCapacity: width * height * 3) { new, filled in
      pixels.withUnsafeBufferPointer { old in
        let sampler = BilinearSampler(pixels: old, width: self.width, height: self.height)
        for y in 0..<height {
          for x in 0..<width {
            let mean = sampler.mean(x: Double(x), y: Double(y), grid: grid, through: inverse)
            let start = (y * width + x) * 3
            for channel in 0..<3 {
              // Means of 0…255 stay there up to rounding errors, which the addition absorbs.
              new.initializeElement(at: start + channel, to: UInt8(mean[channel] + 0.5))
            }
          }
        }
      }
      filled = width * height * 3
    }
    return RGBImage(width: width, height: height, pixels: warpedPixels)
  }
}

/// Values of a picture between its pixels.
private struct BilinearSampler {
  let pixels: UnsafeBufferPointer<UInt8>
  let width: Int
  let height: Int

  /// The mean of `grid`×`grid` values spread over the pixel at (`x`, `y`) of a warped picture.
  @inline(__always)
  func mean(x: Double, y: Double, grid: Int, through inverse: SimilarityTransform) -> SIMD4<Float> {
    if grid == 1 {
      let point = inverse.applied(x: x, y: y)
      return value(x: point.x, y: point.y)
    }
    var sum = SIMD4<Float>()
    for row in 0..<grid {
      for column in 0..<grid {
        let point = inverse.applied(
          x: x + (Double(column) + 0.5) / Double(grid) - 0.5,
          y: y + (Double(row) + 0.5) / Double(grid) - 0.5)
        sum += value(x: point.x, y: point.y)
      }
    }
    return sum / Float(grid * grid)
  }

  @inline(__always)
  private func value(x: Double, y: Double) -> SIMD4<Float> {
    let cx = min(max(x, 0), Double(width - 1))
    let cy = min(max(y, 0), Double(height - 1))
    let (left, top) = (Int(cx), Int(cy))
    let (right, bottom) = (min(left + 1, width - 1), min(top + 1, height - 1))
    let (fx, fy) = (Float(cx - Double(left)), Float(cy - Double(top)))
    let upper = pixel(left, top) * (1 - fx) + pixel(right, top) * fx
    let lower = pixel(left, bottom) * (1 - fx) + pixel(right, bottom) * fx
    return upper * (1 - fy) + lower * fy
  }

  @inline(__always)
  private func pixel(_ x: Int, _ y: Int) -> SIMD4<Float> {
    let start = (y * width + x) * 3
    return SIMD4(
      Float(pixels[start]), Float(pixels[start + 1]), Float(pixels[start + 2]), 0)
  }
}
