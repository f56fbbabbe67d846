extension SplitMix64 {
  /// Returns an independent generator named by a word and numbers; `self` does not advance.
  ///
  /// The same state, name and numbers always give the same generator, so that work can be spread
  /// over threads in any order and still be repeatable: `generator.derived(from: "face", index)`.
  public func derived(from name: String, _ numbers: Int...) -> SplitMix64 {
    var hash = Self.mixed(state ^ Self.stableHash(of: name))
    for number in numbers {
      hash = Self.mixed((hash &+ 0x9E37_79B9_7F4A_7C15) ^ UInt64(bitPattern: Int64(number)))
    }
    return SplitMix64(seed: hash)
  }

  /// Returns a 64-bit hash of a text that is the same on every machine and in every run.
  ///
  /// FNV-1a over the UTF-8 bytes, then mixed; not for cryptography.
  public static func stableHash(of text: String) -> UInt64 { stableHash(of: text.utf8) }

  /// Returns a 64-bit hash of bytes that is the same on every machine and in every run.
  public static func stableHash(of bytes: some Sequence<UInt8>) -> UInt64 {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01B3 }
    return mixed(hash)
  }

  /// Returns the number in [0, 1) that `seed` assigns to `text`, for repeatable random splits.
  public static func fraction(of text: String, seed: UInt64) -> Double {
    Double(mixed(stableHash(of: text) &+ mixed(seed)) >> 11) * 0x1p-53
  }
}
