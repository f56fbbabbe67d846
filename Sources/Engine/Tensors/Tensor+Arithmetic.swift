public import KernelSupport

/// Spreads the places of a tensor over the threads, in pieces that stay in the cache.
@inlinable
func eachPiece(_ count: Int, _ body: @Sendable (Range<Int>) -> Void) {
  let piece = 16384
  WorkerPool.shared.forEach((count + piece - 1) / piece) { index in
    body(index * piece..<min(count, (index + 1) * piece))
  }
}

/// Σ term(i): every piece in eight interleaved sums, then the pieces in order.
@inline(__always)
private func summed(_ count: Int, _ term: @Sendable (Int) -> Double) -> Double {
  let piece = 16384
  let pieces = (count + piece - 1) / piece
  let sums = [Double](unsafeUninitializedCapacity: pieces) { sums, filled in
    guard let base = sums.baseAddress else { return }
    // Unchecked: each iteration writes its own sum.
    nonisolated(unsafe) let first = base
    WorkerPool.shared.forEach(pieces) { index in
      var lanes = SIMD8<Double>.zero
      let last = min(count, (index + 1) * piece)
      var i = index * piece
      while i + 8 <= last {
        for lane in 0..<8 { lanes[lane] += term(i + lane) }
        i += 8
      }
      var sum = lanes.sum()
      while i < last {
        sum += term(i)
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
  public static func + (a: Tensor, b: Tensor) -> Tensor { combine(a, b) { $0 + $1 } }
  /// The element-wise difference.
  public static func - (a: Tensor, b: Tensor) -> Tensor { combine(a, b) { $0 - $1 } }
  /// The element-wise product.
  public static func * (a: Tensor, b: Tensor) -> Tensor { combine(a, b) { $0 * $1 } }
  /// Every number times `b`.
  public static func * (a: Tensor, b: Float) -> Tensor { a.map { $0 * b } }

  /// The sum of all numbers, in double precision; the same at any number of threads.
  public var sum: Double {
    read { x in
      // Unchecked: nobody writes what is read.
      nonisolated(unsafe) let x = x
      return summed(count) { Double(x[$0]) }
    }
  }

  /// ⟨a, b⟩ in double precision; the same at any number of threads.
  public func dot(_ other: Tensor) -> Double {
    precondition(count == other.count, "shapes \(shape) and \(other.shape) differ")
    return Tensor.read(self, other) { x, y in
      // Unchecked: nobody writes what is read.
      nonisolated(unsafe) let (x, y) = (x, y)
      return summed(count) { Double(x[$0]) * Double(y[$0]) }
    }
  }

  /// Whether no number is infinite or not a number.
  public var isFinite: Bool {
    read { numbers in
      for i in 0..<count where !numbers[i].isFinite { return false }
      return true
    }
  }
}
