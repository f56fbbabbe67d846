public import KernelSupport
private import Glibc

/// Calls `body` for each vector of channels with its offset and the count of channels in it.
@inline(__always)
func eachVector(_ channels: Int, _ body: (_ offset: Int, _ count: Int) -> Void) {
  var c = 0
  while c &+ lanes <= channels {
    body(c, lanes)
    c &+= lanes
  }
  if c < channels { body(c, channels &- c) }
}

@inline(__always) func loadSome(_ p: Source, _ count: Int) -> Vector {
  count == lanes ? load(p) : load(p, first: count)
}

@inline(__always) func storeSome(_ v: Vector, _ p: Destination, _ count: Int) {
  if count == lanes { store(v, p) } else { store(v, p, first: count) }
}

/// Spreads rows over the threads, some hundred at a time.
@inline(__always)
func eachRowBlock(_ rows: Int, _ body: (Range<Int>) -> Void) {
  let block = max(16, min(512, rows / 16))
  WorkerPool.shared.forEachUnchecked((rows + block - 1) / block) { index in
    body(index * block..<min(rows, (index + 1) * block))
  }
}

/// Spreads a flat range over the threads, in pieces that stay in the cache.
@inline(__always)
func eachPiece(_ count: Int, _ body: (_ first: Int, _ count: Int) -> Void) {
  let piece = 16384
  WorkerPool.shared.forEachUnchecked((count + piece - 1) / piece) { index in
    body(index * piece, min(piece, count - index * piece))
  }
}

extension Kernels {
  public func maxPool(
    _ x: Source, batch: Int, height: Int, width: Int, channels: Int, into y: Destination
  ) {
    let (rows, columns) = (height / 2, width / 2)
    WorkerPool.shared.forEachUnchecked(batch * rows) { index in
      let (picture, row) = index.quotientAndRemainder(dividingBy: rows)
      let source = x + (picture * height + 2 * row) * width * channels
      let target = y + index * columns * channels
      for column in 0..<columns {
        let p = source + 2 * column * channels
        let below = p + width * channels
        eachVector(channels) { c, few in
          let top = larger(loadSome(p + c, few), loadSome(p + channels + c, few))
          let bottom = larger(loadSome(below + c, few), loadSome(below + channels + c, few))
          storeSome(larger(top, bottom), target + column * channels + c, few)
        }
      }
    }
  }

  public func maxPoolGradient(
    _ x: Source, _ dy: Source, batch: Int, height: Int, width: Int, channels: Int,
    into dx: Destination
  ) {
    let (rows, columns) = (height / 2, width / 2)
    let zero = splat(0)
    if height % 2 == 1 || width % 2 == 1 { memset(dx, 0, batch * height * width * channels * 4) }
    WorkerPool.shared.forEachUnchecked(batch * rows) { index in
      let (picture, row) = index.quotientAndRemainder(dividingBy: rows)
      let start = (picture * height + 2 * row) * width * channels
      let gradient = dy + index * columns * channels
      for column in 0..<columns {
        let first = start + 2 * column * channels
        let places = (first, first + channels, first + width * channels)
        let last = places.2 + channels
        eachVector(channels) { c, few in
          let g = loadSome(gradient + column * channels + c, few)
          let (x0, x1) = (loadSome(x + places.0 + c, few), loadSome(x + places.1 + c, few))
          let (x2, x3) = (loadSome(x + places.2 + c, few), loadSome(x + last + c, few))
          // From the last to the first: each larger or equal earlier pixel takes the gradient over.
          let m01 = x0 .>= x1
          let m23 = x2 .>= x3
          let top = x1.replacing(with: x0, where: m01)
          let bottom = x3.replacing(with: x2, where: m23)
          let upper = top .>= bottom
          let gTop = zero.replacing(with: g, where: upper)
          let gBottom = g.replacing(with: zero, where: upper)
          storeSome(zero.replacing(with: gTop, where: m01), dx + places.0 + c, few)
          storeSome(gTop.replacing(with: zero, where: m01), dx + places.1 + c, few)
          storeSome(zero.replacing(with: gBottom, where: m23), dx + places.2 + c, few)
          storeSome(gBottom.replacing(with: zero, where: m23), dx + last + c, few)
        }
      }
    }
  }

  public func leakyGradient(
    _ y: Source, _ dy: Source, _ count: Int, slope: Float, into dx: Destination
  ) {
    let (slopes, zero) = (splat(slope), splat(0))
    eachPiece(count) { first, count in
      eachVector(count) { i, few in
        let d = loadSome(dy + first + i, few)
        let y = loadSome(y + first + i, few)
        storeSome(d.replacing(with: d * slopes, where: y .<= zero), dx + first + i, few)
      }
    }
  }

  public func adam(
    _ w: Destination, _ m: Destination, _ v: Destination, _ gradient: Source, _ count: Int,
    rate: Float, beta1: Float, beta2: Float, epsilon: Float, decay: Float
  ) {
    let (b1, c1) = (splat(beta1), splat(1 - beta1))
    let (b2, c2) = (splat(beta2), splat(1 - beta2))
    let (rates, epsilons, keep) = (splat(rate), splat(epsilon), splat(1 - decay))
    eachPiece(count) { first, count in
      eachVector(count) { i, few in
        let at = first + i
        let g = loadSome(gradient + at, few)
        let first = loadSome(m + at, few) * b1 + g * c1
        let second = loadSome(v + at, few) * b2 + g * g * c2
        storeSome(first, m + at, few)
        storeSome(second, v + at, few)
        let step = rates * first / (second.squareRoot() + epsilons)
        storeSome(loadSome(w + at, few) * keep - step, w + at, few)
      }
    }
  }

  public func momentumDescent(
    _ w: Destination, _ v: Destination, _ gradient: Source, _ count: Int, rate: Float,
    momentum: Float, decay: Float
  ) {
    let (rates, momenta, decays) = (splat(rate), splat(momentum), splat(decay))
    eachPiece(count) { first, count in
      eachVector(count) { i, few in
        let at = first + i
        let weight = loadSome(w + at, few)
        let velocity =
          loadSome(v + at, few) * momenta + loadSome(gradient + at, few) + decays * weight
        storeSome(velocity, v + at, few)
        storeSome(weight - rates * velocity, w + at, few)
      }
    }
  }
}
