public import Embedders
public import Images
internal import NeuralNetworks
internal import PictureTensors
public import SeededRandom
internal import Tensors

/// Pairs that are attacked together: each source is changed until it passes for its target.
public struct AttackBatch: Sendable {
  /// The pictures that change: aligned faces of one size, or the parts of photographs around faces.
  public let sources: [RGBImage]
  /// The aligned faces that the attacker has of whom to pass for, of one size.
  public let targets: [RGBImage]
  /// The aligned faces that decide, if others than the attacker has are enrolled.
  public let enrolled: [RGBImage]?
  /// Where each source's change is put.
  public let places: [AttackPlace]
  /// Where a search that starts elsewhere begins; the attack's own start if not given.
  public let starts: [RGBImage]?
  /// The random numbers of each pair.
  public private(set) var generators: [SplitMix64]
  /// Those of a search's further starts.
  let noise: [SplitMix64]
  private let noiseNames: [Int?]
  /// What decides about success: a network, or two whose distances² are fused.
  public let victim: DecidingEmbedders
  /// What has the distances and gradients that the attack sees in the victim's place; the victim unless
  /// it is a transfer attack.
  public let surrogate: DecidingEmbedders?
  /// The second network, for attacks that see it.
  public let witness: FaceEmbedder?
  /// The screen, for attacks that see it.
  public let screen: ScreenKnowledge?

  /// Creates a batch of aligned faces.
  ///
  /// - `names`: of the pairs; a pair's random numbers follow from its name, or from its place if there are
  ///   no names.
  /// - `first`: what is added to that place.
  /// - `seed`: of the random numbers.
  /// - Precondition: as many sources as targets, and as of everything else that is given.
  public init(
    sources: [RGBImage], targets: [RGBImage], enrolled: [RGBImage]? = nil,
    starts: [RGBImage]? = nil, names: [String]? = nil, first: Int = 0, seed: UInt64 = 1,
    victim: DecidingEmbedders, surrogate: DecidingEmbedders? = nil, witness: FaceEmbedder? = nil,
    screen: ScreenKnowledge? = nil
  ) {
    self.init(
      sources, sources.map { _ in .aligned }, targets, enrolled, starts, names, first, seed, victim,
      surrogate, witness, screen)
  }

  /// Creates a batch of photographs.
  ///
  /// - Precondition: as many photographs as targets, and as of everything else that is given.
  public init(
    photographs: [AttackedPhotograph], targets: [RGBImage], enrolled: [RGBImage]? = nil,
    names: [String]? = nil, seed: UInt64 = 1, victim: DecidingEmbedders,
    surrogate: DecidingEmbedders? = nil, witness: FaceEmbedder? = nil,
    screen: ScreenKnowledge? = nil
  ) {
    self.init(
      photographs.map(\.part), photographs.map { .photograph($0) }, targets, enrolled, nil, names,
      0,
      seed, victim, surrogate, witness, screen)
  }

  private init(
    _ sources: [RGBImage], _ places: [AttackPlace], _ targets: [RGBImage], _ enrolled: [RGBImage]?,
    _ starts: [RGBImage]?, _ names: [String]?, _ first: Int, _ seed: UInt64,
    _ victim: DecidingEmbedders, _ surrogate: DecidingEmbedders?, _ witness: FaceEmbedder?,
    _ screen: ScreenKnowledge?
  ) {
    let counts = [targets.count, enrolled?.count, starts?.count, names?.count].compactMap { $0 }
    precondition(
      counts.allSatisfy { $0 == sources.count },
      "\(sources.count) sources; targets, enrolled, starts and names: \(counts)")
    (self.sources, self.places, self.targets, self.enrolled) = (sources, places, targets, enrolled)
    (self.starts, self.victim, self.surrogate) = (starts, victim, surrogate)
    (self.witness, self.screen) = (witness, screen)
    let root = SplitMix64(seed: seed)
    generators = sources.indices.map { root.derived(from: names?[$0] ?? "\(first + $0)") }
    noise = names == nil ? sources.map { _ in root } : generators
    noiseNames = sources.indices.map { names == nil ? first + $0 : nil }
  }

  /// The generator of a further start of a pair.
  func noise(of row: Int, restart: Int) -> SplitMix64 {
    noiseNames[row].map { noise[row].derived(from: "restart \(restart)", $0) }
      ?? noise[row].derived(from: "restart \(restart)")
  }

  /// The same pairs with other random numbers.
  func again(_ restart: Int) -> AttackBatch {
    var copy = self
    copy.generators = generators.map { $0.derived(from: "again", restart) }
    return copy
  }

  /// The targets' pictures, (n, row, column, 3) in −1…1.
  var targetNumbers: Tensor { Tensor(targets) }
}
