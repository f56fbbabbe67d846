import SeededRandom

extension SplitMix64 {
  /// Integers in 0…`top` as scores, so that there are ties.
  mutating func scores(_ count: Int, top: Int) -> [Double] {
    (0..<count).map { _ in Double(Int.random(in: 0...top, using: &self)) }
  }
}
