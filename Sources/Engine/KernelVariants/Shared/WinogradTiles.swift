internal import KernelSupport
private import Glibc

/// Where the tiles of a Winograd convolution lie in a batch of pictures.
struct TileGrid {
  let scheme: WinogradScheme
  /// The sizes of the input.
  let shape: ConvolutionShape
  /// Rows and columns of the output.
  let height, width: Int
  /// Rows and columns of tiles in a picture.
  let rows, columns: Int

  init(_ shape: ConvolutionShape, _ scheme: WinogradScheme) {
    (self.shape, self.scheme) = (shape, scheme)
    (height, width) = (scheme.outputs(along: shape.height), scheme.outputs(along: shape.width))
    let side = scheme.outputSide
    (rows, columns) = ((height + side - 1) / side, (width + side - 1) / side)
  }

  var count: Int { shape.batch * rows * columns }

  /// The picture of tile `t` and the tile's row and column in it.
  @inline(__always) func place(_ t: Int) -> (picture: Int, row: Int, column: Int) {
    let (picture, rest) = t.quotientAndRemainder(dividingBy: rows * columns)
    return (picture, rest / columns, rest % columns)
  }

  /// The picture of tile `t` and the place of its first output pixel.
  @inline(__always) func output(_ t: Int) -> (picture: Int, y: Int, x: Int) {
    let (picture, row, column) = place(t)
    return (picture, row * scheme.outputSide, column * scheme.outputSide)
  }
}

/// A square of pixels to read: in place where it lies inside the picture, otherwise copied into `edge`
/// with zeros around.
///
/// Channels are read in whole vectors; what the last one holds beyond a pixel's channels is of no
/// meaning, and its lanes are left out of all products. So a square at a picture's end is copied, too.
@inline(__always)
func square(
  _ x: Source, height: Int, width: Int, channels: Int, y0: Int, x0: Int, side: Int,
  edge: Destination
) -> (start: Source, rowStride: Int, pixelStride: Int) {
  let (top, left) = (max(0, -y0), max(0, -x0))
  let (bottom, right) = (max(top, min(side, height - y0)), max(left, min(side, width - x0)))
  if top == 0 && left == 0 && bottom == side && right == side {
    let following = ((height - y0 - side) * width + (width - x0 - side)) * channels
    if following >= roundUp(channels, lanes) - channels {
      return (x + (y0 * width + x0) * channels, width * channels, channels)
    }
  }
  let line = side * channels
  memset(edge, 0, top * line * 4)
  memset(edge + bottom * line, 0, (side - bottom) * line * 4)
  for i in top..<bottom {
    let target = edge + i * line
    if left > 0 { memset(target, 0, left * channels * 4) }
    memcpy(
      target + left * channels, x + ((y0 + i) * width + x0 + left) * channels,
      (right - left) * channels * 4)
    if right < side { memset(target + right * channels, 0, (side - right) * channels * 4) }
  }
  return (Source(edge), line, channels)
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
  let (side, step) = grid.scheme.input
  let padded = roundUp(channels, lanes)
  for i in 0..<count {
    let (picture, row, column) = grid.place(first + i)
    let (s, rowStride, pixelStride) = square(
      x + picture * shape.height * shape.width * channels, height: shape.height,
      width: shape.width, channels: channels, y0: row * step - 1, x0: column * step - 1,
      side: side, edge: edge)
    inputTile(grid.scheme, s, rowStride, pixelStride, padded, points + i * padded, pointStride)
  }
}

/// Transforms the output gradients of tiles `first ..< first + count`, as `transformInputs` does.
@inline(__always)
func transformOutputGradients(
  _ dy: Source, _ grid: TileGrid, _ first: Int, _ count: Int, _ points: Destination,
  _ pointStride: Int, _ stride: Int, _ edge: Destination
) {
  let channels = grid.shape.outputChannels
  for i in 0..<count {
    let (picture, y, x) = grid.output(first + i)
    let (s, rowStride, pixelStride) = square(
      dy + picture * grid.height * grid.width * channels, height: grid.height, width: grid.width,
      channels: channels, y0: y, x0: x, side: grid.scheme.outputSide, edge: edge)
    outputGradientTile(
      grid.scheme, s, rowStride, pixelStride, roundUp(channels, lanes), points + i * stride,
      pointStride)
  }
}
