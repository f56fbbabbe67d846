import LinearMachines

/// A small repeatable generator of random numbers.
///
/// Reference: Steele et al., "Fast splittable pseudorandom number generators", 2014.
struct SplitMix64: RandomNumberGenerator {
  var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  /// A number in −1…1, the sum of three, so that the middle is frequent.
  mutating func noise() -> Float {
    (0..<3).reduce(0) { sum, _ in sum + Float.random(in: -1...1, using: &self) } / 3
  }
}

/// Two clouds of vectors around ±`distance` on every axis; adversarial ones are on the plus side.
func clouds(
  rows: Int, columns: Int, distance: Float, seed: UInt64
) -> (features: FeatureMatrix, labels: [Bool]) {
  var generator = SplitMix64(seed: seed)
  let labels = (0..<rows).map { _ in Bool.random(using: &generator) }
  let elements = labels.flatMap { label in
    (0..<columns).map { _ in generator.noise() + (label ? distance : -distance) }
  }
  return (FeatureMatrix(rows: rows, columns: columns, elements: elements), labels)
}
