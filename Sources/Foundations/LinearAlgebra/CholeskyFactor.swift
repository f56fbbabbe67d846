private import COpenBLAS

/// The factor L of a symmetric positive definite matrix A = L · Lᵀ, by LAPACK, for solving A · x = y.
///
/// It is computed on one thread, so it depends on the matrix and on the processor alone.
public struct CholeskyFactor: Sendable {
  /// Rows and columns of the matrix.
  public let side: Int
  private let factor: [Double]

  /// Factors a matrix, given by its rows; what is above the diagonal is not read.
  ///
  /// - Precondition: all rows have as many numbers as there are rows.
  /// - Throws: ``LinearAlgebraError``.
  public init(_ rows: [[Double]]) throws(LinearAlgebraError) {
    precondition(rows.allSatisfy { $0.count == rows.count }, "a matrix that is not square")
    try LinearAlgebraError.checkAvailable()
    side = rows.count
    // LAPACK reads columns: the lower triangle there is the upper one by rows.
    var columns = [Double](repeating: 0, count: side * side)
    for row in rows.indices {
      for column in 0...row { columns[column * side + row] = rows[row][column] }
    }
    let minor = facewarden_openblas_dpotrf(Int32(side), &columns)
    guard minor == 0 else { throw .notPositive(minor: Int(minor)) }
    factor = columns
  }

  /// Solves A · x = y for each y.
  ///
  /// - Precondition: each y has ``side`` numbers.
  public func solutions(of right: [[Double]]) -> [[Double]] {
    precondition(right.allSatisfy { $0.count == side }, "right sides of another length")
    var columns = right.flatMap { $0 }
    facewarden_openblas_dpotrs(Int32(side), Int32(right.count), factor, &columns)
    return right.indices.map { Array(columns[$0 * side..<($0 + 1) * side]) }
  }
}
