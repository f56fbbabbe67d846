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

/// A number known when the code is compiled: its loops unroll.
typealias Count<let n: Int> = InlineArray<n, Never?>

/// One tile of a product, `rows` × `vectors`, kept in registers while the depth goes by.
///
/// c = Σ_s Σ_k a[s·segmentStride + r·lda + k] · b[s, k]: with one segment a plain product, with
/// three a 3×3 window over rows of pixels. Rows of `b` are one panel apart.
@inline(__always)
func multiplyTile<let rows: Int, let vectors: Int>(
  _: Count<rows>.Type, _: Count<vectors>.Type, _ a: Source, _ lda: Int, _ b: Source,
  _ depth: Int, _ segments: Int, _ segmentStride: Int, _ start: ProductStart, _ slope: Float,
  _ c: Destination, _ ldc: Int
) {
  typealias Row = InlineArray<vectors, Vector>
  var sums = InlineArray<rows, Row>(repeating: Row(repeating: splat(0)))
  switch start {
  case .zero: break
  case .bias(let bias):
    var row = Row(repeating: splat(0))
    for v in 0..<vectors { row[unchecked: v] = load(bias + v &* lanes) }
    sums = InlineArray(repeating: row)
  case .accumulated:
    for r in 0..<rows {
      for v in 0..<vectors { sums[unchecked: r][unchecked: v] = load(c + (r &* ldc &+ v &* lanes)) }
    }
  }
  var b = b
  var line = Row(repeating: splat(0))
  for segment in 0..<segments {
    var a = a + segment &* segmentStride
    for _ in 0..<depth {
      for v in 0..<vectors { line[unchecked: v] = load(b + v &* lanes) }
      for r in 0..<rows {
        let x = splat(a[r &* lda])
        for v in 0..<vectors {
          multiplyAdd(&sums[unchecked: r][unchecked: v], x, line[unchecked: v])
        }
      }
      a += 1
      b += panel
    }
  }
  let slopes = splat(slope)
  for r in 0..<rows {
    for v in 0..<vectors {
      let sum = sums[unchecked: r][unchecked: v]
      store(slope == 1 ? sum : leaky(sum, slopes), c + (r &* ldc &+ v &* lanes))
    }
  }
}

/// One tile of aᵀ·b: `rows` columns of `a` against `vectors` of `b`.
@inline(__always)
func multiplyTransposedTile<let rows: Int, let vectors: Int>(
  _: Count<rows>.Type, _: Count<vectors>.Type, _ a: Source, _ lda: Int, _ b: Source, _ ldb: Int,
  _ depth: Int, _ accumulates: Bool, _ c: Destination, _ ldc: Int
) {
  typealias Row = InlineArray<vectors, Vector>
  var sums = InlineArray<rows, Row>(repeating: Row(repeating: splat(0)))
  if accumulates {
    for r in 0..<rows {
      for v in 0..<vectors { sums[unchecked: r][unchecked: v] = load(c + (r &* ldc &+ v &* lanes)) }
    }
  }
  var (a, b) = (a, b)
  var line = Row(repeating: splat(0))
  for _ in 0..<depth {
    for v in 0..<vectors { line[unchecked: v] = load(b + v &* lanes) }
    for r in 0..<rows {
      let x = splat(a[r])
      for v in 0..<vectors { multiplyAdd(&sums[unchecked: r][unchecked: v], x, line[unchecked: v]) }
    }
    a += lda
    b += ldb
  }
  for r in 0..<rows {
    for v in 0..<vectors { store(sums[unchecked: r][unchecked: v], c + (r &* ldc &+ v &* lanes)) }
  }
}
