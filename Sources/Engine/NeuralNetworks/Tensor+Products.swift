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
    precondition(bias.map { $0.count == columns } != false, "a bias that does not fit")
    return Tensor(shape: [rows, columns]) { target in
      read { source in
        panels.read { panels in
          bias.read { bias in
            Compute.kernels.multiply(
              source, rows: rows, depth: depth, panels: panels, columns: columns, bias: bias,
              slope: 1, into: target)
          }
        }
      }
    }
  }

  /// The matrix selfᵀ · b.
  func transposedTimes(_ b: Tensor) -> Tensor {
    let (depth, rows, columns) = (shape[0], shape[1], b.shape[1])
    precondition(b.shape[0] == depth, "no product of transposed \(shape) and \(b.shape)")
    return Tensor.read(self, b) { a, b in
      Tensor(shape: [rows, columns]) {
        Compute.kernels.multiplyTransposed(
          a, rows: rows, depth: depth, b, columns: columns, into: $0)
      }
    }
  }
}
