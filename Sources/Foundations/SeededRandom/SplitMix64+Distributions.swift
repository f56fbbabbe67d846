import Foundation

extension SplitMix64 {
  /// Returns a uniform number in [0, 1), a multiple of 2⁻²⁴.
  public mutating func uniform() -> Float { Float(next() >> 40) * 0x1p-24 }

  /// Returns a uniform number between two bounds.
  ///
  /// Rounding may return the upper bound itself. An empty range returns its only number.
  public mutating func uniform(in range: ClosedRange<Float>) -> Float {
    range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
  }

  /// Returns a uniform whole number in `range`, without bias.
  ///
  /// - Precondition: `range` is not empty.
  public mutating func uniform(in range: Range<Int>) -> Int {
    precondition(!range.isEmpty, "no number lies in the empty range \(range)")
    // A range may be wider than an Int holds; its width and the place in it wrap around together.
    let width = UInt64(bitPattern: Int64(range.upperBound &- range.lowerBound))
    return range.lowerBound &+ Int(truncatingIfNeeded: uniform(below: width))
  }

  /// Returns a uniform whole number in 0 ..< `bound`, without bias: the high word of `bound` times a
  /// random word, drawn anew where the low word lies among the 2⁶⁴ mod `bound` that are too many.
  ///
  /// Written out because the standard library may change its own algorithm, and every order of a
  /// training hangs on it.
  ///
  /// Reference: Lemire, "Fast random integer generation in an interval", 2019, algorithm 5.
  private mutating func uniform(below bound: UInt64) -> UInt64 {
    var product = next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let excess = (0 &- bound) % bound
      while product.low < excess { product = next().multipliedFullWidth(by: bound) }
    }
    return product.high
  }

  /// Returns `true` with the given probability; 0 is never, 1 is always.
  public mutating func happens(withProbability probability: Float) -> Bool {
    uniform() < probability
  }

  /// Returns a number from the standard normal distribution; always finite.
  ///
  /// Box–Muller: √(−2 ln u)·cos(2πv), computed in Double; each call draws two numbers.
  public mutating func normal() -> Float {
    let u = (Double(next() >> 11) + 1) * 0x1p-53
    let v = Double(next() >> 11) * 0x1p-53
    return Float((-2 * log(u)).squareRoot() * cos(2 * .pi * v))
  }

  /// Puts the elements into a random order, every order equally likely.
  public mutating func shuffle<Element>(_ elements: inout [Element]) {
    for last in elements.indices.dropFirst().reversed() {
      elements.swapAt(last, uniform(in: 0..<last + 1))
    }
  }

  /// Returns the elements in a random order, every order equally likely.
  public mutating func shuffled<Element>(_ elements: [Element]) -> [Element] {
    var copy = elements
    shuffle(&copy)
    return copy
  }
}
