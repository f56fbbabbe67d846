public import KernelSupport
private import Glibc

// A 4×4 convolution with stride 2 by F(4×4, 2×2). Pixels fall into four phases by the parity of row and
// column; each is convolved with 2×2 taps of its own, and the four are summed. Along an axis output r meets
// pixels 2r − 1 and 2r + 1 by taps 0 and 2 (phase 0), 2r and 2r + 2 by taps 1 and 3 (phase 1). A tile of four
// outputs sees five pixels of each phase: 25 products in the place of 64.

/// Where the tiles lie.
private struct HalvingGrid {
  let shape: ConvolutionShape
  /// Rows and columns of the output.
  let height, width: Int
  /// Rows and columns of tiles in a picture.
  let rows, columns: Int

  static let points = 25
  /// Tiles whose points are in memory at a time.
  static let piece = 96
  /// Tiles that one iteration transforms.
  static let chunk = 12

  init(_ shape: ConvolutionShape) {
    self.shape = shape
    (height, width) = (shape.height / 2, shape.width / 2)
    (rows, columns) = ((height + 3) / 4, (width + 3) / 4)
  }

  var count: Int { shape.batch * rows * columns }

  /// From tile to tile of transformed pixels: all phases, and room for the last one's whole vectors.
  var depthStride: Int {
    roundUp(3 * shape.inputChannels + roundUp(shape.inputChannels, lanes), lanes)
  }

  /// The picture of a tile and the row and column of its first output.
  @inline(__always) func place(_ tile: Int) -> (picture: Int, row: Int, column: Int) {
    let (picture, rest) = tile.quotientAndRemainder(dividingBy: rows * columns)
    return (picture, rest / columns * 4, rest % columns * 4)
  }

  /// Calls `body` for each chunk of tiles `first ..< first + count`.
  @inline(__always) func eachChunk(_ count: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
    WorkerPool.shared.forEachUnchecked((count + Self.chunk - 1) / Self.chunk) { index in
      let first = index * Self.chunk
      body(first, min(Self.chunk, count - first))
    }
  }

  /// Transforms the pixels of tiles: point p of phase q of tile i goes to
  /// `points[p · pointStride + i · depthStride + q · channels]`.
  func transformPixels(
    _ x: Source, _ first: Int, _ count: Int, _ points: Destination, _ pointStride: Int,
    _ edge: Destination
  ) {
    let channels = shape.inputChannels
    for i in 0..<count {
      let (picture, row, column) = place(first + i)
      let (s, rowStride, pixelStride) = square(
        x + picture * shape.height * shape.width * channels, height: shape.height,
        width: shape.width, channels: channels, y0: 2 * row - 1, x0: 2 * column - 1, side: 10,
        edge: edge)
      // In this order: what a phase's last vector holds beyond its channels is the next one's place.
      for phase in 0..<4 {
        spreadPhase(
          s + (phase / 2 * rowStride + phase % 2 * pixelStride), 2 * rowStride, 2 * pixelStride,
          roundUp(channels, lanes), points + (i * depthStride + phase * channels), pointStride)
      }
    }
  }
}

@inline(never)
private func spreadPhase(
  _ s: Source, _ rowStride: Int, _ pixelStride: Int, _ channels: Int, _ target: Destination,
  _ pointStride: Int
) {
  spread(FourTwo.input, s, rowStride, pixelStride, channels, target, pointStride)
}

@inline(never)
private func spreadGradient(
  _ s: Source, _ rowStride: Int, _ pixelStride: Int, _ channels: Int, _ target: Destination,
  _ pointStride: Int
) {
  spread(FourTwo.outputGradient, s, rowStride, pixelStride, channels, target, pointStride)
}

@inline(never)
private func gatherOutput(_ s: Source, _ pointStride: Int, _ channels: Int, _ t: OutputTarget) {
  let slopes = splat(t.slope)
  for c in stride(from: 0, to: channels, by: lanes) {
    let offset = t.offset(c)
    transformTile(FourTwo.output) {
      load(s + (c &+ ($0 &* 5 &+ $1) &* pointStride))
    } store: {
      store(leaky($2 + offset, slopes), t.place(c, $0, $1))
    }
  }
}

