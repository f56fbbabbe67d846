internal import KernelSupport

// Tiles whose counts of rows (1 … 12) and of columns are known only at run time. Columns beyond those
// asked for, up to a whole vector, are computed as well; a panel is two vectors wide.

/// One tile of a product, `columns` ≤ a panel wide.
func multiplyTile(
  rows: Int, columns: Int, _ a: Source, _ lda: Int, _ b: Source,
  _ depth: Int, _ segments: Int, _ segmentStride: Int, _ start: ProductStart, _ slope: Float,
  _ c: Destination, _ ldc: Int
) {
  if columns > lanes {
    multiplyWide(rows, a, lda, b, depth, segments, segmentStride, start, slope, c, ldc)
  } else {
    multiplyNarrow(rows, a, lda, b, depth, segments, segmentStride, start, slope, c, ldc)
  }
}

/// One tile of aᵀ·b, `columns` ≤ a panel wide.
func multiplyTransposedTile(
  rows: Int, columns: Int, _ a: Source, _ lda: Int, _ b: Source, _ ldb: Int,
  _ depth: Int, _ accumulates: Bool, _ c: Destination, _ ldc: Int
) {
  if columns > lanes {
    multiplyTransposedWide(rows, a, lda, b, ldb, depth, accumulates, c, ldc)
  } else {
    multiplyTransposedNarrow(rows, a, lda, b, ldb, depth, accumulates, c, ldc)
  }
}

@inline(never)
private func multiplyWide(
  _ rows: Int, _ a: Source, _ lda: Int, _ b: Source,
  _ depth: Int, _ segments: Int, _ segmentStride: Int, _ start: ProductStart, _ slope: Float,
  _ c: Destination, _ ldc: Int
) {
  multiplyTile(
    Count<2>.self, rows: rows, a, lda, b, depth, segments, segmentStride, start, slope, c, ldc)
}

@inline(never)
private func multiplyTransposedWide(
  _ rows: Int, _ a: Source, _ lda: Int, _ b: Source, _ ldb: Int,
  _ depth: Int, _ accumulates: Bool, _ c: Destination, _ ldc: Int
) {
  multiplyTransposedTile(Count<2>.self, rows: rows, a, lda, b, ldb, depth, accumulates, c, ldc)
}

@inline(never)
private func multiplyNarrow(
  _ rows: Int, _ a: Source, _ lda: Int, _ b: Source,
  _ depth: Int, _ segments: Int, _ segmentStride: Int, _ start: ProductStart, _ slope: Float,
  _ c: Destination, _ ldc: Int
) {
  multiplyTile(
    Count<1>.self, rows: rows, a, lda, b, depth, segments, segmentStride, start, slope, c, ldc)
}

@inline(never)
private func multiplyTransposedNarrow(
  _ rows: Int, _ a: Source, _ lda: Int, _ b: Source, _ ldb: Int,
  _ depth: Int, _ accumulates: Bool, _ c: Destination, _ ldc: Int
) {
  multiplyTransposedTile(Count<1>.self, rows: rows, a, lda, b, ldb, depth, accumulates, c, ldc)
}

@inline(__always)
private func multiplyTile<let vectors: Int>(
  _ width: Count<vectors>.Type, rows: Int, _ a: Source, _ lda: Int, _ b: Source,
  _ depth: Int, _ segments: Int, _ segmentStride: Int, _ start: ProductStart, _ slope: Float,
  _ c: Destination, _ ldc: Int
) {
  switch rows {
  case 1:
    multiplyTile(
      Count<1>.self, width, a, lda, b, depth, segments, segmentStride, start, slope, c, ldc)
  case 2:
    multiplyTile(
      Count<2>.self, width, a, lda, b, depth, segments, segmentStride, start, slope, c, ldc)
  case 3:
    multiplyTile(
      Count<3>.self, width, a, lda, b, depth, segments, segmentStride, start, slope, c, ldc)
  case 4:
    multiplyTile(
      Count<4>.self, width, a, lda, b, depth, segments, segmentStride, start, slope, c, ldc)
  case 5:
    multiplyTile(
      Count<5>.self, width, a, lda, b, depth, segments, segmentStride, start, slope, c, ldc)
  case 6:
    multiplyTile(
      Count<6>.self, width, a, lda, b, depth, segments, segmentStride, start, slope, c, ldc)
  case 7:
    multiplyTile(
      Count<7>.self, width, a, lda, b, depth, segments, segmentStride, start, slope, c, ldc)
  case 8:
    multiplyTile(
      Count<8>.self, width, a, lda, b, depth, segments, segmentStride, start, slope, c, ldc)
  case 9:
    multiplyTile(
      Count<9>.self, width, a, lda, b, depth, segments, segmentStride, start, slope, c, ldc)
  case 10:
    multiplyTile(
      Count<10>.self, width, a, lda, b, depth, segments, segmentStride, start, slope, c, ldc)
  case 11:
    multiplyTile(
      Count<11>.self, width, a, lda, b, depth, segments, segmentStride, start, slope, c, ldc)
  default:
    multiplyTile(
      Count<12>.self, width, a, lda, b, depth, segments, segmentStride, start, slope, c, ldc)
  }
}

@inline(__always)
private func multiplyTransposedTile<let vectors: Int>(
  _ width: Count<vectors>.Type, rows: Int, _ a: Source, _ lda: Int, _ b: Source, _ ldb: Int,
  _ depth: Int, _ accumulates: Bool, _ c: Destination, _ ldc: Int
) {
  switch rows {
  case 1: multiplyTransposedTile(Count<1>.self, width, a, lda, b, ldb, depth, accumulates, c, ldc)
  case 2: multiplyTransposedTile(Count<2>.self, width, a, lda, b, ldb, depth, accumulates, c, ldc)
  case 3: multiplyTransposedTile(Count<3>.self, width, a, lda, b, ldb, depth, accumulates, c, ldc)
  case 4: multiplyTransposedTile(Count<4>.self, width, a, lda, b, ldb, depth, accumulates, c, ldc)
  case 5: multiplyTransposedTile(Count<5>.self, width, a, lda, b, ldb, depth, accumulates, c, ldc)
  case 6: multiplyTransposedTile(Count<6>.self, width, a, lda, b, ldb, depth, accumulates, c, ldc)
  case 7: multiplyTransposedTile(Count<7>.self, width, a, lda, b, ldb, depth, accumulates, c, ldc)
  case 8: multiplyTransposedTile(Count<8>.self, width, a, lda, b, ldb, depth, accumulates, c, ldc)
  case 9: multiplyTransposedTile(Count<9>.self, width, a, lda, b, ldb, depth, accumulates, c, ldc)
  case 10: multiplyTransposedTile(Count<10>.self, width, a, lda, b, ldb, depth, accumulates, c, ldc)
  case 11: multiplyTransposedTile(Count<11>.self, width, a, lda, b, ldb, depth, accumulates, c, ldc)
  default: multiplyTransposedTile(Count<12>.self, width, a, lda, b, ldb, depth, accumulates, c, ldc)
  }
}
