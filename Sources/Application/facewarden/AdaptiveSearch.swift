import Attacks
import CommandLineArguments
import Embedders
import Images
private import ModelStore
private import Reconstruction
import Screening

/// Options of attacks that know the detector.
struct AdaptiveOptions: CommandSettings {
  private(set) var isAdaptive = false
  fileprivate var restarts = 0

  static let settings: [Setting<Self>] = [
    .flag(
      "--adaptive",
      "Searches on until the detector lets the picture pass too; --iterations are then that search's.",
      \.isAdaptive),
    .value(
      "--restarts", "N", "Further searches from noisy starts.", \.restarts,
      .integer(in: 0...1000), needs: "--adaptive"),
  ]

  mutating func check(_ arguments: Arguments) throws {
    guard isAdaptive else { return }
    for other in ["--attack", "--model", "--made-against", "--enrolled"]
    where arguments.has(other) {
      throw UsageError.conflict(
        "'--adaptive' attacks f_C and the detector; '\(other)' is not for it")
    }
    if arguments.flag("--whole") {
      throw UsageError.conflict(
        "'--adaptive' attacks an aligned face; '--attack adaptive' goes with '--whole'")
    }
  }
}

/// The search for one picture that f_C takes for another and that the detector lets pass.
struct AdaptiveSearch {
  /// The picture found, or the start.
  let picture: RGBImage
  /// Whether the screen lets it pass, at a distance² below θ: with the door's own θ a verdict that accepts.
  let isFound: Bool
  /// The picture's probability of tampering, and the one from which the detector refuses.
  let tampering, threshold: Double
  let gradients: Int
  let settings: [String: String]

  /// Searches; nil if it was not asked for.
  ///
  /// - Parameters:
  ///   - options: whether, and how often.
  ///   - networks: the folder of models, and the screen's operating point.
  ///   - iterations: replaces the search's own number.
  ///   - probe: the face to change.
  ///   - target: the face to pass for.
  ///   - start: where the search begins.
  ///   - victim: what decides about the distance².
  ///   - theta: the distance² to undercut.
  ///   - seed: of the random numbers.
  /// - Throws: what loading the models throws.
  init?(
    _ options: AdaptiveOptions, _ networks: AttackModels.Options, iterations: Int?,
    probe: RGBImage, target: RGBImage, start: RGBImage, victim: DecidingEmbedders, theta: Float,
    seed: UInt64
  ) throws {
    guard options.isAdaptive else { return nil }
    let warden = try networks.warden()
    threshold = warden.pairPoint.threshold
    var search = NormDecoupledAttack(restarts: options.restarts)
    if let iterations { search.iterations = iterations }
    let attack = ComposedAttack(
      search, AttackSetup(aim: AttackAim([.init(.screen)]), countsByAim: true))
    let batch = AttackBatch(
      sources: [probe], targets: [target], starts: [start], seed: seed,
      victim: victim,
      screen: ScreenKnowledge(warden.screen, threshold: threshold))
    let found = attack.attack(batch, thetas: [theta])[0][0]
    picture = found.succeeded ? found.picture : start
    let faces = warden.examine([picture, target])
    // The target's own picture is part of the verdict; a detector that refuses it refuses the pair.
    tampering =
      warden.screen.score(faces[0], faces[1])?.probability
      ?? faces.map(\.score.probability).max() ?? 1
    isFound = found.succeeded && tampering <= threshold
    gradients = found.gradients
    settings = [
      "iterations": "\(search.iterations)", "restarts": "\(search.restarts)",
      "operating_point": warden.pairPoint.name,
    ]
  }
}
