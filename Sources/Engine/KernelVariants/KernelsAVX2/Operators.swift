private import CVectors

// Preferred to Swift's own, which are generic and one operation a lane: see `CVectors`.

@inline(__always) func + (a: Vector, b: Vector) -> Vector { facewarden_sum(a, b) }

@inline(__always) func - (a: Vector, b: Vector) -> Vector { facewarden_difference(a, b) }

@inline(__always) func * (a: Vector, b: Vector) -> Vector { facewarden_product(a, b) }

@inline(__always) func += (a: inout Vector, b: Vector) { a = facewarden_sum(a, b) }

/// sum + a · b, rounded once.
@inline(__always) func multiplyAdd(_ sum: inout Vector, _ a: Vector, _ b: Vector) {
  sum = facewarden_multiply_add(a, b, sum)
}

/// `yes` where a < b, `no` elsewhere.
@inline(__always)
func choose(_ yes: Vector, whereLess a: Vector, _ b: Vector, otherwise no: Vector) -> Vector {
  facewarden_where_less(a, b, yes, no)
}

/// `yes` where a ≤ b, `no` elsewhere.
@inline(__always)
func choose(_ yes: Vector, whereAtMost a: Vector, _ b: Vector, otherwise no: Vector) -> Vector {
  facewarden_where_at_most(a, b, yes, no)
}
