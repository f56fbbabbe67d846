import SeededRandom

extension FaceCanvas {
  /// Repeats the edge of a rectangle beyond it, as aligning does where the photograph ends.
  ///
  /// - `margin`: how far inside each side may lie, as a fraction of the picture.
  func end(within margin: Float, using generator: inout SplitMix64) {
    func inset(_ length: Int) -> Int {
      min((length - 1) / 2, Int(max(0, margin) * generator.uniform() * Float(length)))
    }
    let (top, left) = (inset(height), inset(width))
    let (bottom, right) = (height - 1 - inset(height), width - 1 - inset(width))
    let copy = Array(values)
    for y in 0..<height {
      let row = min(max(y, top), bottom)
      for x in 0..<width {
        let from = (row * width + min(max(x, left), right)) * 3
        for channel in 0..<3 { values[(y * width + x) * 3 + channel] = copy[from + channel] }
      }
    }
  }

  /// Moves all values towards one level: v′ = c·v + (1 − c)·level.
  func fade(contrast: Float, level: Float) {
    for index in values.indices { values[index] = contrast * (values[index] - level) + level }
  }

  /// Makes the picture of as many pixels as `side`, a fraction, says, and stretches it again.
  ///
  /// Means of the pixels that fall into one; linear between their middles on the way back.
  func coarsen(side: Float) {
    let columns = max(2, Int((side * Float(width)).rounded()))
    let rows = max(2, Int((side * Float(height)).rounded()))
    guard columns < width, rows < height else { return }
    var sums = [SIMD4<Float>](repeating: SIMD4(), count: rows * columns)
    for y in 0..<height {
      for x in 0..<width {
        let place = (y * width + x) * 3
        sums[y * rows / height * columns + x * columns / width] += SIMD4(
          values[place], values[place + 1], values[place + 2], 1)
      }
    }
    for index in sums.indices { sums[index] /= max(1, sums[index][3]) }
    func place(_ position: Int, _ count: Int, of length: Int) -> (first: Int, share: Float) {
      let middle = (Float(position) + 0.5) * Float(count) / Float(length) - 0.5
      let inside = min(max(middle, 0), Float(count - 1))
      let first = min(Int(inside), count - 2)
      return (first, inside - Float(first))
    }
    for y in 0..<height {
      let (row, low) = place(y, rows, of: height)
      for x in 0..<width {
        let (column, right) = place(x, columns, of: width)
        let first = row * columns + column
        let above = sums[first] * (1 - right) + sums[first + 1] * right
        let below = sums[first + columns] * (1 - right) + sums[first + columns + 1] * right
        let value = above * (1 - low) + below * low
        for channel in 0..<3 { values[(y * width + x) * 3 + channel] = value[channel] }
      }
    }
  }

  /// Adds noise that each value draws for itself; sums of four uniform numbers are near enough normal.
  func addNoise(deviation: Float, using generator: inout SplitMix64) {
    // Four 16-bit numbers of variance 1/12 each, around a mean of 2.
    let scale = deviation * Float(3).squareRoot() / 65536
    for index in values.indices {
      let bits = generator.next()
      let sum = (bits & 0xFFFF) + (bits >> 16 & 0xFFFF) + (bits >> 32 & 0xFFFF) + (bits >> 48)
      let value = values[index] + scale * (Float(sum) - 131070)
      values[index] = min(max(value, 0), 255)
    }
  }
}
