public import KernelSupport
private import Glibc

extension Kernels {
  public func packedWinogradCount(
    _ scheme: WinogradScheme, inputChannels: Int, outputChannels: Int
  ) -> Int {
    scheme.points * inputChannels * roundUp(outputChannels, panel)
  }

  public func packWinograd(
    _ weights: Source, _ scheme: WinogradScheme, inputChannels: Int, outputChannels: Int,
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
          weightTile(
            scheme, row, width,
            WeightTarget(
              start: packed + c * panel, depth: inputChannels, pointStride: pointStride,
              isFlipped: flipped))
        }
      }
    }
  }

  public func convolveWinograd(
    _ x: Source, packed: Source, _ scheme: WinogradScheme, _ shape: ConvolutionShape,
    _ epilogue: ConvolutionEpilogue, into y: Destination
  ) {
    let grid = TileGrid(shape, scheme)
    let width = roundUp(shape.outputChannels, panel)
    // Few tiles leave threads idle in the fused form; the products by point do not.
    let isByPoint = grid.count <= 16 * tileRows
    let block = isByPoint ? max(1, min(16, grid.count / 4)) : 12
    let blocks = (grid.count + block - 1) / block
    withPadded(epilogue.bias, shape.outputChannels, width) { bias in
      withPartialSums(epilogue.sums, shape.outputChannels, width, blocks) { sums in
        /// Tiles `first ..< first + count`, whose products begin at `m`.
        func finish(
          _ index: Int, _ count: Int, _ m: Source, _ pointStride: Int, _ edge: Destination
        ) {
          transformOutputs(
            m, grid, index * block, count, pointStride, width, epilogue, bias: bias,
            sums: sums.map { $0 + index * 2 * width }, y, edge)
        }
        if isByPoint {
          convolveByPoint(x, packed, grid, width, block, blocks, finish)
        } else {
          convolveByTile(x, packed, grid, width, block, blocks, finish)
        }
      }
    }
  }

  /// What turns the products of a block of tiles into pixels.
  private typealias Finish = (
    _ block: Int, _ count: Int, _ products: Source, _ pointStride: Int, _ edge: Destination
  ) -> Void

  /// Each block of tiles goes through all three phases while it is in the cache.
  private func convolveByTile(
    _ x: Source, _ packed: Source, _ grid: TileGrid, _ width: Int, _ block: Int, _ blocks: Int,
    _ finish: Finish
  ) {
    let (depth, points) = (grid.shape.inputChannels, grid.scheme.points)
    let padded = roundUp(depth, lanes)
    let (inputs, products) = (points * block * padded, points * block * width)
    let edges = 36 * max(padded, width)
    WorkerPool.shared.forEach(blocks) { index in
      BufferPool.withScratch(inputs + products + edges) { scratch in
        let (v, m, edge) = (scratch, scratch + inputs, scratch + inputs + products)
        let count = min(block, grid.count - index * block)
        transformInputs(x, grid, index * block, count, v, block * padded, edge)
        for p in 0..<points {
          multiplyPanels(
            v + p * block * padded, rows: count, stride: padded, depth: depth,
            panels: packed + p * depth * width, width: width, into: m + p * block * width)
        }
        finish(index, count, m, block * width, edge)
      }
    }
  }

  /// The three phases one after the other, each spread over the threads.
  private func convolveByPoint(
    _ x: Source, _ packed: Source, _ grid: TileGrid, _ width: Int, _ block: Int, _ blocks: Int,
    _ finish: Finish
  ) {
    let (depth, points, count) = (grid.shape.inputChannels, grid.scheme.points, grid.count)
    let padded = roundUp(depth, lanes)
    let edges = 36 * max(padded, width)
    BufferPool.withScratch(points * count * (padded + width)) { v in
      let m = v + points * count * padded
      WorkerPool.shared.forEach(blocks) { index in
        BufferPool.withScratch(edges) { edge in
          let first = index * block
          transformInputs(
            x, grid, first, min(block, count - first), v + first * padded, count * padded, edge)
        }
      }
      WorkerPool.shared.forEach(points) { p in
        multiplyPanels(
          v + p * count * padded, rows: count, stride: padded, depth: depth,
          panels: packed + p * depth * width, width: width, into: m + p * count * width)
      }
      WorkerPool.shared.forEach(blocks) { index in
        BufferPool.withScratch(edges) { edge in
          let first = index * block
          finish(index, min(block, count - first), m + first * width, count * width, edge)
        }
      }
    }
  }
}

/// Lends room for the sums of each block, `2 · width` zeros, and adds them up in order afterwards: the
/// result does not depend on which thread did what.
@inline(__always)
func withPartialSums(
  _ sums: UnsafeMutablePointer<Double>?, _ channels: Int, _ width: Int, _ blocks: Int,
  _ body: (Destination?) -> Void
) {
  guard let sums else { return body(nil) }
  BufferPool.withScratch(blocks * 2 * width) { partial in
    memset(partial, 0, blocks * 2 * width * 4)
    body(partial)
    for half in 0..<2 {
      let target = sums + half * channels
      target.update(repeating: 0, count: channels)
      for block in 0..<blocks {
        let source = partial + (2 * block + half) * width
        for c in 0..<channels { target[c] += Double(source[c]) }
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
