public import Attacks
public import Embedders
public import Images
private import NeuralNetworks
private import PictureTensors
private import Tensors

/// Four pairs of patterned pictures and an untrained network, small enough for every test.
public enum TinyPairs {
  /// The network under attack.
  public static let victim = FaceEmbedder.tiny()
  /// The pictures to change.
  public static let sources = (0..<4).map {
    SyntheticPeople.picture(person: $0, variant: 0, side: 16)
  }
  /// The pictures to pass for.
  public static let targets = (0..<4).map {
    SyntheticPeople.picture(person: $0 + 10, variant: 0, side: 16)
  }

  /// Half of the smallest distance² of a pair.
  public static let theta =
    (0..<4).map { distance(sources[$0], targets[$0]) }.min().map { $0 / 2 } ?? 0.1

  /// The distance² of two pictures to the network.
  public static func distance(_ a: RGBImage, _ b: RGBImage) -> Float {
    let rows = victim.unitEmbeddings(of: Variable(Tensor([a, b]))).value
    return squaredDistance(rows.entries(0..<1).numbers, rows.entries(1..<2).numbers)
  }

  /// Attacks the pairs at `places`, together or one by one.
  public static func results(
    _ attack: some Attack, _ thetas: [Float] = [theta], places: [Int] = [0, 1, 2, 3],
    together: Bool = true, seed: UInt64 = 1,
    deciding: DecidingEmbedders = DecidingEmbedders(victim),
    surrogate: DecidingEmbedders? = nil
  ) -> [[AttackResult]] {
    let parts = together ? [places] : places.map { [$0] }
    return parts.flatMap { part in
      attack.attack(
        AttackBatch(
          sources: part.map { sources[$0] }, targets: part.map { targets[$0] },
          names: part.map { "\($0)" }, seed: seed, victim: deciding, surrogate: surrogate,
          witness: .tiny(seed: 5)),
        thetas: thetas)
    }
  }
}
