private import KernelSupport
private import Kernels
internal import Tensors

extension Tensor {
  /// The matrix self · b + bias, or self · bᵀ; rows do not influence one another.
  ///
  /// `b` is packed once and kept with its tensor until that changes.
  func times(_ b: Tensor, transposed: Bool = false, bias: Tensor? = nil) -> Tensor {
    let (rows, depth) = (shape[0], shape[1])
    let columns = b.shape[transposed ? 0 : 1]
    precondition(b.count == depth * columns, "no product of \(shape) and \(b.shape)")
    let panels = panels(of: b, depth: depth, columns: columns, transposed: transposed)
    return withExtendedLifetime((self, panels, bias)) {
      Tensor(shape: [rows, columns]) {
        Compute.kernels.multiply(
          source, rows: rows, depth: depth, panels: panels.source, columns: columns,
          bias: bias?.source, slope: 1, into: $0)
      }
    }
  }

  /// The matrix selfᵀ · b.
  func transposedTimes(_ b: Tensor) -> Tensor {
    let (depth, rows, columns) = (shape[0], shape[1], b.shape[1])
    precondition(b.shape[0] == depth, "no product of transposed \(shape) and \(b.shape)")
    return withExtendedLifetime((self, b)) {
      Tensor(shape: [rows, columns]) {
        Compute.kernels.multiplyTransposed(
          source, rows: rows, depth: depth, b.source, columns: columns, into: $0)
      }
    }
  }
}
