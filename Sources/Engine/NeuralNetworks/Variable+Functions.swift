private import Glibc
internal import Tensors

extension Variable {
  /// 1 / (1 + exp(−x)).
  public func logistic() -> Variable {
    let y = value.map { 1 / (1 + expf(-$0)) }
    return Variable(y, parents: [self]) { dy, _ in
      [Tensor.combine(y, dy) { $0 * (1 - $0) * $1 }]
    }
  }

  /// slope · x + shift, kept in 0…1.
  public func hardLogistic(slope: Float, shift: Float) -> Variable {
    let x = value
    let y = x.map { min(1, max(0, slope * $0 + shift)) }
    return Variable(y, parents: [self]) { dy, _ in
      [Tensor.combine(y, dy) { $0 > 0 && $0 < 1 ? slope * $1 : 0 }]
    }
  }

  /// x · (x / 6 + 1/2 kept in 0…1) (Howard et al., "MobileNetV3", 2019).
  public func hardSwish() -> Variable {
    let x = value
    return Variable(x.map { $0 * min(1, max(0, $0 / 6 + 0.5)) }, parents: [self]) { dy, _ in
      [Tensor.combine(x, dy) { $0 <= -3 ? 0 : $0 >= 3 ? $1 : ($0 / 3 + 0.5) * $1 }]
    }
  }

  /// Every number kept in a range.
  public func clamped(_ range: ClosedRange<Float>) -> Variable {
    let y = value.map { min(range.upperBound, max(range.lowerBound, $0)) }
    return Variable(y, parents: [self]) { dy, _ in
      [Tensor.combine(y, dy) { $0 > range.lowerBound && $0 < range.upperBound ? $1 : 0 }]
    }
  }

  /// The element-wise quotient.
  public static func / (a: Variable, b: Variable) -> Variable {
    let divisor = b.value
    let y = Tensor.combine(a.value, divisor) { $0 / $1 }
    return Variable(y, parents: [a, b]) { dy, wanted in
      let share = Tensor.combine(dy, divisor) { $0 / $1 }
      return [share, wanted[1] ? share * y * -1 : nil]
    }
  }
}
