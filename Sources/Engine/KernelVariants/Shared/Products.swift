public import KernelSupport
private import Glibc

extension Kernels {
  public var panelWidth: Int { panel }

  public func pack(
    _ matrix: Source, depth: Int, columns: Int, transposed: Bool, into panels: Destination
  ) {
    WorkerPool.shared.forEachUnchecked((columns + panel - 1) / panel) { index in
      let first = index * panel
      let few = min(panel, columns - first)
      let target = panels + first * depth
      if few < panel { memset(target, 0, depth * panel * 4) }
      if transposed {
        for j in 0..<few {
          let row = matrix + (first + j) * depth
          for k in 0..<depth { target[k &* panel &+ j] = row[k] }
        }
      } else {
        for k in 0..<depth { memcpy(target + k * panel, matrix + k * columns + first, few * 4) }
      }
    }
  }

  public func multiply(
    _ a: Source, rows: Int, depth: Int, panels: Source, columns: Int, bias: Source?,
    slope: Float, into c: Destination
  ) {
    let width = roundUp(columns, panel)
    let block = 8 * tileRows
    let (rowBlocks, strips) = ((rows + block - 1) / block, width / panel)
    withPadded(bias, columns, width) { bias in
      WorkerPool.shared.forEachUnchecked(rowBlocks * strips) { index in
        let (rowBlock, strip) = index.quotientAndRemainder(dividingBy: strips)
        let column = strip * panel
        let last = min(rows, (rowBlock + 1) * block)
        for row in stride(from: rowBlock * block, to: last, by: tileRows) {
          multiplyInto(
            a + row * depth, depth, min(tileRows, last - row), depth, 1, 0,
            panels + column * depth, bias.map { $0 + column }, slope,
            c + row * columns + column, columns, min(panel, columns - column))
        }
      }
    }
  }

  public func multiplyTransposed(
    _ a: Source, rows: Int, depth: Int, _ b: Source, columns: Int, into c: Destination
  ) {
    let width = roundUp(columns, lanes)
    if width != columns {
      // Whole vectors only: widen `b` with zeros and narrow the result.
      BufferPool.withScratch((depth + rows) * width) { wide in
        let result = wide + depth * width
        for k in 0..<depth {
          memcpy(wide + k * width, b + k * columns, columns * 4)
          memset(wide + k * width + columns, 0, (width - columns) * 4)
        }
        multiplyTransposed(a, rows: rows, depth: depth, Source(wide), columns: width, into: result)
        for r in 0..<rows { memcpy(c + r * columns, result + r * width, columns * 4) }
      }
      return
    }
    // A piece of the depth at a time stays in the cache, and each thread has rows of its own.
    let (piece, block) = (256, 2 * tileRows)
    WorkerPool.shared.forEachUnchecked((rows + block - 1) / block) { index in
      let first = index * block
      for k in stride(from: 0, to: depth, by: piece) {
        multiplyTransposedTiles(
          a + k * rows + first, rows, b + k * columns, columns, depth: min(piece, depth - k),
          rows: min(block, rows - first), columns: columns, accumulates: k > 0,
          into: c + first * columns, rowStride: columns)
      }
    }
  }
}

/// One tile of a product; columns that fill no whole vectors go through a buffer.
@inline(__always)
func multiplyInto(
  _ a: Source, _ lda: Int, _ rows: Int, _ depth: Int, _ segments: Int, _ segmentStride: Int,
  _ panels: Source, _ bias: Source?, _ slope: Float, _ c: Destination, _ ldc: Int, _ columns: Int
) {
  let start = ProductStart(bias)
  if columns % lanes == 0 {
    multiplyTile(
      rows: rows, columns: columns, a, lda, panels, depth, segments, segmentStride, start, slope,
      c, ldc)
    return
  }
  withUnsafeTemporaryAllocation(of: Float.self, capacity: 12 * 32) { buffer in
    guard let narrow = buffer.baseAddress else { return }
    multiplyTile(
      rows: rows, columns: columns, a, lda, panels, depth, segments, segmentStride, start, slope,
      narrow, panel)
    for r in 0..<rows { memcpy(c + r * ldc, narrow + r * panel, columns * 4) }
  }
}

/// Lends `bias` padded with zeros to `width` numbers.
@inline(__always)
func withPadded(_ bias: Source?, _ count: Int, _ width: Int, _ body: (Source?) -> Void) {
  guard let bias, count < width else { return body(bias) }
  BufferPool.withScratch(width) { padded in
    memcpy(padded, bias, count * 4)
    memset(padded + count, 0, (width - count) * 4)
    body(Source(padded))
  }
}