/// Transforms 2×2 taps of `width` numbers each, whole vectors.
@inline(never)
private func spreadTaps(
  _ w: Source, _ rowStride: Int, _ columnStride: Int, _ width: Int, _ target: WeightTarget
) {
  for c in stride(from: 0, to: width, by: lanes) {
    let place = target.column(c)
    transformTile(FourTwo.weights) {
      load(w + (c &+ $0 &* rowStride &+ $1 &* columnStride))
    } store: {
      store($2, place + ($0 &* 5 &+ $1) &* target.pointStride)
    }
  }
}

@inline(never)
private func gatherTaps(
  _ u: Source, _ pointStride: Int, _ channels: Int, _ dw: Destination, _ rowStride: Int,
  _ columnStride: Int
) {
  for c in stride(from: 0, to: channels, by: lanes) {
    let few = min(lanes, channels - c)
    transformTile(FourTwo.weightGradient) {
      load(u + (c &+ ($0 &* 5 &+ $1) &* pointStride))
    } store: {
      storeSome($2, dw + (c &+ $0 &* rowStride &+ $1 &* columnStride), few)
    }
  }
}

/// Takes a tile of products to 4×4 pixels of `channels`, of which `rows` × `columns` exist.
@inline(__always)
private func finishTile(
  _ products: Source, _ pointStride: Int, _ channels: Int, rows: Int, columns: Int,
  _ y: Destination, _ rowStride: Int, _ pixelStride: Int, bias: Source?, slope: Float,
  _ edge: Destination
) {
  let padded = roundUp(channels, lanes)
  var target = OutputTarget(
    start: y, rowStride: rowStride, pixelStride: pixelStride, bias: bias, slope: slope,
    isPooled: false, sums: nil, sumStride: 0)
  if channels == padded && rows >= 4 && columns >= 4 {
    return gatherOutput(products, pointStride, padded, target)
  }
  target.start = edge
  (target.rowStride, target.pixelStride) = (4 * padded, padded)
  gatherOutput(products, pointStride, padded, target)
  for r in 0..<min(4, rows) {
    for c in 0..<min(4, columns) {
      memcpy(
        y + r * rowStride + c * pixelStride, edge + (r * 4 + c) * padded, channels * 4)
    }
  }
}

extension Kernels {
  public func packedHalvingTilesCount(inputChannels: Int, outputChannels: Int) -> Int {
    HalvingGrid.points * spaced(4 * inputChannels * roundUp(outputChannels, panel))
  }

  public func packHalvingTiles(
    _ weights: Source, inputChannels: Int, outputChannels: Int, into packed: Destination
  ) {
    let (depth, width) = (4 * inputChannels, roundUp(outputChannels, panel))
    let pointStride = spaced(depth * width)
    WorkerPool.shared.forEachUnchecked(inputChannels) { channel in
      BufferPool.withScratch(16 * width) { row in
        for tap in 0..<16 {
          let source = weights + (tap * inputChannels + channel) * outputChannels
          memcpy(row + tap * width, source, outputChannels * 4)
          memset(row + (tap * width + outputChannels), 0, (width - outputChannels) * 4)
        }
        for phase in 0..<4 {
          spreadTaps(
            Source(row) + (phase / 2 * 4 + phase % 2) * width, 8 * width, 2 * width, width,
            WeightTarget(
              start: packed + (phase * inputChannels + channel) * panel, depth: depth,
              pointStride: pointStride, isFlipped: false))
        }
      }
    }
  }

