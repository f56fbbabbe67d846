public import KernelSupport
private import Glibc

extension Kernels {
  public func weightGradientWinograd(
    _ x: Source, _ dy: Source, _ scheme: WinogradScheme, _ shape: ConvolutionShape,
    into dw: Destination
  ) {
    let grid = TileGrid(shape, scheme)
    let (rows, width) = (shape.inputChannels, roundUp(shape.outputChannels, panel))
    let sums = scheme.points * spaced(rows * width)
    // Each group of tiles has its own sums, added in order at the end: the result does not depend
    // on which thread did what. Where the sums are large and tiles few, one group by points.
    let block = roundUp(rows, lanes) + width <= 128 ? 48 : 24
    let groups = min(8, grid.count / block)
    if rows * width > 8192 || groups <= 1 {
      BufferPool.withScratch(sums) { u in
        sumByPoint(x, dy, grid, scheme.points, width, u)
        transformSums(u, grid, scheme, width, groups: 1, into: dw)
      }
    } else {
      BufferPool.withScratch(groups * sums) { u in
        sumByTile(x, dy, grid, scheme.points, width, block, groups, u)
        transformSums(u, grid, scheme, width, groups: groups, into: dw)
      }
    }
  }

  private func sumByTile(
    _ x: Source, _ dy: Source, _ grid: TileGrid, _ points: Int, _ width: Int, _ block: Int,
    _ groups: Int, _ u: Destination
  ) {
    let (rows, channels) = (grid.shape.inputChannels, grid.shape.outputChannels)
    let padded = roundUp(rows, lanes)
    let (vStride, yStride) = (spaced(block * padded), spaced(block * width))
    let (inputs, gradients) = (points * vStride, points * yStride)
    let sumStride = spaced(rows * width)
    let blocks = (grid.count + block - 1) / block
    WorkerPool.shared.forEachUnchecked(groups) { group in
      BufferPool.withScratch(inputs + gradients + grid.scheme.edge * max(padded, width)) { v in
        let (y, edge) = (v + inputs, v + inputs + gradients)
        // Lanes beyond the channels stay zero.
        if channels % lanes != 0 { memset(y, 0, gradients * 4) }
        let sums = u + group * points * sumStride
        let mine = group * blocks / groups..<(group + 1) * blocks / groups
        for index in mine {
          let first = index * block
          let count = min(block, grid.count - first)
          transformInputs(x, grid, first, count, v, vStride, edge)
          transformOutputGradients(dy, grid, first, count, y, yStride, width, edge)
          for p in 0..<points {
            multiplyTransposedTiles(
              v + p * vStride, padded, y + p * yStride, width, depth: count, rows: rows,
              columns: channels, accumulates: index > mine.lowerBound,
              into: sums + p * sumStride, rowStride: width)
          }
        }
      }
    }
  }

  private func sumByPoint(
    _ x: Source, _ dy: Source, _ grid: TileGrid, _ points: Int, _ width: Int, _ u: Destination
  ) {
    let (rows, channels) = (grid.shape.inputChannels, grid.shape.outputChannels)
    let padded = roundUp(rows, lanes)
    // Some tiles at a time, so few that what they become stays in the caches until it is multiplied, so
    // many that the sums are not read and written too often. Sums grow in the order of the tiles,
    // however many these are.
    let room = WorkerPool.shared.limit << 18
    let piece = min(grid.count, max(48, room / (points * (padded + width)) / 16 * 16))
    let chunk = max(1, min(16, piece / 4))
    let (vStride, yStride) = (spaced(piece * padded), spaced(piece * width))
    BufferPool.withScratch(points * (vStride + yStride)) { v in
      let y = v + points * vStride
      if channels % lanes != 0 { memset(y, 0, points * yStride * 4) }
      for start in stride(from: 0, to: grid.count, by: piece) {
        let count = min(piece, grid.count - start)
        WorkerPool.shared.forEachUnchecked((count + chunk - 1) / chunk) { index in
          BufferPool.withScratch(grid.scheme.edge * max(padded, width)) { edge in
            let first = index * chunk
            let few = min(chunk, count - first)
            transformInputs(x, grid, start + first, few, v + first * padded, vStride, edge)
            transformOutputGradients(
              dy, grid, start + first, few, y + first * width, yStride, width, edge)
          }
        }
        WorkerPool.shared.forEachUnchecked(points) { p in
          multiplyTransposedTiles(
            v + p * vStride, padded, y + p * yStride, width, depth: count, rows: rows,
            columns: channels, accumulates: start > 0, into: u + p * spaced(rows * width),
            rowStride: width)
        }
      }
    }
  }

  private func transformSums(
    _ u: Source, _ grid: TileGrid, _ scheme: WinogradScheme, _ width: Int, groups: Int,
    into dw: Destination
  ) {
    let (rows, columns) = (grid.shape.inputChannels, grid.shape.outputChannels)
    let pointStride = spaced(rows * width)
    let groupStride = scheme.points * pointStride
    WorkerPool.shared.forEachUnchecked((rows + 7) / 8) { chunk in
      for c in chunk * 8..<min(rows, chunk * 8 + 8) {
        let sums = WeightSums(
          start: u + c * width, pointStride: pointStride, groups: groups, groupStride: groupStride)
        weightGradientTile(scheme, sums, columns, dw + c * columns, rows * columns)
      }
    }
  }
}

/// c = aᵀ · b (+ c), `rows` × `columns`.
///
/// Columns of `c` beyond `columns` up to a whole vector are written, too.
@inline(__always)
func multiplyTransposedTiles(
  _ a: Source, _ lda: Int, _ b: Source, _ ldb: Int, depth: Int, rows: Int, columns: Int,
  accumulates: Bool, into c: Destination, rowStride: Int
) {
  let blocks = (rows + tileRows - 1) / tileRows
  let (base, rest) = rows.quotientAndRemainder(dividingBy: blocks)
  for column in stride(from: 0, to: columns, by: panel) {
    var row = 0
    for block in 0..<blocks {
      let height = base + (block < rest ? 1 : 0)
      multiplyTransposedTile(
        rows: height, columns: min(panel, columns - column), a + row, lda, b + column, ldb, depth,
        accumulates, c + row * rowStride + column, rowStride)
      row += height
    }
  }
}
