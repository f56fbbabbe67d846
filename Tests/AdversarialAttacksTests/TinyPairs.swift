import AdversarialAttacks
import FaceVerification
import Images
import NeuralNetworks
import Tensors
import TestSupport

/// Four pairs of patterned pictures and an untrained network, small enough for every test.
enum TinyPairs {
  static let victim = FaceEmbedder.tiny()
  static let sources = (0..<4).map {
    SyntheticPeople.picture(person: $0, variant: 0, side: 16)
  }
  static let targets = (0..<4).map {
    SyntheticPeople.picture(person: $0 + 10, variant: 0, side: 16)
  }

  /// Half of the smallest distance² of a pair.
  static let theta = (0..<4).map { distance(sources[$0], targets[$0]) }.min().map { $0 / 2 } ?? 0.1

  static func distance(_ a: RGBImage, _ b: RGBImage) -> Float {
    let rows = victim.unitEmbeddings(of: Variable(Tensor([a, b]))).value
    return squaredDistance(rows.entries(0..<1).numbers, rows.entries(1..<2).numbers)
  }

  /// Attacks the pairs at `places`, together or one by one.
  static func results(
    _ attack: some Attack, _ thetas: [Float] = [theta], places: [Int] = [0, 1, 2, 3],
    together: Bool = true, seed: UInt64 = 1, surrogate: FaceEmbedder? = nil
  ) -> [[AttackResult]] {
    let parts = together ? [places] : places.map { [$0] }
    return parts.flatMap { part in
      attack.attack(
        AttackBatch(
          sources: part.map { sources[$0] }, targets: part.map { targets[$0] },
          names: part.map { "\($0)" }, seed: seed, victim: victim, surrogate: surrogate),
        thetas: thetas)
    }
  }
}
