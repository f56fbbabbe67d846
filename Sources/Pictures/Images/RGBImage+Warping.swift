private import CVectors
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
    let (xs, ys) = (Self.samples(width, grid: grid), Self.samples(height, grid: grid))
    let columns = xs.map { SIMD2(inverse.a * $0, inverse.b * $0) }
    let rows = ys.map { SIMD2(-inverse.b * $0, inverse.a * $0) }
    let shift = SIMD2(inverse.shiftX, inverse.shiftY)
    let count = Float(grid * grid)
    let warpedPixels = [UInt8](unsafeUninitializedCapacity: width * height * 3) { new, filled in
      guard let first = new.baseAddress else { return }
      pixels.withUnsafeBufferPointer { old in
        columns.withUnsafeBufferPointer { columns in
          for y in 0..<height {
            for x in 0..<width {
              var sum = SIMD4<Float>()
              for row in y * grid..<(y + 1) * grid {
                let along = rows[row]
                for column in x * grid..<(x + 1) * grid {
                  let point = columns[column] + along + shift
                  sum = facewarden_add_sample(
                    sum, old.baseAddress, self.width, self.height, point.x, point.y)
                }
              }
              // Means of 0…255 stay there up to rounding errors, which the addition of a half absorbs.
              facewarden_write_pixel(sum / count, first + (y * width + x) * 3)
            }
          }
        }
      }
      filled = width * height * 3
    }
    return RGBImage(width: width, height: height, pixels: warpedPixels)
  }

  /// Where samples lie along a side: `grid` in each pixel, in its middle if there is one.
  private static func samples(_ side: Int, grid: Int) -> [Double] {
    let offsets = (0..<grid).map { (Double($0) + 0.5) / Double(grid) }
    return (0..<side).flatMap { pixel in
      offsets.map { grid == 1 ? Double(pixel) : Double(pixel) + $0 - 0.5 }
    }
  }
}
