private import COpenBLAS

/// Why a system of equations cannot be solved.
public enum LinearAlgebraError: Error, Equatable, Sendable, CustomStringConvertible {
  /// OpenBLAS cannot be loaded; in the loader's words.
  case unavailable(String)
  /// The matrix is not positive definite; `minor` counts from 1.
  case notPositive(minor: Int)

  public var description: String {
    switch self {
    case .unavailable(let reason):
      "OpenBLAS cannot be loaded: \(reason); expected the package libopenblas0"
    case .notPositive(let minor):
      "a matrix whose leading minor \(minor) is not positive; expected a positive definite one"
    }
  }

  /// Loads OpenBLAS, once.
  static func checkAvailable() throws(LinearAlgebraError) {
    if let reason = facewarden_openblas_unavailable() {
      throw .unavailable(String(cString: reason))
    }
  }
}
