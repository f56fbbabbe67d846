internal import KernelSupport
private import Glibc

/// Transforms products back to pixels and takes them through the epilogue.
///
/// Point p of tile i of `products` is at `p · pointStride + i · stride`; `bias` holds `stride` numbers,
/// `sums` `2 · stride`, to which the tiles' are added.
@inline(__always)
func transformOutputs(
  _ products: Source, _ grid: TileGrid, _ first: Int, _ count: Int, _ pointStride: Int,
  _ stride: Int, _ epilogue: ConvolutionEpilogue, bias: Source?, sums: Destination?,
  _ y: Destination, _ edge: Destination
) {
  let (channels, side) = (grid.shape.outputChannels, grid.scheme.outputSide)
  let padded = roundUp(channels, lanes)
  let shrink = epilogue.isPooled ? 1 : 0
  let (height, width) = (grid.height >> shrink, grid.width >> shrink)
  var target = OutputTarget(
    start: edge, rowStride: 0, pixelStride: 0, bias: bias, slope: epilogue.slope,
    isPooled: epilogue.isPooled, sums: nil, sumStride: stride)
  for i in 0..<count {
    let (picture, row, column) = grid.output(first + i)
    let base = y + picture * height * width * channels
    let (top, left) = (row >> shrink, column >> shrink)
    let products = products + i * stride
    if channels % lanes == 0 && row + side <= grid.height && column + side <= grid.width {
      target.start = base + (top * width + left) * channels
      (target.rowStride, target.pixelStride) = (width * channels, channels)
      target.sums = sums
      outputTile(grid.scheme, products, pointStride, padded, target)
      continue
    }
    // Part of the tile lies outside, or its channels fill no whole vectors: by way of `edge`.
    target.start = edge
    (target.rowStride, target.pixelStride) = ((side >> shrink) * padded, padded)
    target.sums = nil
    outputTile(grid.scheme, products, pointStride, padded, target)
    for r in 0..<min(side >> shrink, height - top) {
      for c in 0..<min(side >> shrink, width - left) {
        let pixel = edge + (r * (side >> shrink) + c) * padded
        memcpy(base + ((top + r) * width + left + c) * channels, pixel, channels * 4)
        if let sums { add(pixel, padded, to: sums, stride) }
      }
    }
  }
}

/// Adds one pixel to the sums and its squares to theirs.
@inline(__always)
private func add(_ pixel: Source, _ channels: Int, to sums: Destination, _ stride: Int) {
  for c in Swift.stride(from: 0, to: channels, by: lanes) {
    let v = load(pixel + c)
    store(load(sums + c) + v, sums + c)
    var squares = load(sums + (c &+ stride))
    multiplyAdd(&squares, v, v)
    store(squares, sums + (c &+ stride))
  }
}
