public import Embedders
public import Images
public import SeededRandom

/// Pairs that are attacked together: each source is changed until it passes for its target.
public struct AttackBatch: Sendable {
  /// x₁ and x₂, aligned pictures of one size.
  public let sources, targets: [RGBImage]
  /// The random numbers of each pair.
  public let generators: [SplitMix64]
  /// The network that decides about success.
  public let victim: FaceEmbedder
  /// The network whose distances and gradients the attack sees; the victim unless it is a
  /// transfer attack.
  public let surrogate: FaceEmbedder?

  /// Creates a batch.
  ///
  /// - `seed`: of the random numbers, derived for each pair from its name in `names`, or from its
  ///   place if there are no names.
  /// - Precondition: as many sources as targets, and as names if there are any.
  public init(
    sources: [RGBImage], targets: [RGBImage], names: [String]? = nil, seed: UInt64 = 1,
    victim: FaceEmbedder, surrogate: FaceEmbedder? = nil
  ) {
    precondition(
      sources.count == targets.count && (names?.count ?? sources.count) == sources.count,
      "\(sources.count) sources, \(targets.count) targets, \(names?.count ?? 0) names")
    (self.sources, self.targets) = (sources, targets)
    (self.victim, self.surrogate) = (victim, surrogate)
    let root = SplitMix64(seed: seed)
    generators = sources.indices.map { root.derived(from: names?[$0] ?? "\($0)") }
  }
}
