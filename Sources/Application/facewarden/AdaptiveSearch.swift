import Attacks
import CommandLineArguments
import Images
private import ModelStore
private import Reconstruction
import Screening

/// Options of attacks that know the detector.
enum AdaptiveOptions {
  static let restarts = CommandOption.value(
    "--restarts", "N", "Further searches from noisy starts; 0 if not given.")
  static let all: [CommandOption] = [
    .flag(
      "--adaptive",
      "Searches on until the detector lets the picture pass too; --iterations are then that search's."
    ),
    restarts,
    .value(
      "--bpcer", "RATE", "The detector's operating point to pass; 'verify's default if not given."),
  ]

  /// Checks the options alone.
  static func check(_ arguments: Arguments) throws {
    _ = try (
      arguments.optional("--restarts", .integer(in: 0...1000)),
      arguments.optional("--bpcer", .number(in: 1e-6...0.5))
    )
    if arguments.flag("--adaptive") {
      for other in ["--attack", "--model", "--made-against", "--enrolled"]
      where arguments.has(other) {
        throw UsageError.conflict(
          "'--adaptive' attacks f_C and the detector; '\(other)' is not for it")
      }
      if arguments.flag("--whole") {
        throw UsageError.conflict(
          "'--adaptive' attacks an aligned face; '--attack adaptive' goes with '--whole'")
      }
    } else if arguments.has("--restarts") {
      throw UsageError.conflict("'--restarts' goes with '--adaptive'")
    }
  }
}

/// The search for one picture that f_C takes for another and that the detector lets pass.
struct AdaptiveSearch {
  /// The picture found, or the start.
  let picture: RGBImage
  /// Whether the complete verdict accepts it, at a distance² below θ.
  let isFound: Bool
  /// The picture's probability of tampering, and the one from which the detector refuses.
  let tampering, threshold: Double
  let gradients: Int
  let settings: [String: String]

  /// Searches; nil if it was not asked for.
  init?(
    _ arguments: Arguments, probe: RGBImage, target: RGBImage, start: RGBImage, theta: Float,
    seed: UInt64
  ) throws {
    guard arguments.flag("--adaptive") else { return nil }
    let rate = try arguments.optional("--bpcer", .number(in: 1e-6...0.5))
    let warden = try FaceWarden(
      folder: ModelsFolder(arguments).path,
      bpcer: rate.map { OperatingPointName.make("bpcer", $0) })
    threshold = warden.pairPoint.threshold
    var search = NormDecoupledAttack()
    search.iterations =
      try arguments.optional("--iterations", .integer(in: 1...1_000_000)) ?? search.iterations
    search.restarts = try arguments.optional("--restarts", .integer(in: 0...1000)) ?? 0
    let attack = ComposedAttack(
      search, AttackSetup(aim: AttackAim([.init(.screen)]), countsByAim: true))
    let batch = AttackBatch(
      sources: [probe], targets: [target], starts: [start], seed: seed,
      victim: warden.screen.extractor.reconstructor.embedder,
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
