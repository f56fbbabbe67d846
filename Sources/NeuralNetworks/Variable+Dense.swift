private import KernelSupport
private import Kernels
internal import Tensors

extension Variable {
  /// y = x · W + b; rows do not influence one another, not even in their last bit.
  ///
  /// Nor do those of the gradient with respect to x, unless that of W is wanted, too.
  ///
  /// | tensor   | shape                                     |
  /// |----------|-------------------------------------------|
  /// | `self`   | batch, … (all axes but the first are one)  |
  /// | `weight` | in, out                                   |
  /// | `bias`   | out                                       |
  public func dense(_ weight: Variable, bias: Variable? = nil) -> Variable {
    let (x, w) = (value, weight.value)
    let (rows, depth, columns) = (x.shape[0], w.shape[0], w.shape[1])
    precondition(x.count == rows * depth, "input \(x.shape) and weights \(w.shape) do not fit")
    let panels = panels(of: w, depth: depth, columns: columns)
    let y = withExtendedLifetime((x, panels, bias)) {
      Tensor(shape: [rows, columns]) {
        Compute.kernels.multiply(
          x.source, rows: rows, depth: depth, panels: panels.source, columns: columns,
          bias: bias?.value.source, slope: 1, into: $0)
      }
    }
    let parents = [self, weight] + (bias.map { [$0] } ?? [])
    return Variable(y, parents: parents) { dy, wanted in
      withExtendedLifetime((x, w, dy)) {
        [
          wanted[0]
            ? Tensor(shape: x.shape) { dx in
              // OpenBLAS orders its sums by the number of rows: right while training, where a batch
              // is one thing; what an attack finds for a picture must not depend on the others.
              guard wanted[1] else {
                let turned = transposedPanels(of: w)
                return withExtendedLifetime(turned) {
                  Compute.kernels.multiply(
                    dy.source, rows: rows, depth: columns, panels: turned.source, columns: depth,
                    bias: nil, slope: 1, into: dx)
                }
              }
              DenseProducts.multiply(
                dy.source, w.source, transposing: .second, rows: rows, depth: columns,
                columns: depth,
                into: dx)
            } : nil,
          wanted[1]
            ? Tensor(shape: w.shape) {
              DenseProducts.multiply(
                x.source, dy.source, transposing: .first, rows: depth, depth: rows,
                columns: columns,
                into: $0)
            } : nil,
        ] + (parents.count == 3 ? [wanted[2] ? channelSums(of: dy) : nil] : [])
      }
    }
  }

  /// ⟨row i of self, row j of other⟩ for all pairs: (n, d) and (m, d) to (n, m).
  public func products(with other: Variable) -> Variable {
    let (a, b) = (value, other.value)
    let (rows, depth, columns) = (a.shape[0], a.shape[1], b.shape[0])
    precondition(b.shape[1] == depth, "rows of \(depth) and of \(b.shape[1]) numbers")
    let y = withExtendedLifetime((a, b)) {
      Tensor(shape: [rows, columns]) {
        DenseProducts.multiply(
          a.source, b.source, transposing: .second, rows: rows, depth: depth, columns: columns,
          into: $0)
      }
    }
    return Variable(y, parents: [self, other]) { dy, wanted in
      withExtendedLifetime((a, b, dy)) {
        [
          wanted[0]
            ? Tensor(shape: a.shape) {
              DenseProducts.multiply(
                dy.source, b.source, rows: rows, depth: columns, columns: depth, into: $0)
            } : nil,
          wanted[1]
            ? Tensor(shape: b.shape) {
              DenseProducts.multiply(
                dy.source, a.source, transposing: .first, rows: columns, depth: rows,
                columns: depth,
                into: $0)
            } : nil,
        ]
      }
    }
  }

  /// Each row divided by its length: (n, d) to (n, d); a row of zeros stays zero.
  public func unitRows() -> Variable {
    let x = value
    precondition(x.shape.count == 2, "shape \(x.shape) is not rows of numbers")
    let (rows, depth) = (x.shape[0], x.shape[1])
    var inverse = [Float](repeating: 0, count: rows)
    let y = withExtendedLifetime(x) {
      Tensor(shape: x.shape) { y in
        for row in 0..<rows {
          let source = x.source + row * depth
          var sum = SIMD8<Double>.zero
          for i in 0..<depth { sum[i & 7] += Double(source[i]) * Double(source[i]) }
          let length = sum.sum().squareRoot()
          inverse[row] = length > 1e-12 ? Float(1 / length) : 0
          for i in 0..<depth { y[row * depth + i] = source[i] * inverse[row] }
        }
      }
    }
    return Variable(y, parents: [self]) { [inverse] dy, _ in
      // dx = (dy − y ⟨y, dy⟩) / |x|
      withExtendedLifetime((y, dy)) {
        [
          Tensor(shape: x.shape) { dx in
            for row in 0..<rows {
              let (u, g) = (y.source + row * depth, dy.source + row * depth)
              var sums = SIMD8<Float>.zero
              for i in 0..<depth { sums[i & 7] += u[i] * g[i] }
              let along = sums.sum()
              for i in 0..<depth { dx[row * depth + i] = (g[i] - u[i] * along) * inverse[row] }
            }
          }
        ]
      }
    }
  }
}

/// A matrix (in, out) as the kernels want it for products with its transpose.
private func transposedPanels(of matrix: Tensor) -> Tensor.PackedForm {
  panels(of: matrix, depth: matrix.shape[1], columns: matrix.shape[0], transposed: true)
}
