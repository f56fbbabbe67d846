private import Glibc
private import KernelSupport
private import Kernels
internal import Tensors

extension Tensor {
  /// Makes slope · dy of a gradient dy where y ≤ 0, with y the activation's output.
  mutating func carryBack(throughOutput y: Tensor, slope: Float) {
    if slope == 1 { return }
    y.read { y in
      let count = count
      replace { Compute.kernels.leakyGradient(y, $0, count, slope: slope, into: $1) }
    }
  }
}

extension Variable {
  /// x where x > 0 and slope · x elsewhere; ReLU by default.
  ///
  /// - Precondition: 0 ≤ slope ≤ 1.
  public func rectified(slope: Float = 0) -> Variable {
    precondition((0...1).contains(slope), "slope \(slope) is not in 0…1")
    let y = value.map { $0 > 0 ? $0 : $0 * slope }
    return Variable(y, parents: [self]) { dy, _ in
      dy.carryBack(throughOutput: y, slope: slope)
      return [dy]
    }
  }

  /// tanh x, in −1…1.
  public func hyperbolicTangent() -> Variable {
    let x = value
    let y = x.read { numbers in
      Tensor(shape: x.shape) {
        Compute.kernels.hyperbolicTangent(numbers, x.count, into: $0)
      }
    }
    return Variable(y, parents: [self]) { dy, _ in
      [Tensor.combine(y, dy) { (1 - $0 * $0) * $1 }]
    }
  }

  /// log(x + floor): of numbers that are not negative, never below log(floor).
  public func logarithm(above floor: Float) -> Variable {
    let x = value
    return Variable(x.map { logf($0 + floor) }, parents: [self]) { dy, _ in
      [Tensor.combine(dy, x) { $0 / ($1 + floor) }]
    }
  }

  /// exp x.
  public func exponential() -> Variable {
    let y = value.map { expf($0) }
    return Variable(y, parents: [self]) { dy, _ in [y * dy] }
  }

  /// The element-wise sum.
  public static func + (a: Variable, b: Variable) -> Variable {
    Variable(a.value + b.value, parents: [a, b]) { dy, _ in [dy, dy] }
  }

  /// The element-wise difference.
  public static func - (a: Variable, b: Variable) -> Variable {
    Variable(a.value - b.value, parents: [a, b]) { dy, wanted in
      [dy, wanted[1] ? dy * -1 : nil]
    }
  }

  /// The element-wise product.
  public static func * (a: Variable, b: Variable) -> Variable {
    Variable(a.value * b.value, parents: [a, b]) { dy, wanted in
      [wanted[0] ? dy * b.value : nil, wanted[1] ? dy * a.value : nil]
    }
  }

  /// Every number times a constant.
  public static func * (a: Variable, factor: Float) -> Variable {
    Variable(a.value * factor, parents: [a]) { dy, _ in [dy * factor] }
  }

  /// The same numbers under another shape.
  public func reshaped(_ shape: [Int]) -> Variable {
    let old = value.shape
    return Variable(value.reshaped(shape), parents: [self]) { dy, _ in [dy.reshaped(old)] }
  }

  /// Columns `range` of a matrix.
  public func columns(_ range: Range<Int>) -> Variable {
    let x = value
    let (rows, width) = (x.shape[0], x.shape[1])
    precondition(range.lowerBound >= 0 && range.upperBound <= width, "\(range) of \(width) columns")
    let y = x.read { x in
      Tensor(shape: [rows, range.count]) { y in
        for row in 0..<rows {
          memcpy(y + row * range.count, x + row * width + range.lowerBound, range.count * 4)
        }
      }
    }
    return Variable(y, parents: [self]) { dy, _ in
      [
        dy.read { dy in
          Tensor(shape: x.shape) { dx in
            memset(dx, 0, x.count * 4)
            for row in 0..<rows {
              memcpy(dx + row * width + range.lowerBound, dy + row * range.count, range.count * 4)
            }
          }
        }
      ]
    }
  }

  /// The columns of two matrices side by side: (n, a) and (n, b) to (n, a + b).
  public func joined(columnsOf other: Variable) -> Variable {
    let (a, b) = (value, other.value)
    precondition(a.shape[0] == b.shape[0], "\(a.shape[0]) and \(b.shape[0]) rows")
    let (rows, left, right) = (a.shape[0], a.shape[1], b.shape[1])
    let y = Tensor.read(a, b) { a, b in
      Tensor(shape: [rows, left + right]) { y in
        for row in 0..<rows {
          memcpy(y + row * (left + right), a + row * left, left * 4)
          memcpy(y + row * (left + right) + left, b + row * right, right * 4)
        }
      }
    }
    return Variable(y, parents: [self, other]) { dy, wanted in
      let gradient = Variable(dy)
      return [
        wanted[0] ? gradient.columns(0..<left).value : nil,
        wanted[1] ? gradient.columns(left..<left + right).value : nil,
      ]
    }
  }
}
