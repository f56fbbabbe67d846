internal import KernelSupport
private import Glibc

/// Where the tiles of a Winograd convolution lie in a batch of pictures.
///
/// Tile t of the batch covers outputs `row·m … row·m + m − 1` of picture `t / (rows · columns)`.
struct TileGrid {
  let shape: ConvolutionShape
  let side: Int
  let rows, columns: Int

  init(_ shape: ConvolutionShape, _ tile: WinogradTile) {
    (self.shape, side) = (shape, tile.rawValue)
    rows = (shape.height + side - 1) / side
    columns = (shape.width + side - 1) / side
  }

  var count: Int { shape.batch * rows * columns }

  @inline(__always) func place(_ t: Int) -> (picture: Int, y: Int, x: Int) {
    let (picture, rest) = t.quotientAndRemainder(dividingBy: rows * columns)
    return (picture, rest / columns * side, rest % columns * side)
  }
}

/// A square of pixels to read: in place where it lies inside the picture and its channels fill
/// whole vectors, otherwise copied into `edge` with zeros around and after.
@inline(__always)
func square(
  _ x: Source, height: Int, width: Int, channels: Int, y0: Int, x0: Int, side: Int,
  edge: Destination
) -> (start: Source, rowStride: Int, pixelStride: Int) {
  if channels % lanes == 0 && y0 >= 0 && x0 >= 0 && y0 + side <= height && x0 + side <= width {
    return (x + (y0 * width + x0) * channels, width * channels, channels)
  }
  let padded = roundUp(channels, lanes)
  memset(edge, 0, side * side * padded * 4)
  for i in max(0, -y0)..<max(max(0, -y0), min(side, height - y0)) {
    for j in max(0, -x0)..<max(max(0, -x0), min(side, width - x0)) {
      memcpy(
        edge + (i * side + j) * padded, x + ((y0 + i) * width + x0 + j) * channels, channels * 4)
    }
  }
  return (Source(edge), side * padded, padded)
}

/// Transforms the input squares of tiles `first ..< first + count` of the grid.
///
/// Point p of tile i goes to `points[p · pointStride + i · channels rounded up]`.
@inline(__always)
func transformInputs(
  _ x: Source, _ grid: TileGrid, _ first: Int, _ count: Int, _ points: Destination,
  _ pointStride: Int, _ edge: Destination
) {
  let (shape, channels) = (grid.shape, grid.shape.inputChannels)
  let padded = roundUp(channels, lanes)
  for i in 0..<count {
    let (picture, y, xx) = grid.place(first + i)
    let (s, rowStride, pixelStride) = square(
      x + picture * shape.height * shape.width * channels, height: shape.height,
      width: shape.width, channels: channels, y0: y - 1, x0: xx - 1, side: grid.side + 2,
      edge: edge)
    let target = points + i * padded
    if grid.side == 4 {
      inputTile4(s, rowStride, pixelStride, padded, target, pointStride)
    } else {
      inputTile2(s, rowStride, pixelStride, padded, target, pointStride)
    }
  }
}

/// Transforms the output gradients of tiles `first ..< first + count`, as `transformInputs` does.
@inline(__always)
func transformOutputGradients(
  _ dy: Source, _ grid: TileGrid, _ first: Int, _ count: Int, _ points: Destination,
  _ pointStride: Int, _ stride: Int, _ edge: Destination
) {
  let (shape, channels) = (grid.shape, grid.shape.outputChannels)
  for i in 0..<count {
    let (picture, y, xx) = grid.place(first + i)
    let (s, rowStride, pixelStride) = square(
      dy + picture * shape.height * shape.width * channels, height: shape.height,
      width: shape.width, channels: channels, y0: y, x0: xx, side: grid.side, edge: edge)
    let target = points + i * stride
    let padded = roundUp(channels, lanes)
    if grid.side == 4 {
      outputGradientTile4(s, rowStride, pixelStride, padded, target, pointStride)
    } else {
      outputGradientTile2(s, rowStride, pixelStride, padded, target, pointStride)
    }
  }
}

/// Transforms products back to pixels, adds the bias and applies the activation.
@inline(__always)
func transformOutputs(
  _ products: Source, _ grid: TileGrid, _ first: Int, _ count: Int, _ pointStride: Int,
  _ stride: Int, _ bias: Source?, _ slope: Float, _ y: Destination, _ edge: Destination
) {
  let (shape, channels, side) = (grid.shape, grid.shape.outputChannels, grid.side)
  let padded = roundUp(channels, lanes)
  for i in 0..<count {
    let (picture, row, column) = grid.place(first + i)
    let base = y + picture * shape.height * shape.width * channels
    let inside =
      channels % lanes == 0 && row + side <= shape.height && column + side <= shape.width
    let target = inside ? base + (row * shape.width + column) * channels : edge
    let (rowStride, pixelStride) =
      inside ? (shape.width * channels, channels) : (side * padded, padded)
    let s = products + i * stride
    if side == 4 {
      outputTile4(s, pointStride, padded, target, rowStride, pixelStride, bias, slope)
    } else {
      outputTile2(s, pointStride, padded, target, rowStride, pixelStride, bias, slope)
    }
    if inside { continue }
    for r in 0..<min(side, shape.height - row) {
      for c in 0..<min(side, shape.width - column) {
        memcpy(
          base + ((row + r) * shape.width + column + c) * channels,
          edge + (r * side + c) * padded, channels * 4)
      }
    }
  }
}
