public import KernelSupport
private import Glibc

extension Kernels {
  public func packedWinogradCount(
    _ scheme: WinogradScheme, inputChannels: Int, outputChannels: Int
  ) -> Int {
    scheme.points * spaced(inputChannels * roundUp(outputChannels, panel))
  }

  public func packWinograd(
    _ weights: Source, _ scheme: WinogradScheme, inputChannels: Int, outputChannels: Int,
    flipped: Bool, into packed: Destination
  ) {
    let width = roundUp(outputChannels, panel)
    let pointStride = spaced(inputChannels * width)
    let chunk = 8
    WorkerPool.shared.forEachUnchecked((inputChannels + chunk - 1) / chunk) { block in
      BufferPool.withScratch(9 * width) { row in
        for c in block * chunk..<min(inputChannels, (block + 1) * chunk) {
          let (taps, tapStride) = taps(
            weights, of: c, inputChannels, 0, outputChannels, outputChannels, flipped, width, row)
          weightTile(
            scheme, taps, tapStride, width,
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
    let outputs = WinogradOutputs(TileGrid(shape, scheme), epilogue, y)
    outputs.collect { finish in
      if outputs.isByPoint {
        convolveByPoint(x, outputs, finish) { p, v, m, count in
          let (depth, width) = (shape.inputChannels, outputs.width)
          multiplyPanels(
            v, rows: count, stride: roundUp(depth, lanes), depth: depth,
            panels: packed + p * spaced(depth * width), columns: shape.outputChannels, into: m,
            rowStride: width)
        }
      } else {
        convolveByTile(x, packed, outputs, finish)
      }
    }
  }

  public func packedTapsCount(inputChannels: Int, outputChannels: Int) -> Int {
    9 * inputChannels * roundUp(outputChannels, panel)
  }

  public func packTaps(
    _ weights: Source, inputChannels: Int, outputChannels: Int, flipped: Bool,
    into packed: Destination
  ) {
    let strips = (outputChannels + panel - 1) / panel
    WorkerPool.shared.forEachUnchecked(strips) { strip in
      BufferPool.withScratch(9 * panel) { row in
        for c in 0..<inputChannels {
          let (taps, tapStride) = taps(
            weights, of: c, inputChannels, strip * panel,
            min(panel, outputChannels - strip * panel), outputChannels, flipped, panel, row)
          let target = packed + (strip * inputChannels + c) * 9 * panel
          for tap in 0..<9 {
            memcpy(target + (flipped ? 8 - tap : tap) * panel, taps + tap * tapStride, panel * 4)
          }
        }
      }
    }
  }

  public func convolveWinograd(
    _ x: Source, taps: Source, _ scheme: WinogradScheme, _ shape: ConvolutionShape,
    _ epilogue: ConvolutionEpilogue, into y: Destination
  ) {
    let outputs = WinogradOutputs(TileGrid(shape, scheme), epilogue, y)
    outputs.collect { finish in streamWeights(x, taps, outputs, finish) }
  }

  /// Each block of tiles goes through all three phases while it is in the cache.
  private func convolveByTile(
    _ x: Source, _ packed: Source, _ outputs: WinogradOutputs, _ finish: WinogradOutputs.Finish
  ) {
    let (grid, width, block) = (outputs.grid, outputs.width, outputs.block)
    let (depth, points) = (grid.shape.inputChannels, grid.scheme.points)
    let padded = roundUp(depth, lanes)
    let (vStride, mStride) = (spaced(block * padded), spaced(block * width))
    let (inputs, products) = (points * vStride, points * mStride)
    WorkerPool.shared.forEachUnchecked(outputs.blocks) { index in
      BufferPool.withScratch(inputs + products + outputs.edge) { scratch in
        let (v, m, edge) = (scratch, scratch + inputs, scratch + inputs + products)
        let count = min(block, grid.count - index * block)
        transformInputs(x, grid, index * block, count, v, vStride, edge)
        for p in 0..<points {
          multiplyPanels(
            v + p * vStride, rows: count, stride: padded, depth: depth,
            panels: packed + p * spaced(depth * width), columns: grid.shape.outputChannels,
            into: m + p * mStride, rowStride: width)
        }
        finish(index, count, m, mStride, edge)
      }
    }
  }

  /// The three phases one after the other, each spread over the threads, some blocks at a time.
  private func convolveByPoint(
    _ x: Source, _ outputs: WinogradOutputs, _ finish: WinogradOutputs.Finish,
    products: (_ point: Int, _ v: Source, _ m: Destination, _ count: Int) -> Void
  ) {
    let (grid, width, block) = (outputs.grid, outputs.width, outputs.block)
    let points = grid.scheme.points
    let padded = roundUp(grid.shape.inputChannels, lanes)
    let piece = outputs.blocksPerPiece
    let room = min(grid.count, piece * block)
    let (vStride, mStride) = (spaced(room * padded), spaced(room * width))
    BufferPool.withScratch(points * (vStride + mStride)) { v in
      let m = v + points * vStride
      for start in stride(from: 0, to: outputs.blocks, by: piece) {
        let blocks = min(piece, outputs.blocks - start)
        let first = start * block
        let count = min(blocks * block, grid.count - first)
        WorkerPool.shared.forEachUnchecked(blocks) { index in
          BufferPool.withScratch(outputs.edge) { edge in
            let tile = index * block
            transformInputs(
              x, grid, first + tile, min(block, count - tile), v + tile * padded, vStride, edge)
          }
        }
        WorkerPool.shared.forEachUnchecked(points) { p in
          products(p, Source(v) + p * vStride, m + p * mStride, count)
        }
        WorkerPool.shared.forEachUnchecked(blocks) { index in
          BufferPool.withScratch(outputs.edge) { edge in
            let tile = index * block
            finish(start + index, min(block, count - tile), m + tile * width, mStride, edge)
          }
        }
      }
    }
  }

  /// A panel of output channels at a time: its weights are transformed a few input channels at a
  /// time, and used while they are in the cache. Sums grow in the same order as with packed weights.
  private func streamWeights(
    _ x: Source, _ taps: Source, _ outputs: WinogradOutputs, _ finish: WinogradOutputs.Finish
  ) {
    let (grid, width, block, count) = (
      outputs.grid, outputs.width, outputs.block, outputs.grid.count
    )
    let (depth, channels) = (grid.shape.inputChannels, grid.shape.outputChannels)
    let (points, padded) = (grid.scheme.points, roundUp(depth, lanes))
    let (piece, panelStride) = (StreamedWeights.piece, StreamedWeights.pointStride)
    let (vStride, mStride) = (spaced(count * padded), spaced(count * width))
    BufferPool.withScratch(points * (vStride + mStride)) { v in
      let m = v + points * vStride
      WorkerPool.shared.forEachUnchecked(outputs.blocks) { index in
        BufferPool.withScratch(outputs.edge) { edge in
          let first = index * block
          transformInputs(
            x, grid, first, min(block, count - first), v + first * padded, vStride, edge)
        }
      }
      WorkerPool.shared.forEachUnchecked(width / panel) { strip in
        BufferPool.withScratch(points * panelStride) { panels in
          for start in stride(from: 0, to: depth, by: piece) {
            let few = min(piece, depth - start)
            StreamedWeights.transform(
              grid.scheme, taps + (strip * depth + start) * 9 * panel, few, into: panels)
            for p in 0..<points {
              multiplyPanels(
                v + p * vStride + start, rows: count, stride: padded, depth: few,
                panels: panels + p * panelStride,
                columns: min(panel, channels - strip * panel), start == 0 ? .zero : .accumulated,
                into: m + p * mStride + strip * panel, rowStride: width)
            }
          }
        }
      }
      WorkerPool.shared.forEachUnchecked(outputs.blocks) { index in
        BufferPool.withScratch(outputs.edge) { edge in
          let first = index * block
          finish(index, min(block, count - first), m + first * width, mStride, edge)
        }
      }
    }
  }
}

/// The nine taps of one input channel for `few` output channels from `first` on: in place where they
/// lie side by side and fill `width`, otherwise copied to `row` and padded with zeros.
@inline(__always)
private func taps(
  _ weights: Source, of channel: Int, _ inputChannels: Int, _ first: Int, _ few: Int,
  _ outputChannels: Int, _ flipped: Bool, _ width: Int, _ row: Destination
) -> (start: Source, tapStride: Int) {
  if !flipped && few == width {
    return (weights + channel * outputChannels + first, inputChannels * outputChannels)
  }
  for tap in 0..<9 {
    let target = row + tap * width
    if flipped {
      let source = weights + (tap * outputChannels + first) * inputChannels + channel
      for o in 0..<few { target[o] = source[o * inputChannels] }
    } else {
      memcpy(target, weights + (tap * inputChannels + channel) * outputChannels + first, few * 4)
    }
    memset(target + few, 0, (width - few) * 4)
  }
  return (Source(row), width)
}

/// c = a · packed panels; the panels are walked in the outer loop.
///
/// Columns of `c` beyond `columns` up to a whole vector are written, too.
@inline(__always)
func multiplyPanels(
  _ a: Source, rows: Int, stride: Int, depth: Int, panels: Source, columns: Int,
  _ start: ProductStart = .zero, into c: Destination, rowStride: Int
) {
  let blocks = (rows + tileRows - 1) / tileRows
  let (base, rest) = rows.quotientAndRemainder(dividingBy: blocks)
  for column in Swift.stride(from: 0, to: columns, by: panel) {
    var row = 0
    for block in 0..<blocks {
      let height = base + (block < rest ? 1 : 0)
      multiplyTile(
        rows: height, columns: min(panel, columns - column), a + row * stride, stride,
        panels + column * depth, depth, 1, 0, start, 1, c + row * rowStride + column, rowStride)
      row += height
    }
  }
}
