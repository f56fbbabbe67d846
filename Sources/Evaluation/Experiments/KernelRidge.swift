private import LinearAlgebra
private import NeuralNetworks
private import Tensors

/// Linear regression with a penalty on large weights, for rows longer than there are rows.
///
/// Columns are brought to mean 0 and deviation 1. With K = X·Xᵀ/d, d columns and a penalty λ, the
/// solution for targets y is α = (K + λ·1)⁻¹·(y − ȳ), and a row x is told x·Xᵀ/d·α + ȳ.
struct KernelRidge {
  private let rows: Tensor
  private let means, scales: [Float]
  private let factor: CholeskyFactor

  /// Prepares for rows whose targets will be given.
  ///
  /// - Precondition: there are rows, all of one length, and `penalty` is positive.
  /// - Throws: `LinearAlgebraError`.
  init(rows: [[Float]], penalty: Double) throws {
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
    factor = try CholeskyFactor(matrix)
  }

  /// Fits each list of targets, one for each row, and returns what it tells of other rows.
  ///
  /// - Throws: `LinearAlgebraError`.
  func predictions(of others: [[Float]], fittedTo targets: [[Double]]) throws -> [[Double]] {
    let products = Self.products(Self.standardised(others, means, scales), rows)
    let middles = targets.map(mean)
    let solutions = factor.solutions(
      of: zip(targets, middles).map { targets, middle in targets.map { $0 - middle } })
    let columns = (0..<factor.side).map { row in solutions.map { $0[row] } }
    let told = try MatrixProduct.rows(products, columns)
    return targets.indices.map { target in told.map { $0[target] + middles[target] } }
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
}
