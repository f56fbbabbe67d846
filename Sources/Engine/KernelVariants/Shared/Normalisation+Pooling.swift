public import KernelSupport
private import Glibc

/// Where the pixels of 2×2 blocks lie in a batch of pictures.
private struct Blocks {
  let height, width, channels: Int
  var rows: Int { height / 2 }
  var columns: Int { width / 2 }
  /// From a pixel to the one below it.
  var below: Int { width * channels }

  /// The place of the first pixel of block 0 in row `index` of the batch's rows of blocks.
  @inline(__always) func start(_ index: Int) -> Int {
    let (picture, row) = index.quotientAndRemainder(dividingBy: rows)
    return (picture * height + 2 * row) * width * channels
  }
}

/// The activations of a block, and which of its pixels is the first largest.
///
/// Transparent: as an always-inlined function it was still called, with its vectors in memory.
@_transparent
private func winner(
  _ x0: Vector, _ x1: Vector, _ x2: Vector, _ x3: Vector, _ scale: Vector, _ shift: Vector,
  _ slope: Vector
) -> (
  largest: Vector, top: SIMDMask<Vector.MaskStorage>, bottom: SIMDMask<Vector.MaskStorage>,
  upper: SIMDMask<Vector.MaskStorage>
) {
  let (y0, y1) = (leaky(x0 * scale + shift, slope), leaky(x1 * scale + shift, slope))
  let (y2, y3) = (leaky(x2 * scale + shift, slope), leaky(x3 * scale + shift, slope))
  let (top, bottom) = (y0 .>= y1, y2 .>= y3)
  let (a, b) = (y1.replacing(with: y0, where: top), y3.replacing(with: y2, where: bottom))
  let upper = a .>= b
  return (b.replacing(with: a, where: upper), top, bottom, upper)
}

/// What a block's gradient `d` gives to each of its pixels: all to the first largest.
///
/// Transparent: as ``winner``.
@_transparent
private func routed(
  _ x0: Vector, _ x1: Vector, _ x2: Vector, _ x3: Vector, _ scale: Vector, _ shift: Vector,
  _ slope: Vector, _ d: Vector, times a: Vector
) -> (Vector, Vector, Vector, Vector) {
  let zero = Vector(repeating: 0)
  let found = winner(x0, x1, x2, x3, scale, shift, slope)
  // The largest activation tells on which side of zero it was computed.
  let g = a * d.replacing(with: d * slope, where: found.largest .<= zero)
  let top = zero.replacing(with: g, where: found.upper)
  let bottom = g.replacing(with: zero, where: found.upper)
  return (
    zero.replacing(with: top, where: found.top), top.replacing(with: zero, where: found.top),
    zero.replacing(with: bottom, where: found.bottom),
    bottom.replacing(with: zero, where: found.bottom)
  )
}

extension Kernels {
  public func scaleShiftPool(
    _ x: Source, batch: Int, height: Int, width: Int, channels: Int, scale: Source, shift: Source,
    slope: Float, into y: Destination
  ) {
    let blocks = Blocks(height: height, width: width, channels: channels)
    let slopes = splat(slope)
    WorkerPool.shared.forEachUnchecked(batch * blocks.rows) { index in
      let source = x + blocks.start(index)
      let target = y + index * blocks.columns * channels
      for column in 0..<blocks.columns {
        let p = source + 2 * column * channels
        eachVector(channels) { c, few in
          let found = winner(
            loadSome(p + c, few), loadSome(p + channels + c, few),
            loadSome(p + blocks.below + c, few), loadSome(p + blocks.below + channels + c, few),
            loadSome(scale + c, few), loadSome(shift + c, few), slopes)
          storeSome(found.largest, target + column * channels + c, few)
        }
      }
    }
  }

