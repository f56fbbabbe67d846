/// Linear regression with a penalty on large weights, for vectors longer than there are rows.
///
/// Columns are brought to mean 0 and deviation 1; the solution is α = (X·Xᵀ/d + λ·1)⁻¹·(y − ȳ), and a
/// prediction is x·Xᵀ/d·α + ȳ, d being the number of columns.
struct KernelRidge {
  private let rows: [[Float]]
  private let means, scales: [Float]
  private let factor: [[Double]]

  /// - Precondition: there are rows, all of one length, and `penalty` is positive.
  init(rows: [[Float]], penalty: Double) {
    precondition(!rows.isEmpty && penalty > 0, "\(rows.count) rows, penalty \(penalty)")
    let (count, width) = (rows.count, rows[0].count)
    var (means, scales) = ([Float](repeating: 0, count: width), [Float](repeating: 0, count: width))
    for row in rows { for j in 0..<width { means[j] += row[j] / Float(count) } }
    for row in rows {
      for j in 0..<width { scales[j] += (row[j] - means[j]) * (row[j] - means[j]) / Float(count) }
    }
    // A column that never changes tells nothing.
    scales = scales.map { $0 > 1e-12 ? 1 / ($0 * Float(width)).squareRoot() : 0 }
    (self.means, self.scales) = (means, scales)
    let standard = rows.map { Self.standardised($0, means, scales) }
    self.rows = standard
    var matrix = [[Double]](repeating: [Double](repeating: 0, count: count), count: count)
    for i in 0..<count {
      for j in 0...i { matrix[i][j] = Self.product(standard[i], standard[j]) }
      matrix[i][i] += penalty
    }
    factor = Self.cholesky(matrix)
  }

  /// Fits one target and returns what it predicts for other rows.
  func predictions(of others: [[Float]], fittedTo targets: [Double]) -> [Double] {
    let mean = targets.reduce(0, +) / Double(targets.count)
    var solution = targets.map { $0 - mean }
    for i in solution.indices {
      for j in 0..<i { solution[i] -= factor[i][j] * solution[j] }
      solution[i] /= factor[i][i]
    }
    for i in solution.indices.reversed() {
      for j in i + 1..<max(i + 1, solution.count) { solution[i] -= factor[j][i] * solution[j] }
      solution[i] /= factor[i][i]
    }
    return others.map { other in
      let row = Self.standardised(other, means, scales)
      return mean + zip(rows, solution).reduce(0) { $0 + Self.product($1.0, row) * $1.1 }
    }
  }

  private static func standardised(
    _ row: [Float], _ means: [Float], _ scales: [Float]
  ) -> [Float] {
    row.indices.map { (row[$0] - means[$0]) * scales[$0] }
  }

  private static func product(_ a: [Float], _ b: [Float]) -> Double {
    var lanes = SIMD8<Float>()
    let whole = a.count / 8 * 8
    for start in stride(from: 0, to: whole, by: 8) {
      for lane in 0..<8 { lanes[lane] += a[start + lane] * b[start + lane] }
    }
    return (whole..<a.count).reduce(Double(lanes.sum())) { $0 + Double(a[$1] * b[$1]) }
  }

  private static func cholesky(_ matrix: [[Double]]) -> [[Double]] {
    var l = matrix
    for i in l.indices {
      for j in 0...i {
        var sum = matrix[i][j]
        for k in 0..<j { sum -= l[i][k] * l[j][k] }
        l[i][j] = i == j ? max(sum, 1e-300).squareRoot() : sum / l[j][j]
      }
    }
    return l
  }
}
