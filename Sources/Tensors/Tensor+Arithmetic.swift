extension Tensor {
  /// A tensor of the same shape with `transform` applied to every number.
  @inlinable
  public func map(_ transform: (Float) -> Float) -> Tensor {
    let (source, count) = (source, count)
    return withExtendedLifetime(self) {
      Tensor(shape: shape) { for i in 0..<count { $0[i] = transform(source[i]) } }
    }
  }

  /// Combines two tensors of one shape number by number.
  @inlinable
  public static func combine(
    _ a: Tensor, _ b: Tensor, _ transform: (Float, Float) -> Float
  ) -> Tensor {
    precondition(a.shape == b.shape, "shapes \(a.shape) and \(b.shape) differ")
    let (x, y, count) = (a.source, b.source, a.count)
    return withExtendedLifetime((a, b)) {
      Tensor(shape: a.shape) { for i in 0..<count { $0[i] = transform(x[i], y[i]) } }
    }
  }

  /// The element-wise sum.
  public static func + (a: Tensor, b: Tensor) -> Tensor { combine(a, b) { $0 + $1 } }
  /// The element-wise difference.
  public static func - (a: Tensor, b: Tensor) -> Tensor { combine(a, b) { $0 - $1 } }
  /// The element-wise product.
  public static func * (a: Tensor, b: Tensor) -> Tensor { combine(a, b) { $0 * $1 } }
  /// Every number times `b`.
  public static func * (a: Tensor, b: Float) -> Tensor { a.map { $0 * b } }

  /// The sum of all numbers, in double precision.
  public var sum: Double {
    withExtendedLifetime(self) {
      var total = 0.0
      for i in 0..<count { total += Double(source[i]) }
      return total
    }
  }

  /// ⟨a, b⟩ in double precision.
  public func dot(_ other: Tensor) -> Double {
    precondition(count == other.count, "shapes \(shape) and \(other.shape) differ")
    return withExtendedLifetime((self, other)) {
      var total = 0.0
      for i in 0..<count { total += Double(source[i]) * Double(other.source[i]) }
      return total
    }
  }

  /// Whether no number is infinite or not a number.
  public var isFinite: Bool {
    withExtendedLifetime(self) {
      for i in 0..<count where !source[i].isFinite { return false }
      return true
    }
  }
}