  public func convolveHalvingTiles(
    _ x: Source, packed: Source, _ shape: ConvolutionShape, bias: Source?, slope: Float,
    into y: Destination
  ) {
    let grid = HalvingGrid(shape)
    let (inputs, outputs) = (shape.inputChannels, shape.outputChannels)
    let (depth, stride, width) = (4 * inputs, grid.depthStride, roundUp(outputs, panel))
    let room = min(grid.count, HalvingGrid.piece)
    let (vStride, mStride) = (spaced(room * stride), spaced(room * width))
    let edge = max(100 * roundUp(inputs, lanes), 16 * width)
    withPadded(bias, outputs, width) { bias in
      BufferPool.withScratch(HalvingGrid.points * (vStride + mStride)) { v in
        let m = v + HalvingGrid.points * vStride
        for start in Swift.stride(from: 0, to: grid.count, by: room) {
          let count = min(room, grid.count - start)
          grid.eachChunk(count) { first, few in
            BufferPool.withScratch(edge) { edge in
              grid.transformPixels(x, start + first, few, v + first * stride, vStride, edge)
            }
          }
          WorkerPool.shared.forEachUnchecked(HalvingGrid.points) { p in
            multiplyPanels(
              v + p * vStride, rows: count, stride: stride, depth: depth,
              panels: packed + p * spaced(depth * width), columns: outputs, into: m + p * mStride,
              rowStride: width)
          }
          grid.eachChunk(count) { first, few in
            BufferPool.withScratch(edge) { edge in
              for tile in first..<first + few {
                let (picture, row, column) = grid.place(start + tile)
                finishTile(
                  m + tile * width, mStride, outputs, rows: grid.height - row,
                  columns: grid.width - column,
                  y + ((picture * grid.height + row) * grid.width + column) * outputs,
                  grid.width * outputs, outputs, bias: bias, slope: slope, edge)
              }
            }
          }
        }
      }
    }
  }

  public func weightGradientHalvingTiles(
    _ x: Source, _ dy: Source, _ shape: ConvolutionShape, into dw: Destination
  ) {
    let grid = HalvingGrid(shape)
    let (inputs, outputs) = (shape.inputChannels, shape.outputChannels)
    let (stride, width) = (grid.depthStride, roundUp(outputs, panel))
    let room = min(grid.count, HalvingGrid.piece)
    let (vStride, yStride) = (spaced(room * stride), spaced(room * width))
    // Sums of several pieces have to be kept for all phases; of one piece they are done phase by phase.
    let phases = room == grid.count ? 1 : 4
    let uStride = spaced(phases * inputs * width)
    let edge = max(100 * roundUp(inputs, lanes), 16 * width)
    let points = HalvingGrid.points
    BufferPool.withScratch(points * (vStride + yStride + uStride)) { v in
      let (g, u) = (v + points * vStride, v + points * (vStride + yStride))
      for start in Swift.stride(from: 0, to: grid.count, by: room) {
        let count = min(room, grid.count - start)
        grid.eachChunk(count) { first, few in
          BufferPool.withScratch(edge) { edge in
            grid.transformPixels(x, start + first, few, v + first * stride, vStride, edge)
            for tile in first..<first + few {
              let (picture, row, column) = grid.place(start + tile)
              let (s, rowStride, pixelStride) = square(
                dy + picture * grid.height * grid.width * outputs, height: grid.height,
                width: grid.width, channels: outputs, y0: row, x0: column, side: 4, edge: edge)
              spreadGradient(
                s, rowStride, pixelStride, roundUp(outputs, lanes), g + tile * width, yStride)
            }
          }
        }
        for first in Swift.stride(from: 0, to: 4, by: phases) {
          WorkerPool.shared.forEachUnchecked(points) { p in
            multiplyTransposedTiles(
              Source(v) + (p * vStride + first * inputs), stride, g + p * yStride, width,
              depth: count, rows: phases * inputs, columns: outputs, accumulates: start > 0,
              into: u + p * uStride, rowStride: width)
          }
          guard start + count == grid.count else { continue }
          WorkerPool.shared.forEachUnchecked(phases * inputs) { k in
            let (phase, channel) = (first * inputs + k).quotientAndRemainder(dividingBy: inputs)
            let tap = inputs * outputs
            gatherTaps(
              Source(u) + k * width, uStride, outputs,
              dw + (phase / 2 * 4 + phase % 2) * tap + channel * outputs, 8 * tap, 2 * tap)
          }
        }
      }
    }
  }

