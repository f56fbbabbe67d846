/// A small, fast generator whose whole state is one 64-bit number.
///
/// Equal seeds give equal sequences on every machine, and the state can be saved with a
/// checkpoint. Not for cryptography: two outputs reveal the state.
///
///     var generator = SplitMix64(seed: 7)
///     let shuffled = generator.shuffled(Array(0..<10))
///     var third = generator.derived(from: "epoch", 3)
///
/// Reference: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
public struct SplitMix64: RandomNumberGenerator, Equatable, Hashable, Sendable, Codable {
  /// The whole state; it advances by a constant with every number.
  public private(set) var state: UInt64

  /// Creates a generator that starts at `seed`.
  public init(seed: UInt64) { state = seed }

  /// Returns the next 64 random bits.
  public mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    return Self.mixed(state)
  }

  /// Scrambles a number so that every input bit reaches every output bit; a bijection.
  static func mixed(_ value: UInt64) -> UInt64 {
    var z = value
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
