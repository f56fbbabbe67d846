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
  a.replacing(with: b, where: a .< b)
}

/// slope · v where v < 0.
@inline(__always) func leaky(_ v: Vector, _ slope: Vector) -> Vector {
  v.replacing(with: v * slope, where: v .< Vector(repeating: 0))
}

/// Loads the first `count` lanes, zero in the others.
@inline(__always) func load(_ p: Source, first count: Int) -> Vector {
  var v = Vector(repeating: 0)
  for lane in 0..<count { v[lane] = p[lane] }
  return v
}

/// Stores the first `count` lanes.
@inline(__always) func store(_ v: Vector, _ p: Destination, first count: Int) {
  for lane in 0..<count { p[lane] = v[lane] }
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