  public func scaleShiftPoolSums(
    _ x: Source, _ dy: Source, batch: Int, height: Int, width: Int, channels: Int, scale: Source,
    shift: Source, slope: Float, into sums: UnsafeMutablePointer<Double>
  ) {
    let blocks = Blocks(height: height, width: width, channels: channels)
    let (slopes, zero) = (splat(slope), splat(0))
    grouped(batch * blocks.rows, channels, perGroup: 4, into: sums) { rows, sums in
      eachVector(channels) { c, few in
        let (a, b) = (loadSome(scale + c, few), loadSome(shift + c, few))
        for row in rows {
          let source = x + (blocks.start(row) + c)
          let gradient = dy + (row * blocks.columns * channels + c)
          var (s, q) = (zero, zero)
          for column in 0..<blocks.columns {
            let p = source + 2 * column &* channels
            let (x0, x1) = (loadSome(p, few), loadSome(p + channels, few))
            let below = p + blocks.below
            let (x2, x3) = (loadSome(below, few), loadSome(below + channels, few))
            let found = winner(x0, x1, x2, x3, a, b, slopes)
            let top = x1.replacing(with: x0, where: found.top)
            let bottom = x3.replacing(with: x2, where: found.bottom)
            let v = bottom.replacing(with: top, where: found.upper)
            let d = loadSome(gradient + column &* channels, few)
            let g = d.replacing(with: d * slopes, where: v * a + b .<= zero)
            s += g
            multiplyAdd(&q, g, v)
          }
          accumulate(s, into: sums + c, few)
          accumulate(q, into: sums + channels + c, few)
        }
      }
    }
  }

  public func scaleShiftPoolGradient(
    _ x: Source, _ dy: Source, batch: Int, height: Int, width: Int, channels: Int, scale: Source,
    shift: Source, slope: Float, a: Source, b: Source, c: Source, into dx: Destination
  ) {
    let blocks = Blocks(height: height, width: width, channels: channels)
    let (slopes, zero) = (splat(slope), splat(0))
    // Without statistics, as after a network's training, nothing is to be corrected.
    let isCorrected = (0..<channels).contains { b[$0] != 0 || c[$0] != 0 }
    /// Pixels that no block covers: only the statistics carry gradients to them.
    @inline(__always) func uncovered(_ first: Int, _ count: Int) {
      for pixel in 0..<count {
        let place = first + pixel * channels
        eachVector(channels) { i, few in
          let correction =
            loadSome(b + i, few) * loadSome(x + place + i, few) + loadSome(c + i, few)
          storeSome(zero - correction, dx + place + i, few)
        }
      }
    }
    WorkerPool.shared.forEachUnchecked(batch * blocks.rows) { index in
      let start = blocks.start(index)
      let gradient = dy + index * blocks.columns * channels
      for column in 0..<blocks.columns {
        let place = start + 2 * column * channels
        let (p, r) = (x + place, dx + place)
        eachVector(channels) { i, few in
          let target = r + i
          if few == lanes && !isCorrected {
            let source = p + i
            let g = routed(
              load(source), load(source + channels), load(source + blocks.below),
              load(source + blocks.below + channels), load(scale + i), load(shift + i), slopes,
              load(gradient + column * channels + i), times: load(a + i))
            store(g.0, target)
            store(g.1, target + channels)
            store(g.2, target + blocks.below)
            store(g.3, target + blocks.below + channels)
            return
          }
          let (x0, x1) = (loadSome(p + i, few), loadSome(p + channels + i, few))
          let x2 = loadSome(p + blocks.below + i, few)
          let x3 = loadSome(p + blocks.below + channels + i, few)
          let g = routed(
            x0, x1, x2, x3, loadSome(scale + i, few), loadSome(shift + i, few), slopes,
            loadSome(gradient + column * channels + i, few), times: loadSome(a + i, few))
          let (bb, cc) = (loadSome(b + i, few), loadSome(c + i, few))
          storeSome(g.0 - (bb * x0 + cc), target, few)
          storeSome(g.1 - (bb * x1 + cc), target + channels, few)
          storeSome(g.2 - (bb * x2 + cc), target + blocks.below, few)
          storeSome(g.3 - (bb * x3 + cc), target + blocks.below + channels, few)
        }
      }
      if width % 2 == 1 {
        uncovered(start + (width - 1) * channels, 1)
        uncovered(start + blocks.below + (width - 1) * channels, 1)
      }
      if height % 2 == 1 && index % blocks.rows == blocks.rows - 1 {
        uncovered(start + 2 * blocks.below, width)
      }
    }
  }
}
