private import Glibc

/// The regularised incomplete beta function Iₓ(a, b) for positive `a` and `b`.
///
/// Reference: Press et al., "Numerical Recipes", 3rd edition, 2007, section 6.4: the continued
/// fraction by Lentz's method.
func incompleteBeta(_ x: Double, _ a: Double, _ b: Double) -> Double {
  if x <= 0 { return 0 }
  if x >= 1 { return 1 }
  let logarithm = logGamma(a + b) - logGamma(a) - logGamma(b) + a * log(x) + b * log1p(-x)
  let front = exp(logarithm)
  // The fraction converges fast on this side of the mode, the mirror image on the other.
  return x < (a + 1) / (a + b + 2)
    ? front * continuedFraction(x, a, b) / a
    : 1 - front * continuedFraction(1 - x, b, a) / b
}

private func logGamma(_ x: Double) -> Double {
  var sign: Int32 = 0
  return lgamma_r(x, &sign)
}

private func continuedFraction(_ x: Double, _ a: Double, _ b: Double) -> Double {
  let tiny = 1e-300
  func guarded(_ value: Double) -> Double { abs(value) < tiny ? tiny : value }
  var c = 1.0
  var d = 1 / guarded(1 - (a + b) * x / (a + 1))
  var h = d
  // About √max(a, b) steps are needed; the limit covers ten million trials with room to spare.
  for step in 1...100_000 {
    let m = Double(step)
    let even = m * (b - m) * x / ((a + 2 * m - 1) * (a + 2 * m))
    d = 1 / guarded(1 + even * d)
    c = guarded(1 + even / c)
    h *= d * c
    let odd = -(a + m) * (a + b + m) * x / ((a + 2 * m) * (a + 2 * m + 1))
    d = 1 / guarded(1 + odd * d)
    c = guarded(1 + odd / c)
    h *= d * c
    if abs(d * c - 1) < 1e-15 { break }
  }
  return h
}

/// The x at which Iₓ(a, b) reaches `probability`, by bisection to the last bit or so.
func betaQuantile(_ probability: Double, _ a: Double, _ b: Double) -> Double {
  var (low, high) = (0.0, 1.0)
  while true {
    let middle = (low + high) / 2
    if middle <= low || middle >= high { return middle }
    if high - low < 1e-15 * high { return middle }
    if incompleteBeta(middle, a, b) < probability { low = middle } else { high = middle }
  }
}
