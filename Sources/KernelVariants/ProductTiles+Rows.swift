internal import KernelSupport

/// `multiplyTile` for a row count known only at run time, 1 … 12.
@inline(never)
func multiplyTile(
  rows: Int, _ a: Source, _ lda: Int, _ b: Source, _ depth: Int, _ segments: Int,
  _ segmentStride: Int, _ start: ProductStart, _ slope: Float, _ c: Destination, _ ldc: Int
) {
  switch rows {
  case 1:
    multiplyTile(
      InlineArray<1, Never?>.self, a, lda, b, depth, segments, segmentStride, start, slope, c, ldc)
  case 2:
    multiplyTile(
      InlineArray<2, Never?>.self, a, lda, b, depth, segments, segmentStride, start, slope, c, ldc)
  case 3:
    multiplyTile(
      InlineArray<3, Never?>.self, a, lda, b, depth, segments, segmentStride, start, slope, c, ldc)
  case 4:
    multiplyTile(
      InlineArray<4, Never?>.self, a, lda, b, depth, segments, segmentStride, start, slope, c, ldc)
  case 5:
    multiplyTile(
      InlineArray<5, Never?>.self, a, lda, b, depth, segments, segmentStride, start, slope, c, ldc)
  case 6:
    multiplyTile(
      InlineArray<6, Never?>.self, a, lda, b, depth, segments, segmentStride, start, slope, c, ldc)
  case 7:
    multiplyTile(
      InlineArray<7, Never?>.self, a, lda, b, depth, segments, segmentStride, start, slope, c, ldc)
  case 8:
    multiplyTile(
      InlineArray<8, Never?>.self, a, lda, b, depth, segments, segmentStride, start, slope, c, ldc)
  case 9:
    multiplyTile(
      InlineArray<9, Never?>.self, a, lda, b, depth, segments, segmentStride, start, slope, c, ldc)
  case 10:
    multiplyTile(
      InlineArray<10, Never?>.self, a, lda, b, depth, segments, segmentStride, start, slope, c, ldc)
  case 11:
    multiplyTile(
      InlineArray<11, Never?>.self, a, lda, b, depth, segments, segmentStride, start, slope, c, ldc)
  default:
    multiplyTile(
      InlineArray<12, Never?>.self, a, lda, b, depth, segments, segmentStride, start, slope, c, ldc)
  }
}

/// `multiplyTransposedTile` for a row count known only at run time, 1 … 12.
@inline(never)
func multiplyTransposedTile(
  rows: Int, _ a: Source, _ lda: Int, _ b: Source, _ ldb: Int, _ depth: Int,
  _ accumulates: Bool, _ c: Destination, _ ldc: Int
) {
  switch rows {
  case 1:
    multiplyTransposedTile(
      InlineArray<1, Never?>.self, a, lda, b, ldb, depth, accumulates, c, ldc)
  case 2:
    multiplyTransposedTile(
      InlineArray<2, Never?>.self, a, lda, b, ldb, depth, accumulates, c, ldc)
  case 3:
    multiplyTransposedTile(
      InlineArray<3, Never?>.self, a, lda, b, ldb, depth, accumulates, c, ldc)
  case 4:
    multiplyTransposedTile(
      InlineArray<4, Never?>.self, a, lda, b, ldb, depth, accumulates, c, ldc)
  case 5:
    multiplyTransposedTile(
      InlineArray<5, Never?>.self, a, lda, b, ldb, depth, accumulates, c, ldc)
  case 6:
    multiplyTransposedTile(
      InlineArray<6, Never?>.self, a, lda, b, ldb, depth, accumulates, c, ldc)
  case 7:
    multiplyTransposedTile(
      InlineArray<7, Never?>.self, a, lda, b, ldb, depth, accumulates, c, ldc)
  case 8:
    multiplyTransposedTile(
      InlineArray<8, Never?>.self, a, lda, b, ldb, depth, accumulates, c, ldc)
  case 9:
    multiplyTransposedTile(
      InlineArray<9, Never?>.self, a, lda, b, ldb, depth, accumulates, c, ldc)
  case 10:
    multiplyTransposedTile(
      InlineArray<10, Never?>.self, a, lda, b, ldb, depth, accumulates, c, ldc)
  case 11:
    multiplyTransposedTile(
      InlineArray<11, Never?>.self, a, lda, b, ldb, depth, accumulates, c, ldc)
  default:
    multiplyTransposedTile(
      InlineArray<12, Never?>.self, a, lda, b, ldb, depth, accumulates, c, ldc)
  }
}
