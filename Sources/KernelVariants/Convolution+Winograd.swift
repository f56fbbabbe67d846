public import KernelSupport
private import Glibc

extension Kernels {
  public func packedWinogradCount(
    _ tile: WinogradTile, inputChannels: Int, outputChannels: Int
  ) -> Int {
    tile.points * inputChannels * roundUp(outputChannels, panel)
  }

  public func packWinograd(
    _ weights: Source, _ tile: WinogradTile, inputChannels: Int, outputChannels: Int,
    flipped: Bool, into packed: Destination
  ) {
    let width = roundUp(outputChannels, panel)
    let pointStride = inputChannels * width
    let chunk = 8
    WorkerPool.shared.forEach((inputChannels + chunk - 1) / chunk) { block in
      BufferPool.withScratch(9 * width) { row in
        for c in block * chunk..<min(inputChannels, (block + 1) * chunk) {
          // One input channel's row of nine taps, padded to whole panels with zeros.
          for tap in 0..<9 {
            let target = row + tap * width
            if flipped {
              let source = weights + tap * inputChannels * outputChannels + c
              for o in 0..<outputChannels { target[o] = source[o * inputChannels] }
            } else {
              memcpy(
                target, weights + (tap * inputChannels + c) * outputChannels, outputChannels * 4)
            }
            memset(target + outputChannels, 0, (width - outputChannels) * 4)
          }
          let target = packed + c * panel
          if tile == .four {
            weightTile4(row, width, width, flipped, target, inputChannels, pointStride)
          } else {
            weightTile2(row, width, width, flipped, target, inputChannels, pointStride)
          }
        }
      }
    }
  }

  public func convolveWinograd(
    _ x: Source, packed: Source, _ tile: WinogradTile, _ shape: ConvolutionShape, bias: Source?,
    slope: Float, into y: Destination
  ) {
    let grid = TileGrid(shape, tile)
    let width = roundUp(shape.outputChannels, panel)
    withPadded(bias, shape.outputChannels, width) { bias in
      // Few tiles leave threads idle in the fused form; the products by point do not.
      if grid.count <= 16 * tileRows {
        convolveByPoint(x, packed, grid, tile.points, width, bias, slope, y)
      } else {
        convolveByTile(x, packed, grid, tile.points, width, bias, slope, y)
      }
    }
  }

  /// Each block of tiles goes through all three phases while it is in the cache.
  private func convolveByTile(
    _ x: Source, _ packed: Source, _ grid: TileGrid, _ points: Int, _ width: Int, _ bias: Source?,
    _ slope: Float, _ y: Destination
  ) {
    let depth = grid.shape.inputChannels
    let padded = roundUp(depth, lanes)
    let block = 12
    let (inputs, products) = (points * block * padded, points * block * width)
    let edges = points * max(padded, width)
    WorkerPool.shared.forEach((grid.count + block - 1) / block) { index in
      BufferPool.withScratch(inputs + products + edges) { scratch in
        let (v, m, edge) = (scratch, scratch + inputs, scratch + inputs + products)
        let first = index * block
        let count = min(block, grid.count - first)
        transformInputs(x, grid, first, count, v, block * padded, edge)
        for p in 0..<points {
          multiplyPanels(
            v + p * block * padded, rows: count, stride: padded, depth: depth,
            panels: packed + p * depth * width, width: width, into: m + p * block * width)
        }
        transformOutputs(m, grid, first, count, block * width, width, bias, slope, y, edge)
      }
    }
  }

  /// The three phases one after the other, each spread over the threads.
  private func convolveByPoint(
    _ x: Source, _ packed: Source, _ grid: TileGrid, _ points: Int, _ width: Int, _ bias: Source?,
    _ slope: Float, _ y: Destination
  ) {
    let depth = grid.shape.inputChannels
    let padded = roundUp(depth, lanes)
    let count = grid.count
    let edges = points * max(padded, width)
    let chunk = max(1, min(16, count / 4))
    let chunks = (count + chunk - 1) / chunk
    BufferPool.withScratch(points * count * (padded + width)) { v in
      let m = v + points * count * padded
      WorkerPool.shared.forEach(chunks) { index in
        BufferPool.withScratch(edges) { edge in
          let first = index * chunk
          transformInputs(
            x, grid, first, min(chunk, count - first), v + first * padded, count * padded, edge)
        }
      }
      WorkerPool.shared.forEach(points) { p in
        multiplyPanels(
          v + p * count * padded, rows: count, stride: padded, depth: depth,
          panels: packed + p * depth * width, width: width, into: m + p * count * width)
      }
      WorkerPool.shared.forEach(chunks) { index in
        BufferPool.withScratch(edges) { edge in
          let first = index * chunk
          transformOutputs(
            m + first * width, grid, first, min(chunk, count - first), count * width, width, bias,
            slope, y, edge)
        }
      }
    }
  }
}

/// c = a · packed panels, `width` columns; the panels are walked in the outer loop.
@inline(__always)
func multiplyPanels(
  _ a: Source, rows: Int, stride: Int, depth: Int, panels: Source, width: Int,
  into c: Destination
) {
  let blocks = (rows + tileRows - 1) / tileRows
  let (base, rest) = rows.quotientAndRemainder(dividingBy: blocks)
  for column in Swift.stride(from: 0, to: width, by: panel) {
    var row = 0
    for block in 0..<blocks {
      let height = base + (block < rest ? 1 : 0)
      multiplyTile(
        rows: height, a + row * stride, stride, panels + column * depth, depth, 1, 0, nil, 1,
        c + row * width + column, width)
      row += height
    }
  }
}

/// Lends `bias` padded with zeros to `width` numbers.
func withPadded(_ bias: Source?, _ count: Int, _ width: Int, _ body: (Source?) -> Void) {
  guard let bias, count < width else { return body(bias) }
  BufferPool.withScratch(width) { padded in
    memcpy(padded, bias, count * 4)
    memset(padded + count, 0, (width - count) * 4)
    body(Source(padded))
  }
}
