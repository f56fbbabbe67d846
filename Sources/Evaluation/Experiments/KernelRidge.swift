private import NeuralNetworks
private import Tensors

/// Linear regression with a penalty on large weights, for rows longer than there are rows.
///
/// Columns are brought to mean 0 and deviation 1. With K = X·Xᵀ/d, d columns and a penalty λ, the
/// solution for targets y is α = (K + λ·1)⁻¹·(y − ȳ), and a row x is told x·Xᵀ/d·α + ȳ.
struct KernelRidge {
  private let rows: Tensor
  private let means, scales: [Float]
  private let factor: [[Double]]

  /// Prepares for rows whose targets will be given.
  ///
  /// - Precondition: there are rows, all of one length, and `penalty` is positive.
  init(rows: [[Float]], penalty: Double) {
    precondition(!rows.isEmpty && penalty > 0, "\(rows.count) rows, penalty \(penalty)")
    let (count, width) = (rows.count, rows[0].count)
    var (means, squares) = (
      [Float](repeating: 0, count: width), [Float](repeating: 0, count: width)
    )
    for row in rows { for j in 0..<width { means[j] += row[j] / Float(count) } }
    for row in rows {
      for j in 0..<width { squares[j] += (row[j] - means[j]) * (row[j] - means[j]) / Float(count) }
    }
    // A column that never changes tells nothing.
    scales = squares.map { $0 > 1e-12 ? 1 / ($0 * Float(width)).squareRoot() : 0 }
    self.means = means
    self.rows = Self.standardised(rows, means, scales)
    var matrix = Self.products(self.rows, self.rows)
    for i in 0..<count { matrix[i][i] += penalty }
    factor = Self.cholesky(matrix)
  }

  /// Fits each list of targets, one for each row, and returns what it tells of other rows.
  func predictions(of others: [[Float]], fittedTo targets: [[Double]]) -> [[Double]] {
    let products = Self.products(Self.standardised(others, means, scales), rows)
    return targets.map { targets in
      let middle = mean(targets)
      let solution = solution(for: targets.map { $0 - middle })
      return products.map { row in zip(row, solution).reduce(middle) { $0 + $1.0 * $1.1 } }
    }
  }

  /// Solves L·Lᵀ·x = y.
  private func solution(for targets: [Double]) -> [Double] {
    var x = targets
    for i in x.indices {
      for j in 0..<i { x[i] -= factor[i][j] * x[j] }
      x[i] /= factor[i][i]
    }
    for i in x.indices.reversed() {
      x[i] /= factor[i][i]
      for j in 0..<i { x[j] -= factor[i][j] * x[i] }
    }
    return x
  }

  private static func standardised(_ rows: [[Float]], _ means: [Float], _ scales: [Float]) -> Tensor
  {
    let numbers = rows.flatMap { row in
      row.indices.map { (row[$0] - means[$0]) * scales[$0] }
    }
    return Tensor(numbers, shape: [rows.count, means.count])
  }

  private static func products(_ a: Tensor, _ b: Tensor) -> [[Double]] {
    let table = Variable(a).products(with: Variable(b)).value
    return (0..<table.shape[0]).map { table.entries($0..<$0 + 1).numbers.map(Double.init) }
  }

  /// The lower triangle L of L·Lᵀ; the matrix has no eigenvalue below the penalty.
  private static func cholesky(_ matrix: [[Double]]) -> [[Double]] {
    var l = matrix
    for i in l.indices {
      for j in 0...i {
        var sum = matrix[i][j]
        for k in 0..<j { sum -= l[i][k] * l[j][k] }
        l[i][j] = i == j ? sum.squareRoot() : sum / l[j][j]
      }
    }
    return l
  }
}
