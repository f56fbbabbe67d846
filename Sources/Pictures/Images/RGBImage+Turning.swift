extension RGBImage {
  /// Returns the mirror image: left and right exchanged.
  public func flippedHorizontally() -> RGBImage { upright(from: .flippedHorizontally) }

  /// Returns the upright picture of one stored with `orientation`.
  func upright(from orientation: ExifOrientation) -> RGBImage {
    let (lastColumn, lastRow) = (width - 1, height - 1)
    switch orientation {
    case .upright: return self
    case .flippedHorizontally: return turned(width, height) { (lastColumn - $0, $1) }
    case .turnedHalf: return turned(width, height) { (lastColumn - $0, lastRow - $1) }
    case .flippedVertically: return turned(width, height) { ($0, lastRow - $1) }
    case .transposed: return turned(height, width) { ($1, $0) }
    case .turnedClockwise: return turned(height, width) { ($1, lastRow - $0) }
    case .transversed: return turned(height, width) { (lastColumn - $1, lastRow - $0) }
    case .turnedAnticlockwise: return turned(height, width) { (lastColumn - $1, $0) }
    }
  }

  /// Returns a picture whose pixel (x, y) is the pixel `source(x, y)` of this one.
  private func turned(
    _ newWidth: Int, _ newHeight: Int, source: (_ x: Int, _ y: Int) -> (x: Int, y: Int)
  ) -> RGBImage {
    let turnedPixels = [UInt8](unsafeUninitializedCapacity: pixels.count) { new, filled in
      pixels.withUnsafeBufferPointer { old in
        for y in 0..<newHeight {
          for x in 0..<newWidth {
            let from = source(x, y)
            let (start, end) = ((from.y * width + from.x) * 3, (y * newWidth + x) * 3)
            for channel in 0..<3 {
              new.initializeElement(at: end + channel, to: old[start + channel])
            }
          }
        }
      }
      filled = pixels.count
    }
    return RGBImage(width: newWidth, height: newHeight, pixels: turnedPixels)
  }
}