  public func inputGradientHalvingTiles(
    _ dy: Source, _ weights: Source, _ shape: ConvolutionShape, into dx: Destination
  ) {
    let grid = HalvingGrid(shape)
    let (inputs, outputs) = (shape.inputChannels, shape.outputChannels)
    let (stride, width) = (roundUp(outputs, lanes), roundUp(inputs, panel))
    let room = min(grid.count, HalvingGrid.piece)
    let (vStride, mStride) = (spaced(room * stride), spaced(room * width))
    let edge = max(25 * stride, 16 * width)
    let points = HalvingGrid.points
    let pointStride = spaced(outputs * width)
    BufferPool.withScratch(points * (vStride + mStride + pointStride)) { v in
      let (m, packed) = (v + points * vStride, v + points * (vStride + mStride))
      for parity in 0..<4 {
        let (odd, right) = (parity / 2, parity % 2)
        // One parity's weights at a time: kept, those of all four would take several times the memory of
        // the weights themselves.
        packBack(weights, shape, odd, right, pointStride, into: packed)
        for start in Swift.stride(from: 0, to: grid.count, by: room) {
          let count = min(room, grid.count - start)
          grid.eachChunk(count) { first, few in
            BufferPool.withScratch(edge) { edge in
              for tile in first..<first + few {
                let (picture, row, column) = grid.place(start + tile)
                // Even pixels meet the output before and their own, odd ones their own and the next.
                let (s, rowStride, pixelStride) = square(
                  dy + picture * grid.height * grid.width * outputs, height: grid.height,
                  width: grid.width, channels: outputs, y0: row - 1 + odd, x0: column - 1 + right,
                  side: 5, edge: edge)
                spreadPhase(s, rowStride, pixelStride, stride, v + tile * stride, vStride)
              }
            }
          }
          WorkerPool.shared.forEachUnchecked(points) { p in
            multiplyPanels(
              v + p * vStride, rows: count, stride: stride, depth: outputs,
              panels: Source(packed) + p * pointStride, columns: inputs, into: m + p * mStride,
              rowStride: width)
          }
          grid.eachChunk(count) { first, few in
            BufferPool.withScratch(edge) { edge in
              for tile in first..<first + few {
                let (picture, row, column) = grid.place(start + tile)
                let line = (picture * shape.height + 2 * row + odd) * shape.width
                finishTile(
                  m + tile * width, mStride, inputs, rows: grid.height - row,
                  columns: grid.width - column, dx + (line + 2 * column + right) * inputs,
                  2 * shape.width * inputs, 2 * inputs, bias: nil, slope: 1, edge)
              }
            }
          }
        }
      }
    }
  }
}

/// Transforms and packs the taps that carry gradients back to the pixels of one parity.
private func packBack(
  _ weights: Source, _ shape: ConvolutionShape, _ odd: Int, _ right: Int, _ pointStride: Int,
  into packed: Destination
) {
  let (inputs, outputs) = (shape.inputChannels, shape.outputChannels)
  let width = roundUp(inputs, panel)
  WorkerPool.shared.forEachUnchecked(outputs) { output in
    BufferPool.withScratch(4 * width) { row in
      for place in 0..<4 {
        // Of a pixel's two taps along an axis the first belongs to the earlier output: 3 and 1 where it is
        // even, 2 and 0 where it is odd.
        let tap = (3 - odd - place / 2 * 2) * 4 + (3 - right - place % 2 * 2)
        let source = weights + tap * inputs * outputs + output
        let target = row + place * width
        for c in 0..<inputs { target[c] = source[c &* outputs] }
        memset(target + inputs, 0, (width - inputs) * 4)
      }
      spreadTaps(
        Source(row), 2 * width, width, width,
        WeightTarget(
          start: packed + output * panel, depth: outputs, pointStride: pointStride,
          isFlipped: false))
    }
  }
}
