import Attacks
import CommandLineArguments
import Embedders
import Foundation
import Images
import NeuralNetworks
import PictureTensors
import Screening
import Tensors

/// `facewarden attack`: one adversarial picture.
struct AttackOne: Subcommand {
  static let command = Command(
    "attack", "changes a face as little as possible so that f_C takes it for another (equation 8)",
    discussion: """
      Exit status: 0 found, 1 not found, 2 failed, 64 wrong usage.

      The attacks:

      \(AttackNames.list)
      """,
    positionals: [
      Positional("PROBE", "the picture to change"),
      Positional("TARGET", "the face to be taken for"),
    ],
    options: AttackModels.options + SharedOptions.pictures + [
      .value("--attack", "NAME", "What to do, from the list above; minimum-norm if not given."),
      .value("--theta", "D2", "The distance² to undercut, 0…4; 0.4 if not given."),
      .value("--iterations", "N", "Gradients or rounds instead of the attack's own number."),
      .value("--seed", "N", "The seed of all that is random; 1 if not given."),
      .value("-o", "FILE", "The PNG to write, an aligned face.", isRequired: true),
      .value(
        "--sheet", "FILE",
        "A PNG of source, adversarial, difference ×20, target, and the reconstructions."),
    ] + AdaptiveOptions.all + [
      .flag("--json", "Prints what came of it as one JSON object.")
    ])

  private let arguments: Arguments
  private let theta: Float
  private let seed: UInt64
  private let attack: NamedAttack
  private let output: String

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    theta = Float(try arguments.optional("--theta", .number(in: 0.0001...4)) ?? 0.4)
    seed = try arguments.optional("--seed", .unsignedInteger) ?? 1
    // The search that knows the detector starts from the plain attack, and has its own iterations.
    let attacks =
      try arguments.flag("--adaptive")
      ? AttackCatalogue.find("minimum-norm").map { [$0] } ?? [] : AttackNames.read(arguments)
    guard attacks.count == 1 else {
      throw UsageError.conflict("'attack' does one attack; 'attack-set' does several")
    }
    attack = attacks[0]
    output = try arguments.value("-o", .pictureToWrite)
    _ = try arguments.optional("--sheet", .pictureToWrite)
    try AttackModels.check(arguments)
    try AdaptiveOptions.check(arguments)
    try arguments.checkPictureSource()
  }

  private struct Report: Codable {
    var attack: String
    var settings: [String: String]
    var seed: UInt64
    var success: Bool
    var theta, distance2_before, distance2_float, distance2_after: Float
    var perturbation: Perturbation
    var gradients, queries: Int
    var embedder: String
    var surrogate: String?
    var tampering: Double?
    var tampering_threshold: Double?
  }

  func run() throws -> Int32 {
    let source = try arguments.pictureSource()
    let (probe, target) = try (
      source.face(path: arguments.value("PROBE", .text)).face,
      source.face(path: arguments.value("TARGET", .text)).face
    )
    let models = try AttackModels(arguments)
    let batch = AttackBatch(
      sources: [probe], targets: [target], seed: seed, victim: models.victim,
      surrogate: models.surrogate)
    guard let plain = attack.attack.attack(batch, thetas: [theta]).first?.first else { return 2 }
    guard plain.distanceBefore >= theta else {
      Console.error("the pair is below θ before any change: distance² \(plain.distanceBefore)")
      return 1
    }
    let adaptive = try AdaptiveSearch(
      arguments, probe: probe, target: target, start: plain.picture, theta: theta, seed: seed)
    // What counts is the file: write it, read it, measure again.
    let bytes = try (adaptive?.picture ?? plain.picture).pngData()
    let decoded = try RGBImage.decode(bytes, name: output).image
    let rows = models.victim.unitEmbeddings(of: Variable(Tensor([decoded, target]))).value
    let after = squaredDistance(rows.entries(0..<1).numbers, rows.entries(1..<2).numbers)
    let report = Report(
      attack: adaptive == nil ? attack.name : "adaptive",
      settings: adaptive?.settings ?? attack.attack.settings, seed: seed,
      success: after < theta && adaptive?.isFound != false,
      theta: theta, distance2_before: plain.distanceBefore,
      distance2_float: adaptive == nil ? plain.distanceInFloat : after, distance2_after: after,
      perturbation: Perturbation(from: probe, to: decoded),
      gradients: plain.gradients + (adaptive?.gradients ?? 0), queries: plain.queries,
      embedder: models.victimSum, surrogate: models.surrogateSum,
      tampering: adaptive?.tampering, tampering_threshold: adaptive?.threshold)
    if let path = arguments.text("--sheet") {
      let sheet = try AttackSheet(
        models: arguments.modelsFolder, source: probe, adversarial: decoded, target: target)
      try sheet.picture.writePNG(to: path)
    }
    if report.success { try decoded.writePNG(to: output) }
    try show(report)
    return report.success ? 0 : 1
  }

  private func show(_ report: Report) throws {
    if arguments.flag("--json") {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      try Output.line(String(decoding: try encoder.encode(report), as: UTF8.self))
      return
    }
    try Output.line(
      String(
        format: "%@: distance² %.4f before, %.4f after; L2 %.1f, RMS %.3f, largest %d grey levels",
        report.success ? "found" : "not found", report.distance2_before, report.distance2_after,
        report.perturbation.l2, report.perturbation.rms, report.perturbation.maximum))
    if let tampering = report.tampering, let threshold = report.tampering_threshold {
      try Output.line(String(format: "tampering %.4f, threshold %.4f", tampering, threshold))
    }
  }
}
