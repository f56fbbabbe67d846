private import KernelSupport
private import Kernels
internal import Tensors

extension Variable {
  /// y = x · W + b; rows do not influence one another, not even in their last bit.
  ///
  /// | tensor   | shape                                     |
  /// |----------|-------------------------------------------|
  /// | `self`   | batch, … (all axes but the first are one)  |
  /// | `weight` | in, out                                   |
  /// | `bias`   | out                                       |
  public func dense(_ weight: Variable, bias: Variable? = nil) -> Variable {
    let (x, w) = (value, weight.value)
    let (rows, depth) = (x.shape[0], w.shape[0])
    precondition(x.count == rows * depth, "input \(x.shape) and weights \(w.shape) do not fit")
    let y = x.reshaped([rows, depth]).times(w, bias: bias?.value)
    let parents = [self, weight] + (bias.map { [$0] } ?? [])
    return Variable(y, parents: parents) { dy, wanted in
      [
        wanted[0] ? dy.times(w, transposed: true).reshaped(x.shape) : nil,
        wanted[1] ? x.reshaped([rows, depth]).transposedTimes(dy) : nil,
      ] + (parents.count == 3 ? [wanted[2] ? channelSums(of: dy) : nil] : [])
    }
  }

  /// ⟨row i of self, row j of other⟩ for all pairs: (n, d) and (m, d) to (n, m).
  public func products(with other: Variable) -> Variable {
    let (a, b) = (value, other.value)
    precondition(
      a.shape[1] == b.shape[1], "rows of \(a.shape[1]) and of \(b.shape[1]) numbers")
    return Variable(a.times(b, transposed: true), parents: [self, other]) { dy, wanted in
      [wanted[0] ? dy.times(b) : nil, wanted[1] ? dy.transposedTimes(a) : nil]
    }
  }

  /// Each row divided by its length: (n, d) to (n, d); a row of zeros stays zero.
  public func unitRows() -> Variable {
    let x = value
    precondition(x.shape.count == 2, "shape \(x.shape) is not rows of numbers")
    let (rows, depth) = (x.shape[0], x.shape[1])
    let kernels = Compute.kernels
    let inverse = Tensor(shape: [rows]) { inverse in
      x.read { kernels.inverseRowLengths($0, rows: rows, columns: depth, into: inverse) }
    }
    let y = Tensor.read(x, inverse) { numbers, inverse in
      Tensor(shape: x.shape) {
        kernels.scaleRows(numbers, rows: rows, columns: depth, by: inverse, into: $0)
      }
    }
    return Variable(y, parents: [self]) { dy, _ in
      // dx = (dy − y ⟨y, dy⟩) / |x|
      [
        Tensor.read(y, dy, inverse) { y, dy, inverse in
          Tensor(shape: x.shape) {
            kernels.unitRowsGradient(
              y, dy, rows: rows, columns: depth, inverseLengths: inverse, into: $0)
          }
        }
      ]
    }
  }
}
