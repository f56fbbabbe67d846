extension RGBImage {
  /// Returns the picture at another size.
  ///
  /// A triangle filter as wide as the shrinking factor demands (bilinear when growing), applied to
  /// rows, then to columns; pixel edges, not centres, keep their places.
  ///
  /// - Precondition: both sides are positive.
  public func resized(width newWidth: Int, height newHeight: Int) -> RGBImage {
    precondition(newWidth > 0 && newHeight > 0, "\(newWidth)×\(newHeight) is not a picture")
    if newWidth == width && newHeight == height { return self }
    let columns = ResizingTaps.all(from: width, to: newWidth)
    let rows = ResizingTaps.all(from: height, to: newHeight)
    // One finished row per source row, then sums over rows.
    var narrow = [Float](repeating: 0, count: height * newWidth * 3)
    for y in 0..<height {
      for (x, taps) in columns.enumerated() {
        for (offset, weight) in taps.weights.enumerated() {
          let start = (y * width + taps.first + offset) * 3
          for channel in 0..<3 {
            narrow[(y * newWidth + x) * 3 + channel] += weight * Float(pixels[start + channel])
          }
        }
      }
    }
    var resized = [UInt8](repeating: 0, count: newWidth * newHeight * 3)
    var sums = [Float](repeating: 0, count: newWidth * 3)
    for (y, taps) in rows.enumerated() {
      for index in sums.indices { sums[index] = 0 }
      for (offset, weight) in taps.weights.enumerated() {
        let start = (taps.first + offset) * newWidth * 3
        for index in sums.indices { sums[index] += weight * narrow[start + index] }
      }
      for index in sums.indices { resized[y * newWidth * 3 + index] = UInt8(clamping: sums[index]) }
    }
    return RGBImage(width: newWidth, height: newHeight, pixels: resized)
  }
}

/// The source positions and weights that make one position of a resized line.
private struct ResizingTaps {
  let first: Int
  /// The weights of `first`, `first + 1`, …; their sum is 1.
  let weights: [Float]

  static func all(from old: Int, to new: Int) -> [ResizingTaps] {
    let ratio = Double(old) / Double(new)
    let reach = max(1, ratio)
    return (0..<new).map { position in
      let centre = (Double(position) + 0.5) * ratio - 0.5
      let first = max(0, Int((centre - reach).rounded(.up)))
      let last = min(old - 1, Int((centre + reach).rounded(.down)))
      let weights = (first...last).map { max(0, 1 - abs(Double($0) - centre) / reach) }
      let sum = weights.reduce(0, +)
      return ResizingTaps(first: first, weights: weights.map { Float($0 / sum) })
    }
  }
}
