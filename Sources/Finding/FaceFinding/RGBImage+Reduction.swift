package import Geometry
package import Images

extension RGBImage {
  /// The picture at `scale` ≤ 1 of its size, and the scale; edges keep their places.
  ///
  /// Large pictures are averaged over whole blocks first, which keeps the time short and the memory
  /// small.
  func reduced(by scale: Double) -> (picture: RGBImage, scale: Double) {
    guard scale < 1 else { return (self, 1) }
    let block = max(1, min(Int(1 / scale), min(width, height) / 8))
    let coarse = block > 1 ? boxReduced(by: block) : self
    let rest = scale * Double(block)
    guard rest < 0.999 else { return (coarse, 1 / Double(block)) }
    let shift = (rest - 1) / 2
    let small = coarse.warped(
      by: SimilarityTransform(a: rest, b: 0, shiftX: shift, shiftY: shift),
      width: max(1, Int(Double(coarse.width) * rest)),
      height: max(1, Int(Double(coarse.height) * rest)))
    return (small, scale)
  }

  /// The same as `warped`, quicker where `transform` shrinks: blocks are averaged first.
  package func moved(by transform: SimilarityTransform, width: Int, height: Int) -> RGBImage {
    let block = min(Int(1 / transform.scale), min(self.width, self.height) / 8)
    guard block > 1 else { return warped(by: transform, width: width, height: height) }
    let (factor, shift) = (Double(block), Double(block - 1) / 2)
    let spread = SimilarityTransform(a: factor, b: 0, shiftX: shift, shiftY: shift)
    return boxReduced(by: block)
      .warped(by: spread.followed(by: transform), width: width, height: height)
  }

  /// The picture of the means of whole blocks; columns and rows that fill no block are left out.
  ///
  /// - Precondition: there is at least one block.
  func boxReduced(by block: Int) -> RGBImage {
    let (newWidth, newHeight) = (width / block, height / block)
    precondition(newWidth > 0 && newHeight > 0, "no block of \(block) in \(width)×\(height) pixels")
    let area = UInt32(block * block)
    var sums = [UInt32](repeating: 0, count: newWidth * 3)
    let means = [UInt8](unsafeUninitializedCapacity: newWidth * newHeight * 3) { means, filled in
      pixels.withUnsafeBufferPointer { pixels in
        for y in 0..<newHeight {
          for i in sums.indices { sums[i] = 0 }
          for row in y * block..<(y + 1) * block {
            var source = row * width * 3
            for x in 0..<newWidth {
              var (red, green, blue) = (sums[3 * x], sums[3 * x + 1], sums[3 * x + 2])
              for _ in 0..<block {
                red &+= UInt32(pixels[source])
                green &+= UInt32(pixels[source + 1])
                blue &+= UInt32(pixels[source + 2])
                source += 3
              }
              (sums[3 * x], sums[3 * x + 1], sums[3 * x + 2]) = (red, green, blue)
            }
          }
          for i in sums.indices {
            means.initializeElement(
              at: y * newWidth * 3 + i, to: UInt8((sums[i] + area / 2) / area))
          }
        }
      }
      filled = newWidth * newHeight * 3
    }
    return RGBImage(width: newWidth, height: newHeight, pixels: means)
  }
}
