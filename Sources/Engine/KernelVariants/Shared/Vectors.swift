internal import KernelSupport

/// Loads one vector; `p` need not be aligned.
@inline(__always) func load(_ p: Source) -> Vector {
  UnsafeRawPointer(p).loadUnaligned(as: Vector.self)
}

/// Stores one vector; `p` need not be aligned.
@inline(__always) func store(_ v: Vector, _ p: Destination) {
  UnsafeMutableRawPointer(p).storeBytes(of: v, as: Vector.self)
}

/// A vector with `x` in every lane.
@inline(__always) func splat(_ x: Float) -> Vector { Vector(repeating: x) }

@inline(__always) func larger(_ a: Vector, _ b: Vector) -> Vector {
  choose(b, whereLess: a, b, otherwise: a)
}

/// slope · v where v < 0.
@inline(__always) func leaky(_ v: Vector, _ slope: Vector) -> Vector {
  choose(v * slope, whereLess: v, splat(0), otherwise: v)
}

/// Loads the first `count` lanes, zero in the others.
@inline(__always) func load(_ p: Source, first count: Int) -> Vector {
  var v = Vector(repeating: 0)
  fill(&v, p, count)
  return v
}

/// Stores the first `count` lanes.
@inline(__always) func store(_ v: Vector, _ p: Destination, first count: Int) {
  spill(v, p, count)
}

// By halves: lane by lane a vector would go through memory.

@inline(__always) private func fill(_ v: inout SIMD16<Float>, _ p: Source, _ count: Int) {
  if count >= 8 {
    v.lowHalf = UnsafeRawPointer(p).loadUnaligned(as: SIMD8<Float>.self)
    if count > 8 { fill(&v.highHalf, p + 8, count &- 8) }
  } else {
    fill(&v.lowHalf, p, count)
  }
}

@inline(__always) private func fill(_ v: inout SIMD8<Float>, _ p: Source, _ count: Int) {
  if count >= 4 {
    v.lowHalf = UnsafeRawPointer(p).loadUnaligned(as: SIMD4<Float>.self)
    if count > 4 { fill(&v.highHalf, p + 4, count &- 4) }
  } else {
    fill(&v.lowHalf, p, count)
  }
}

@inline(__always) private func fill(_ v: inout SIMD4<Float>, _ p: Source, _ count: Int) {
  if count > 0 { v[0] = p[0] }
  if count > 1 { v[1] = p[1] }
  if count > 2 { v[2] = p[2] }
  if count > 3 { v[3] = p[3] }
}

@inline(__always) private func spill(_ v: SIMD16<Float>, _ p: Destination, _ count: Int) {
  if count >= 8 {
    UnsafeMutableRawPointer(p).storeBytes(of: v.lowHalf, as: SIMD8<Float>.self)
    if count > 8 { spill(v.highHalf, p + 8, count &- 8) }
  } else {
    spill(v.lowHalf, p, count)
  }
}

@inline(__always) private func spill(_ v: SIMD8<Float>, _ p: Destination, _ count: Int) {
  if count >= 4 {
    UnsafeMutableRawPointer(p).storeBytes(of: v.lowHalf, as: SIMD4<Float>.self)
    if count > 4 { spill(v.highHalf, p + 4, count &- 4) }
  } else {
    spill(v.lowHalf, p, count)
  }
}

@inline(__always) private func spill(_ v: SIMD4<Float>, _ p: Destination, _ count: Int) {
  if count > 0 { p[0] = v[0] }
  if count > 1 { p[1] = v[1] }
  if count > 2 { p[2] = v[2] }
  if count > 3 { p[3] = v[3] }
}

@inline(__always) func roundUp(_ x: Int, _ multiple: Int) -> Int {
  (x + multiple - 1) / multiple * multiple
}

/// A distance between arrays of `numbers` that are walked side by side: an odd count of cache lines.
///
/// At a power of two the same places of all 36 points of a tile fall into one set of the cache, and
/// evict one another.
@inline(__always) func spaced(_ numbers: Int) -> Int { ((numbers + 15) / 16 | 1) * 16 }

/// Adds the lanes to as many sums in double precision.
@inline(__always) func accumulate(
  _ v: Vector, into sums: UnsafeMutablePointer<Double>, _ count: Int
) {
  for lane in 0..<count { sums[lane] += Double(v[lane]) }
}
