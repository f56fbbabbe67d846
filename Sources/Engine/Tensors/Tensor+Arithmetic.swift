public import KernelSupport

/// Spreads the places of a tensor over the threads, in pieces that stay in the cache.
@inlinable
func eachPiece(_ count: Int, _ body: @Sendable (Range<Int>) -> Void) {
  let piece = 16384
  WorkerPool.shared.forEach((count + piece - 1) / piece) { index in
    body(index * piece..<min(count, (index + 1) * piece))
  }
}

/// What is done with two numbers: a type and no closure, so that loops over it become vectors.
private protocol PairOperation: SendableMetatype {
  static func result(_ a: Float, _ b: Float) -> Float
}

private enum Sum: PairOperation {
  @inline(__always) static func result(_ a: Float, _ b: Float) -> Float { a + b }
}

private enum Difference: PairOperation {
  @inline(__always) static func result(_ a: Float, _ b: Float) -> Float { a - b }
}

private enum Product: PairOperation {
  @inline(__always) static func result(_ a: Float, _ b: Float) -> Float { a * b }
}

/// Two tensors of one shape, number by number.
@inline(__always)
private func combined<Operation: PairOperation>(
  _: Operation.Type, _ a: Tensor, _ b: Tensor
) -> Tensor {
  precondition(a.shape == b.shape, "shapes \(a.shape) and \(b.shape) differ")
  let count = a.count
  return Tensor.read(a, b) { x, y in
    Tensor(shape: a.shape) { target in
      // Unchecked: each piece writes its own places.
      nonisolated(unsafe) let (x, y, target) = (x, y, target)
      eachPiece(count) { for i in $0 { target[i] = Operation.result(x[i], y[i]) } }
    }
  }
}

/// What two numbers add to a sum; a type, as ``PairOperation`` is.
private protocol Term: SendableMetatype {
  static func value(_ a: Float, _ b: Float) -> Double
}

private enum First: Term {
  @inline(__always) static func value(_ a: Float, _ b: Float) -> Double { Double(a) }
}

private enum DoubleProduct: Term {
  @inline(__always) static func value(_ a: Float, _ b: Float) -> Double { Double(a) * Double(b) }
}

/// Σ term(x, y): every piece in eight interleaved sums, then the pieces in order.
@inline(__always)
private func summed<T: Term>(_: T.Type, _ x: Source, _ y: Source, _ count: Int) -> Double {
  let piece = 16384
  let pieces = (count + piece - 1) / piece
  let sums = [Double](unsafeUninitializedCapacity: pieces) { sums, filled in
    guard let base = sums.baseAddress else { return }
    // Unchecked: each iteration writes its own sum, and nobody writes what is read.
    nonisolated(unsafe) let (first, x, y) = (base, x, y)
    WorkerPool.shared.forEach(pieces) { index in
      var lanes = SIMD8<Double>.zero
      let last = min(count, (index + 1) * piece)
      var i = index * piece
      while i + 8 <= last {
        for lane in 0..<8 { lanes[lane] += T.value(x[i + lane], y[i + lane]) }
        i += 8
      }
      var sum = lanes.sum()
      while i < last {
        sum += T.value(x[i], y[i])
        i += 1
      }
      (first + index).initialize(to: sum)
    }
    filled = pieces
  }
  return sums.reduce(0, +)
}

extension Tensor {
  /// A tensor of the same shape with `transform` applied to every number.
  @inlinable
  public func map(_ transform: @Sendable (Float) -> Float) -> Tensor {
    let count = count
    return read { source in
      Tensor(shape: shape) { target in
        // Unchecked: each piece writes its own places.
        nonisolated(unsafe) let (source, target) = (source, target)
        eachPiece(count) { for i in $0 { target[i] = transform(source[i]) } }
      }
    }
  }

  /// Combines two tensors of one shape number by number.
  @inlinable
  public static func combine(
    _ a: Tensor, _ b: Tensor, _ transform: @Sendable (Float, Float) -> Float
  ) -> Tensor {
    precondition(a.shape == b.shape, "shapes \(a.shape) and \(b.shape) differ")
    let count = a.count
    return read(a, b) { x, y in
      Tensor(shape: a.shape) { target in
        // Unchecked: each piece writes its own places.
        nonisolated(unsafe) let (x, y, target) = (x, y, target)
        eachPiece(count) { for i in $0 { target[i] = transform(x[i], y[i]) } }
      }
    }
  }

  /// The element-wise sum.
  public static func + (a: Tensor, b: Tensor) -> Tensor { combined(Sum.self, a, b) }
  /// The element-wise difference.
  public static func - (a: Tensor, b: Tensor) -> Tensor { combined(Difference.self, a, b) }
  /// The element-wise product.
  public static func * (a: Tensor, b: Tensor) -> Tensor { combined(Product.self, a, b) }
  /// Every number times `b`.
  public static func * (a: Tensor, b: Float) -> Tensor {
    let count = a.count
    return a.read { source in
      Tensor(shape: a.shape) { target in
        // Unchecked: each piece writes its own places.
        nonisolated(unsafe) let (source, target) = (source, target)
        eachPiece(count) { for i in $0 { target[i] = source[i] * b } }
      }
    }
  }

  /// Adds a tensor of the same shape, in place where nobody else has the numbers.
  public static func += (a: inout Tensor, b: Tensor) {
    guard a.isAlone else {
      a = a + b
      return
    }
    precondition(a.shape == b.shape, "shapes \(a.shape) and \(b.shape) differ")
    let count = a.count
    b.read { y in
      a.update { x in
        // Unchecked: each piece changes its own places.
        nonisolated(unsafe) let (x, y) = (x, y)
        eachPiece(count) { for i in $0 { x[i] += y[i] } }
      }
    }
  }

  /// The sum of all numbers, in double precision; the same at any number of threads.
  public var sum: Double {
    read { summed(First.self, $0, $0, count) }
  }

  /// ⟨a, b⟩ in double precision; the same at any number of threads.
  public func dot(_ other: Tensor) -> Double {
    precondition(count == other.count, "shapes \(shape) and \(other.shape) differ")
    return Tensor.read(self, other) { summed(DoubleProduct.self, $0, $1, count) }
  }

  /// Whether no number is infinite or not a number.
  public var isFinite: Bool {
    read { numbers in
      for i in 0..<count where !numbers[i].isFinite { return false }
      return true
    }
  }
}
