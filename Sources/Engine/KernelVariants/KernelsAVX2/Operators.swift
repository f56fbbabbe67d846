private import CVectors

// Preferred to Swift's own, which are generic and one operation a lane: see `CVectors`.

/// sum + a · b, rounded once.
@inline(__always) func multiplyAdd(_ sum: inout Vector, _ a: Vector, _ b: Vector) {
  sum = facewarden_multiply_add(a, b, sum)
}
