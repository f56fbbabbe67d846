internal import KernelSupport
private import Glibc

/// The plan of a Winograd convolution: its tiles, in blocks, and what becomes of their products.
struct WinogradOutputs {
  let grid: TileGrid
  let epilogue: ConvolutionEpilogue
  let y: Destination
  /// Output channels, rounded up to whole panels.
  let width: Int
  /// Tiles in a block, and blocks.
  let block, blocks: Int
  /// Whether products are made point by point for many tiles at once, or tile by tile.
  let isByPoint: Bool
  /// Blocks whose points are kept in memory at a time, if products are made point by point.
  let blocksPerPiece: Int

  /// Numbers that the largest tile takes on its way around the borders of a picture.
  var edge: Int {
    grid.scheme.edge * max(roundUp(grid.shape.inputChannels, lanes), width)
  }

  init(_ grid: TileGrid, _ epilogue: ConvolutionEpilogue, _ y: Destination) {
    (self.grid, self.epilogue, self.y) = (grid, epilogue, y)
    width = roundUp(grid.shape.outputChannels, panel)
    let points = grid.scheme.points
    let padded = roundUp(grid.shape.inputChannels, lanes)
    let isSmall = grid.count <= 16 * tileRows
    block = isSmall ? max(1, min(16, grid.count / 4)) : 24
    blocks = (grid.count + block - 1) / block
    // Weights that exceed the cache are read again for each block of tiles; point by point they are
    // read once a piece, but points and products go through memory. Few tiles leave threads idle in
    // the fused form.
    let weights = points * padded * width
    blocksPerPiece = isSmall ? blocks : 16
    let fused = weights <= 1 << 18 ? 0 : blocks * weights
    let pieces = (blocks + blocksPerPiece - 1) / blocksPerPiece
    isByPoint =
      isSmall || fused > pieces * weights + 2 * points * grid.count * (padded + width)
  }

  /// What turns the products of a block of tiles into pixels.
  typealias Finish = (
    _ block: Int, _ count: Int, _ products: Source, _ pointStride: Int, _ edge: Destination
  ) -> Void

  /// Passes `body` what finishes a block, and adds up the sums of the blocks afterwards.
  func collect(_ body: (Finish) -> Void) {
    let channels = grid.shape.outputChannels
    withPadded(epilogue.bias, channels, width) { bias in
      withPartialSums(epilogue.sums, channels, width, blocks) { sums in
        body { index, count, products, pointStride, edge in
          transformOutputs(
            products, grid, index * block, count, pointStride, width, epilogue, bias: bias,
            sums: sums.map { $0 + index * 2 * width }, y, edge)
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
