/// A smooth curve through points, flat beyond its ends (Catmull–Rom in y over x).
struct Curve {
  private let x, y: [Float]

  init(_ points: [(Float, Float)]) { (x, y) = (points.map(\.0), points.map(\.1)) }

  func callAsFunction(_ at: Float) -> Float {
    let last = x.count - 1
    if at <= x[0] { return y[0] }
    if at >= x[last] { return y[last] }
    var i = 0
    while at > x[i + 1] { i += 1 }
    let step = x[i + 1] - x[i]
    let t = (at - x[i]) / step
    let before = i > 0 ? (y[i + 1] - y[i - 1]) / (x[i + 1] - x[i - 1]) * step : y[1] - y[0]
    let after =
      i + 2 <= last ? (y[i + 2] - y[i]) / (x[i + 2] - x[i]) * step : y[last] - y[last - 1]
    let (t2, t3) = (t * t, t * t * t)
    return y[i] * (2 * t3 - 3 * t2 + 1) + before * (t3 - 2 * t2 + t) + y[i + 1] * (3 * t2 - 2 * t3)
      + after * (t3 - t2)
  }
}

/// 0 below `low`, 1 above `high`, smooth between; `low` may be the larger one.
@inline(__always) func smooth(_ low: Float, _ high: Float, _ x: Float) -> Float {
  let t = min(1, max(0, (x - low) / (high - low)))
  return t * t * (3 - 2 * t)
}

/// Nearly exp(−q/2) for the squared distance q in deviations, and exactly 0 beyond 2.8 of them.
@inline(__always) func bell(_ q: Float) -> Float {
  let t = max(0, 1 - q * 0.125)
  return t * t * t * t
}

/// `bell` around a place.
@inline(__always) func bell(_ dx: Float, _ sx: Float, _ dy: Float, _ sy: Float) -> Float {
  bell((dx / sx) * (dx / sx) + (dy / sy) * (dy / sy))
}

@inline(__always) func mix<V: SIMD<Float>>(_ a: V, _ b: V, _ t: Float) -> V {
  a + (b - a) * t
}

/// Random numbers of the plane.
struct PlaneNoise {
  let seed: UInt32

  /// A number 0…1 for a cell.
  @inline(__always) func cell(_ x: Int32, _ y: Int32) -> Float {
    var h = UInt32(bitPattern: x) &* 0x9E37_79B1 ^ UInt32(bitPattern: y) &* 0x85EB_CA77 ^ seed
    h = (h ^ (h >> 15)) &* 0x2C1B_3C6D
    h = (h ^ (h >> 12)) &* 0x297A_2D39
    return Float((h ^ (h >> 15)) >> 8) * 0x1p-24
  }

  /// Smooth noise 0…1 with a period of about one unit.
  @inline(__always) func callAsFunction(_ x: Float, _ y: Float) -> Float {
    let (fx, fy) = (x.rounded(.down), y.rounded(.down))
    let (ix, iy) = (Int32(fx), Int32(fy))
    let (tx, ty) = (smooth(0, 1, x - fx), smooth(0, 1, y - fy))
    let upper = cell(ix, iy) * (1 - tx) + cell(ix &+ 1, iy) * tx
    let lower = cell(ix, iy &+ 1) * (1 - tx) + cell(ix &+ 1, iy &+ 1) * tx
    return upper * (1 - ty) + lower * ty
  }
}
