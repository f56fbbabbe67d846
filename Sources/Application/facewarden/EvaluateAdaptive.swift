import AttackSets
import Attacks
import CommandLineArguments
import Embedders
import Experiments
import Foundation
import Images
import ModelStore
private import Reconstruction
import Screening

/// `facewarden evaluate adaptive`: the attack that knows the detector, beside the plain one.
struct EvaluateAdaptive: Subcommand, CommandSettings {
  static let command = Command(
    "evaluate adaptive",
    "attacks f_C and the shipped detector together, and tells how much more that has to change",
    discussion: """
      Starts from the minimum-norm attacks of a set. A success is a picture below θ of the target that \
      the detector lets pass at its operating point; both are checked on the 8-bit picture.
      """,
    options: options)

  private var models = ModelsFolder()
  private var folder = ""
  private var theta: Float?
  private var count = 24
  private var search = NormDecoupledAttack(iterations: 100, restarts: 0)
  private var detection = DetectionPoint()
  private var output = ExperimentOutput()

  static let settings: [Setting<Self>] =
    part(\.models) + [
      .required(
        "--attack-set", "DIR", "A set made by 'facewarden attack-set'.", \.folder, .text),
      .optional(
        "--theta", "T", "The distance² to undercut, one of the set's; its smallest if not given.",
        \.theta, .float(in: 0...4)),
      .value(
        "--pairs", "N", "Pairs, evenly taken from the set.", \.count, .integer(in: 1...100_000)),
      .value(
        "--iterations", "N", "Gradients a search.", \.search.iterations,
        .integer(in: 1...100_000)),
      .value(
        "--restarts", "N", "Further searches from noisy starts.", \.search.restarts,
        .integer(in: 0...1000)),
    ] + part(\.detection) + part(\.output)

  func run() throws -> Int32 {
    try output.prepare()
    let warden = try FaceWarden(folder: models.path, bpcer: detection.name)
    let set = try AttackSet(folder: folder).part(of: "minimum-norm")
    let known = try ModelManifest(folder: models.path).attackedIdentities()
    guard known.contains(set.settings.embedder) else {
      throw AttackSetError.otherSettings(folder: folder)
    }
    let embedder = DecidingEmbedders(warden.screen.extractor.reconstructor.embedder)
    // Each set is continued on the distance² that it was made for.
    let victim = set.settings.embedder == known[0] ? embedder : warden.deciding
    let goal = theta ?? set.settings.thetas.min() ?? 0.4
    let usable = set.entries.filter { $0.theta == goal && $0.success }
    guard !usable.isEmpty else {
      throw AttackSetError.badPairs(
        file: folder, reason: "no successful attack at θ \(goal); expected at least 1")
    }
    let chosen = (0..<min(count, usable.count)).map {
      usable[$0 * usable.count / min(count, usable.count)]
    }
    func read(_ file: String) throws -> RGBImage {
      try RGBImage.read(path: folder + "/" + file).image
    }
    let sources = try chosen.map { try read($0.sourceFile) }
    let starts = try chosen.map { try read($0.file ?? $0.sourceFile) }
    let targets = try chosen.map { entry in
      guard let file = entry.targetFile else {
        throw AttackSetError.badPairs(
          file: folder, reason: "a set of the first format, without targets; expected one made anew"
        )
      }
      return try read(file)
    }
    let attack = ComposedAttack(
      search, AttackSetup(aim: AttackAim([.init(.screen)]), countsByAim: true))
    var results: [AttackResult] = []
    for first in stride(from: 0, to: chosen.count, by: 8) {
      let part = first..<min(chosen.count, first + 8)
      let batch = AttackBatch(
        sources: Array(sources[part]), targets: Array(targets[part]), starts: Array(starts[part]),
        first: first, victim: victim,
        screen: ScreenKnowledge(warden.screen, threshold: warden.pairPoint.threshold))
      results += attack.attack(batch, thetas: [goal]).map { $0[0] }
      ExperimentOutput.progress("attacked", part.upperBound, chosen.count)
    }
    let pairs = chosen.indices.map { index in
      let faces = warden.examine([starts[index], targets[index]])
      return AdaptiveReport.Pair(
        id: chosen[index].pair.id, plainRMS: chosen[index].rms,
        plainProbability: warden.screen.probability(of: faces[0], against: faces[1]),
        adaptiveRMS: results[index].succeeded ? results[index].perturbation.rms : nil,
        adaptiveProbability: results[index].succeeded ? results[index].tampering : nil)
    }
    try output.write(
      AdaptiveReport(
        theta: goal, threshold: warden.pairPoint.threshold, point: warden.pairPoint.name,
        iterations: search.iterations, pairs: pairs),
      facts: [("attack set", folder)]
        + warden.models.map { ($0.name, "sha256 \($0.sha256)") })
    return 0
  }
}
