private import COpenBLAS
public import KernelSupport

/// Products of matrices by OpenBLAS, on the calling thread.
public enum DenseProducts {
  /// OpenBLAS must not start threads of its own beside the worker pool's.
  private static let oneThread: Void = openblas_set_num_threads(1)

  /// Which factor is stored transposed.
  public enum Transposition: Sendable {
    /// Neither of them.
    case neither
    /// `a` is stored as `depth` × `rows`.
    case first
    /// `b` is stored as `columns` × `depth`.
    case second
  }

  /// c = a · b, or c += a · b; `a` is `rows` × `depth`, `b` is `depth` × `columns`.
  public static func multiply(
    _ a: Source, _ b: Source, transposing: Transposition = .neither, rows: Int, depth: Int,
    columns: Int, accumulates: Bool = false, into c: Destination
  ) {
    oneThread
    let (transposedA, transposedB) = (transposing == .first, transposing == .second)
    cblas_sgemm(
      CblasRowMajor, transposedA ? CblasTrans : CblasNoTrans,
      transposedB ? CblasTrans : CblasNoTrans, blasint(rows), blasint(columns), blasint(depth), 1,
      a, blasint(transposedA ? rows : depth), b, blasint(transposedB ? depth : columns),
      accumulates ? 1 : 0, c, blasint(columns))
  }
}
