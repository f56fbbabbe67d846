/// The histograms of uniform patterns in each cell of a picture.
public struct CellHistograms: Equatable, Sendable {
  /// The number of cells across.
  public let columns: Int
  /// The number of cells down.
  public let rows: Int
  /// The counts by row of cells, column of cells and bin; 59 bins each.
  public let counts: [Int32]

  /// Counts the codes of each cell of `grid`.
  ///
  /// - Precondition: every cell holds at least one code.
  public init(_ plane: CodePlane, grid: CellGrid) {
    let edges = grid.edges(width: plane.width, height: plane.height)
    (columns, rows) = (edges.x.count - 1, edges.y.count - 1)
    var counts = [Int32](repeating: 0, count: columns * rows * UniformPatterns.binCount)
    let columns = columns
    let rows = rows
    plane.codes.withUnsafeBufferPointer { codes in
      UniformPatterns.bins.withUnsafeBufferPointer { bins in
        counts.withUnsafeMutableBufferPointer { counts in
          for cellRow in 0..<rows {
            for y in edges.y[cellRow]..<edges.y[cellRow + 1] {
              for cellColumn in 0..<columns {
                let cell = (cellRow * columns + cellColumn) * UniformPatterns.binCount
                for x in edges.x[cellColumn]..<edges.x[cellColumn + 1] {
                  counts[cell + Int(bins[Int(codes[y * plane.width + x])])] += 1
                }
              }
            }
          }
        }
      }
    }
    self.counts = counts
  }

  /// Returns all histograms one after another, normalised as asked.
  ///
  /// - Parameters:
  ///   - normalisation: what the counts of a cell are divided by.
  ///   - takesSquareRoot: whether the root of each element is taken afterwards, which makes the
  ///     scalar product of two L1-normalised histograms their Hellinger (Bhattacharyya) affinity.
  /// - Returns: 59 elements per cell, cells row by row.
  public func features(
    normalisation: CellNormalisation = .l1, takesSquareRoot: Bool = false
  ) -> [Float] {
    let bins = UniformPatterns.binCount
    var features = counts.map(Float.init)
    for cell in 0..<columns * rows {
      let range = (cell * bins)..<((cell + 1) * bins)
      // Counts are below 2²⁴, so the sum is exact; a cell holds at least one code.
      let sum = normalisation == .l1 ? features[range].reduce(0, +) : 1
      for index in range {
        let share = features[index] / sum
        features[index] = takesSquareRoot ? share.squareRoot() : share
      }
    }
    return features
  }

  /// Returns the χ² distance to `other` in each cell, in 0…2, cells row by row.
  ///
  /// χ² = Σ (p − q)² / (p + q) over the bins of the L1-normalised histograms p and q; 0 for equal
  /// ones, 2 for those without a common bin.
  ///
  /// Reference: Ahonen et al., 2006, equation 7.
  ///
  /// - Precondition: both have the same cells.
  public func chiSquared(to other: CellHistograms) -> [Float] {
    precondition(
      columns == other.columns && rows == other.rows,
      "\(columns)×\(rows) cells against \(other.columns)×\(other.rows)")
    let (p, q) = (features(), other.features())
    let bins = UniformPatterns.binCount
    return (0..<columns * rows).map { cell in
      (cell * bins..<(cell + 1) * bins).reduce(0) { sum, index in
        let total = p[index] + q[index]
        let difference = p[index] - q[index]
        return total == 0 ? sum : sum + difference * difference / total
      }
    }
  }
}

/// What the counts of a cell are divided by.
public enum CellNormalisation: String, Sendable, Codable, CaseIterable {
  /// Nothing: elements are counts.
  case none
  /// Their sum: elements are shares, 0…1.
  case l1
}
