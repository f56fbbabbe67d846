/// `yes` where a < b, `no` elsewhere.
@inline(__always)
func choose(_ yes: Vector, whereLess a: Vector, _ b: Vector, otherwise no: Vector) -> Vector {
  no.replacing(with: yes, where: a .< b)
}

/// `yes` where a ≤ b, `no` elsewhere.
@inline(__always)
func choose(_ yes: Vector, whereAtMost a: Vector, _ b: Vector, otherwise no: Vector) -> Vector {
  no.replacing(with: yes, where: a .<= b)
}
