private import Glibc

/// How features change with grey levels, for attacks that know the detector.
///
/// Codes are steps, so that their derivative is zero almost everywhere. Here a bit is worth what
/// setting it changes, the others of its code as they are, and it is set the more easily the nearer its
/// neighbour is to the centre: with the derivative of 1 / (1 + exp(−(gₚ − g_c) / T)). Values stay
/// those of the hard codes (Athalye et al., 2018: BPDA).
extension TextureDescriptor {
  /// ∂L/∂(grey level) of each pixel, from ∂L/∂feature.
  ///
  /// - Parameters:
  ///   - slopes: ∂L/∂feature, as many as ``featureCount(width:height:)``.
  ///   - pixels: the grey picture, rows from top to bottom.
  ///   - width: its columns.
  ///   - height: its rows.
  ///   - temperature: T, in grey levels.
  /// - Returns: as many numbers as pixels.
  public func gradient(
    _ slopes: [Float], pixels: [UInt8], width: Int, height: Int, temperature: Float = 1
  ) -> [Float] {
    precondition(
      slopes.count == featureCount(width: width, height: height),
      "\(slopes.count) slopes for \(featureCount(width: width, height: height)) features")
    var gradient = [Float](repeating: 0, count: pixels.count)
    var first = 0
    for pattern in patterns {
      let plane = pattern.codes(pixels: pixels, width: width, height: height)
      let histograms = CellHistograms(plane, grid: grid)
      let counts = histograms.counts
      // What one more code in a bin changes.
      let values = counts.indices.map { bin -> Float in
        let slope = slopes[first + bin]
        guard slope != 0 else { return 0 }
        let count = Float(counts[bin])
        let sum = normalisation == .l1 ? histograms.sum(ofCell: bin / UniformPatterns.binCount) : 1
        return takesSquareRoot
          ? slope * (((count + 1) / sum).squareRoot() - (count / sum).squareRoot()) : slope / sum
      }
      pattern.addGradient(
        of: values, plane: plane, grid: grid, pixels: pixels, width: width,
        temperature: temperature, to: &gradient)
      first += counts.count
    }
    return gradient
  }

  /// ∂L/∂(grey level) of two pictures, from ∂L/∂χ² of each cell of each operator.
  public func chiSquaredGradient(
    _ slopes: [Float], _ a: [UInt8], _ b: [UInt8], width: Int, height: Int, temperature: Float = 1
  ) -> (a: [Float], b: [Float]) {
    var gradients = [a, b].map { [Float](repeating: 0, count: $0.count) }
    var first = 0
    for pattern in patterns {
      let planes = [a, b].map { pattern.codes(pixels: $0, width: width, height: height) }
      let histograms = planes.map { CellHistograms($0, grid: grid) }
      let shares = histograms.map { $0.features() }
      for (own, other) in [(0, 1), (1, 0)] {
        let values = shares[own].indices.map { bin -> Float in
          let cell = bin / UniformPatterns.binCount
          let (p, q) = (shares[own][bin], shares[other][bin])
          let sum = p + q
          // d/dp (p − q)² / (p + q); of an empty bin the slope from above.
          let slope = sum == 0 ? 1 : (p - q) * (p + 3 * q) / (sum * sum)
          return slopes[first + cell] * slope / histograms[own].sum(ofCell: cell)
        }
        pattern.addGradient(
          of: values, plane: planes[own], grid: grid, pixels: own == 0 ? a : b, width: width,
          temperature: temperature, to: &gradients[own])
      }
      first += histograms[0].columns * histograms[0].rows
    }
    return (gradients[0], gradients[1])
  }
}

extension CellHistograms {
  /// The number of codes in a cell.
  fileprivate func sum(ofCell cell: Int) -> Float {
    let bins = UniformPatterns.binCount
    return Float(counts[cell * bins..<(cell + 1) * bins].reduce(0, +))
  }
}

extension LocalBinaryPattern {
  /// Adds ∂L/∂(grey level), from what one more code in each bin of each cell changes.
  fileprivate func addGradient(
    of values: [Float], plane: CodePlane, grid: CellGrid, pixels: [UInt8], width: Int,
    temperature: Float, to gradient: inout [Float]
  ) {
    let edges = grid.edges(width: plane.width, height: plane.height)
    let (columns, bins) = (edges.x.count - 1, UniformPatterns.binCount)
    // Of each neighbour its four pixels' shares, found once: the loops below run for each pixel and bit.
    let shares = neighbours.map { neighbour -> InlineArray<4, Float> in
      let (a, b, c, d) = neighbour.weights
      let one = Float(Neighbour.one)
      return [Float(a) / one, Float(b) / one, Float(c) / one, Float(d) / one]
    }
    for cellRow in 0..<edges.y.count - 1 {
      for cellColumn in 0..<columns {
        let base = (cellRow * columns + cellColumn) * bins
        for y in edges.y[cellRow]..<edges.y[cellRow + 1] {
          for x in edges.x[cellColumn]..<edges.x[cellColumn + 1] {
            let code = plane.codes[y * plane.width + x]
            let centre = (y + margin) * width + x + margin
            for (bit, neighbour) in neighbours.enumerated() {
              let (set, clear) = (code | 1 << bit, code & ~(1 << bit))
              let gain =
                values[base + Int(UniformPatterns.bins[Int(set)])]
                - values[base + Int(UniformPatterns.bins[Int(clear)])]
              guard gain != 0 else { continue }
              let corner = centre + neighbour.y * width + neighbour.x
              let places: InlineArray<4, Int> = [
                corner, corner + 1, corner + width, corner + width + 1,
              ]
              let weights = shares[bit]
              var level: Float = 0
              for i in 0..<4 where weights[i] != 0 {
                level += weights[i] * Float(pixels[places[i]])
              }
              let decay = expf(-abs(level - Float(pixels[centre])) / temperature)
              let slope = gain * decay / ((1 + decay) * (1 + decay) * temperature)
              for i in 0..<4 where weights[i] != 0 { gradient[places[i]] += slope * weights[i] }
              gradient[centre] -= slope
            }
          }
        }
      }
    }
  }
}
