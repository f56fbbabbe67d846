public import Attacks
public import Embedders
public import Images
private import NeuralNetworks
private import PictureTensors
private import Tensors

/// What came of one attack on one pair, measured on the file as it is decoded.
///
/// The members' names in JSON are in `CodingKeys`.
public struct AttackReport: Codable, Equatable, Sendable {
  /// The attack's name.
  public var attack: String
  /// The attack's configuration: numbers as text.
  public var settings: [String: String]
  /// The seed of all that is random.
  public var seed: UInt64
  /// Whether the decoded file is below θ, and the screen, if the attack sees it, lets it pass.
  public var success: Bool
  /// The distance² that was to be undercut.
  public var theta: Float
  /// The distances² before, of the best picture before it was rounded, and of the decoded file; 4 where no face
  /// was found in that.
  public var distanceBefore, distanceInFloat, distanceAfter: Float
  /// How much was changed.
  public var perturbation: Perturbation
  /// Gradients, and distances without a gradient, that the attack asked for.
  public var gradients, queries: Int
  /// What the deciding network's distances depend on.
  public var embedder: String
  /// The same of the network that a transfer attack was made against.
  public var surrogate: String?
  /// The probability of tampering, and the one from which the screen refuses, if the attack sees it.
  public var tampering, tamperingThreshold: Double?
  /// What the attacker knew.
  public var knowledge: AttackKnowledge
  /// The peak signal-to-noise ratio of the change in dB; none if nothing was changed.
  public var psnr: Double?
  /// The mean structural similarity of untouched and changed picture; none below 11×11 pixels.
  public var ssim: Double?
  /// Whether the change was put into a whole photograph.
  public var isWhole: Bool?

  enum CodingKeys: String, CodingKey {
    case attack, settings, seed, success, theta, perturbation, gradients, queries, embedder
    case surrogate, tampering, knowledge, psnr, ssim
    case isWhole = "whole"
    case distanceBefore = "distance2_before"
    case distanceInFloat = "distance2_float"
    case distanceAfter = "distance2_after"
    case tamperingThreshold = "tampering_threshold"
  }

  /// Measures what an attack came to.
  ///
  /// - Parameters:
  ///   - named: the attack.
  ///   - result: what it found.
  ///   - file: the picture as its file is decoded.
  ///   - photograph: of which the file is a changed copy; nil of an aligned face.
  ///   - goal: the aligned face that decides.
  ///   - victim: what decides.
  ///   - names: of the model that decides, and of the one that a transfer attack sees.
  ///   - sums: what the distances² of both depend on.
  ///   - seed: of the attack's random numbers.
  public init(
    _ named: NamedAttack, _ result: AttackResult, file: RGBImage,
    photograph: AttackedPhotograph? = nil, goal: RGBImage,
    victim: DecidingEmbedders, names: (victim: String, surrogate: String?),
    sums: (victim: String, surrogate: String?), seed: UInt64
  ) {
    let face = photograph.map { $0.found(in: file) } ?? file
    let criterion = EmbeddingDistance(victim, targets: Tensor([goal]))
    let after = face.map { criterion.distance(of: $0, row: 0) }
    let (untouched, changed) = (result.untouched, photograph?.part(of: file) ?? file)
    let ratio = SignalToNoise.peak(untouched, changed)
    let isLetPass = result.tampering.map { $0 < result.tamperingLimit ?? 0 } ?? true
    attack = named.name
    settings = named.attack.settings
    (self.seed, theta) = (seed, result.theta)
    success =
      result.distanceBefore >= theta && after.map { $0 < result.theta } == true && isLetPass
    (distanceBefore, distanceInFloat) = (result.distanceBefore, result.distanceInFloat)
    distanceAfter = after ?? 4
    perturbation = Perturbation(from: untouched, to: changed)
    (gradients, queries) = (result.gradients, result.queries)
    (embedder, surrogate) = (sums.victim, sums.surrogate)
    tampering = result.tampering
    tamperingThreshold = result.tampering.flatMap { _ in result.tamperingLimit }
    knowledge = named.knowledge(decider: names.victim, surrogate: names.surrogate)
    psnr = ratio.isFinite ? ratio : nil
    let isLarge = min(untouched.width, untouched.height) >= StructuralSimilarity.window
    ssim = isLarge ? StructuralSimilarity.mean(untouched, changed) : nil
    isWhole = photograph.map { _ in true }
  }
}
