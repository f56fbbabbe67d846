public import SeededRandom

/// Changes of bytes by chance: what a decoder may be handed.
public enum Mutation {
  /// Numbers that overflow, or end a loop late.
  private static let edges: [UInt8] = [
    0, 1, 0x7F, 0x80, 0xFE, 0xFF, 0x22, 0x2C, 0x5B, 0x7B, 0x0D, 0x0A,
  ]

  /// A seed changed one to six times, by itself or by parts of another.
  public static func apply(
    to seed: [UInt8], crossing other: [UInt8], using random: inout SplitMix64
  ) -> [UInt8] {
    var bytes = seed
    for _ in 0...random.uniform(in: 0..<6) {
      guard !bytes.isEmpty else { return [UInt8(random.uniform(in: 0..<256))] }
      let place = random.uniform(in: 0..<bytes.count)
      // Lengths are mostly short: long cuts leave little to go wrong in.
      let length = min(bytes.count - place, 1 << random.uniform(in: 0..<9))
      switch random.uniform(in: 0..<8) {
      case 0: bytes[place] ^= 1 << UInt8(random.uniform(in: 0..<8))
      case 1: bytes[place] = UInt8(random.uniform(in: 0..<256))
      case 2: bytes[place] = edges[random.uniform(in: 0..<edges.count)]
      case 3: bytes.removeSubrange(place..<place + length)
      case 4: bytes.insert(contentsOf: bytes[place..<place + length], at: place)
      case 5:
        for index in place..<min(bytes.count, place + 4) { bytes[index] = edges[5] }
      case 6 where !other.isEmpty:
        let start = random.uniform(in: 0..<other.count)
        let piece = other[start..<min(other.count, start + length)]
        bytes.replaceSubrange(place..<min(bytes.count, place + piece.count), with: piece)
      default: bytes.removeSubrange(place...)
      }
    }
    return bytes
  }
}
