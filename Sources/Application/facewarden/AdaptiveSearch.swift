import CommandLineArguments
import Experiments
import Images
private import ModelStore
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
      for other in ["--attack", "--model", "--made-against"] where arguments.has(other) {
        throw UsageError.conflict(
          "'--adaptive' attacks f_C and the detector; '\(other)' is not for it")
      }
    } else if let lone = ["--restarts", "--bpcer"].first(where: { arguments.has($0) }) {
      throw UsageError.conflict("'\(lone)' goes with '--adaptive'")
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
      folder: arguments.modelsFolder,
      bpcer: rate.map { OperatingPointName.make("bpcer", $0) })
    threshold = warden.pairPoint.threshold
    var attack = AdaptiveAttack(on: warden.screen, threshold: threshold)
    attack.iterations =
      try arguments.optional("--iterations", .integer(in: 1...1_000_000)) ?? attack.iterations
    attack.restarts = try arguments.optional("--restarts", .integer(in: 0...1000)) ?? 0
    attack.seed = seed
    let found = attack.attack([probe], from: [start], targets: [target], theta: theta)[0]
    picture = found.picture ?? start
    let faces = warden.examine([picture, target])
    // The target's own picture is part of the verdict; a detector that refuses it refuses the pair.
    tampering =
      warden.screen.score(faces[0], faces[1])?.probability
      ?? faces.map(\.score.probability).max() ?? 1
    isFound = found.picture != nil && tampering <= threshold
    gradients = attack.iterations * (1 + attack.restarts)
    settings = [
      "iterations": "\(attack.iterations)", "restarts": "\(attack.restarts)",
      "operating_point": warden.pairPoint.name,
    ]
  }
}
