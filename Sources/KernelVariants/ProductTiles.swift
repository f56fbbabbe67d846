internal import KernelSupport

/// What a product is added to.
enum ProductStart {
  case zero
  /// The same for every row.
  case bias(Source)
  /// What the target already holds.
  case accumulated

  init(_ bias: Source?) { self = bias.map { .bias($0) } ?? .zero }
}

/// One tile of a product, `rows` × one panel, kept in registers while the depth goes by.
///
/// c = Σ_s Σ_k a[s·segmentStride + r·lda + k] · b[s, k]: with one segment a plain product, with
/// three a 3×3 window over rows of pixels.
@inline(__always)
func multiplyTile<let rows: Int>(
  _: InlineArray<rows, Never?>.Type, _ a: Source, _ lda: Int, _ b: Source, _ depth: Int,
  _ segments: Int, _ segmentStride: Int, _ start: ProductStart, _ slope: Float, _ c: Destination,
  _ ldc: Int
) {
  var left = InlineArray<rows, Vector>(repeating: splat(0))
  var right = InlineArray<rows, Vector>(repeating: splat(0))
  switch start {
  case .zero: break
  case .bias(let bias):
    left = InlineArray(repeating: load(bias))
    right = InlineArray(repeating: load(bias + lanes))
  case .accumulated:
    for r in 0..<rows {
      left[unchecked: r] = load(c + r &* ldc)
      right[unchecked: r] = load(c + r &* ldc + lanes)
    }
  }
  var b = b
  for segment in 0..<segments {
    var a = a + segment &* segmentStride
    for _ in 0..<depth {
      let (b0, b1) = (load(b), load(b + lanes))
      for r in 0..<rows {
        let x = splat(a[r &* lda])
        multiplyAdd(&left[unchecked: r], x, b0)
        multiplyAdd(&right[unchecked: r], x, b1)
      }
      a += 1
      b += panel
    }
  }
  if slope != 1 {
    let slopes = splat(slope)
    for r in 0..<rows {
      left[unchecked: r] = leaky(left[unchecked: r], slopes)
      right[unchecked: r] = leaky(right[unchecked: r], slopes)
    }
  }
  for r in 0..<rows {
    store(left[unchecked: r], c + r &* ldc)
    store(right[unchecked: r], c + r &* ldc + lanes)
  }
}

/// One tile of aᵀ·b: `rows` columns of `a` against one panel-wide strip of `b`.
@inline(__always)
func multiplyTransposedTile<let rows: Int>(
  _: InlineArray<rows, Never?>.Type, _ a: Source, _ lda: Int, _ b: Source, _ ldb: Int,
  _ depth: Int, _ accumulates: Bool, _ c: Destination, _ ldc: Int
) {
  var left = InlineArray<rows, Vector>(repeating: splat(0))
  var right = InlineArray<rows, Vector>(repeating: splat(0))
  if accumulates {
    for r in 0..<rows {
      left[unchecked: r] = load(c + r &* ldc)
      right[unchecked: r] = load(c + r &* ldc + lanes)
    }
  }
  var (a, b) = (a, b)
  for _ in 0..<depth {
    let (b0, b1) = (load(b), load(b + lanes))
    for r in 0..<rows {
      let x = splat(a[r])
      multiplyAdd(&left[unchecked: r], x, b0)
      multiplyAdd(&right[unchecked: r], x, b1)
    }
    a += lda
    b += ldb
  }
  for r in 0..<rows {
    store(left[unchecked: r], c + r &* ldc)
    store(right[unchecked: r], c + r &* ldc + lanes)
  }
}
