private import COpenBLAS

/// Products of matrices in double precision, by CBLAS on one thread.
public enum MatrixProduct {
  /// The rows of a · b, both given by their rows.
  ///
  /// - Precondition: the rows of `a` have as many numbers as `b` has rows.
  /// - Throws: ``LinearAlgebraError/unavailable(_:)``.
  public static func rows(
    _ a: [[Double]], _ b: [[Double]]
  ) throws(LinearAlgebraError) -> [[Double]] {
    let (depth, columns) = (b.count, b.first?.count ?? 0)
    precondition(a.allSatisfy { $0.count == depth }, "no product of such matrices")
    precondition(b.allSatisfy { $0.count == columns }, "rows of several lengths")
    try LinearAlgebraError.checkAvailable()
    guard !a.isEmpty, columns > 0 else { return a.map { _ in [] } }
    var product = [Double](repeating: 0, count: a.count * columns)
    facewarden_openblas_dgemm(
      Int32(a.count), Int32(columns), Int32(depth), a.flatMap { $0 }, b.flatMap { $0 }, &product)
    return a.indices.map { Array(product[$0 * columns..<($0 + 1) * columns]) }
  }
}
