import AttackSets
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
struct AttackOne: Subcommand, CommandSettings {
  static let command = Command(
    "attack", "changes a face as little as possible so that f_C takes it for another (equation 8)",
    discussion: """
      Exit status: 0 found, 1 not found, 2 failed, 64 wrong usage.

      With --whole PROBE is a photograph: the change is put into it through the alignment of its face, \
      the file is the photograph, and what counts is the face that is found and aligned in it anew.

      The attacks:

      \(AttackNames.list)
      """,
    positionals: positionals, options: options)

  private var networks = AttackModels.Options()
  private var pictures = PictureOptions()
  private var probe = ""
  private var target = ""
  private var names: [String]?
  private var theta = AttackThetas([0.4])
  private var iterations: Int?
  private var seed: UInt64 = 1
  private var output = ""
  private var isWhole = false
  private var enrolled: String?
  private var sheet: String?
  private var options = AttackOptions()
  private var adaptive = AdaptiveOptions()
  private var isJSON = false
  /// The one attack.
  private var attacks: [NamedAttack] = []

  static let settings: [Setting<Self>] =
    [
      .argument("PROBE", "the picture to change", \.probe, .text),
      .argument("TARGET", "the face to be taken for", \.target, .text),
    ] + part(\.networks) + part(\.pictures) + [
      .optional(
        "--attack", "NAME",
        "What to do, from the list above; \(AttackNames.usual) if not given.", \.names, .names),
      .value(
        "--theta", "D2",
        "The distance² to undercut, 0…4, or 'door' for the door's own threshold and what decides there.",
        \.theta,
        AttackThetas.reader),
      .optional(
        "--iterations", "N", "Gradients or rounds instead of the attack's own number.",
        \.iterations, .integer(in: 1...1_000_000)),
      .value("--seed", "N", "The seed of all that is random.", \.seed, .unsignedInteger),
      .required(
        "-o", "FILE", "The PNG to write, an aligned face, or with --whole the photograph.",
        \.output, .pictureToWrite),
      .flag("--whole", "Changes the whole photograph instead of the aligned face.", \.isWhole),
      .optional(
        "--enrolled", "PICTURE",
        "Another picture of the target's person, which decides instead of TARGET.", \.enrolled,
        .text),
      .optional(
        "--sheet", "FILE",
        "A PNG of source, adversarial, difference ×20, target, and the reconstructions.", \.sheet,
        .pictureToWrite, isRecorded: false),
    ] + part(\.options) + part(\.adaptive) + [
      .flag("--json", "Prints what came of it as one JSON object.", \.isJSON)
    ]

  mutating func check(_ arguments: Arguments) throws {
    guard theta.count == 1 else {
      throw UsageError.conflict("'attack' takes one θ; 'attack-set' takes several")
    }
    if isWhole && (pictures.isAligned || pictures.landmarks != nil) {
      throw UsageError.conflict(
        "'--whole' finds faces by itself; '--aligned' and '--landmarks' are not for it")
    }
    if adaptive.isAdaptive && options.areGiven {
      throw UsageError.conflict(
        "'--adaptive' is put together as it is; '--attack adaptive' goes with other options")
    }
    // The search that knows the detector starts from the plain attack, and has its own iterations.
    attacks = try AttackNames.attacks(
      names ?? [], iterations: adaptive.isAdaptive ? nil : iterations, options: options,
      hasSurrogate: networks.hasSurrogate)
    guard attacks.count == 1 else {
      throw UsageError.conflict("'attack' does one attack; 'attack-set' does several")
    }
    guard adaptive.isAdaptive || !networks.hasPoint || attacks[0].sees(.screen) else {
      throw UsageError.conflict("'--bpcer' goes with attacks that see the screen: '--adaptive'")
    }
  }

  func run() throws -> Int32 {
    let attack = try options.masked(attacks)[0]
    let reader = try pictures.reader(networks.models)
    let models = try AttackModels(networks, for: [attack], atDoor: theta.isAtDoor)
    let theta = try theta.values(models)[0]
    let target = try reader.face(path: target)
    let enrolled = try enrolled.map { try reader.face(path: $0) }
    let photograph = try isWhole ? self.photograph(probe) : nil
    let probe = try photograph?.face ?? reader.face(path: probe)
    let plain = attack.attack.attack(
      batch(probe, photograph, target, enrolled, models), thetas: [theta])[0][0]
    guard plain.distanceBefore >= theta else {
      Console.error("the pair is below θ before any change: distance² \(plain.distanceBefore)")
      return 1
    }
    let adaptive = try AdaptiveSearch(
      adaptive, networks, iterations: iterations, probe: probe, target: target,
      start: plain.picture, victim: models.victim, theta: theta, seed: seed)
    // What counts is the file: write it, read it, measure again.
    let bytes = try (adaptive?.picture ?? plain.picture).pngData()
    let decoded = try RGBImage.decode(bytes, name: output).image
    var report = AttackReport(
      attack, plain, file: decoded, photograph: photograph, goal: enrolled ?? target,
      victim: models.victim, names: (models.victimName, models.surrogateName),
      sums: (models.victimSum, models.surrogateSum), seed: seed)
    if let adaptive {
      (report.attack, report.settings) = ("adaptive", adaptive.settings)
      report.success = report.success && adaptive.isFound
      report.distanceInFloat = report.distanceAfter
      report.gradients += adaptive.gradients
      (report.tampering, report.tamperingThreshold) = (adaptive.tampering, adaptive.threshold)
      report.knowledge = .everything
    }
    if let path = sheet {
      let sheet = try AttackSheet(
        models: networks.models.path, source: probe,
        adversarial: (photograph.map { $0.found(in: decoded) } ?? decoded) ?? probe, target: target)
      try sheet.picture.writePNG(to: path)
    }
    if report.success { try decoded.writePNG(to: output) }
    try show(report)
    return report.success ? 0 : 1
  }

  /// The photograph to change, and where its face is.
  private func photograph(_ path: String) throws -> AttackedPhotograph {
    try AttackedPhotograph(
      try RGBImage.read(path: path).image, name: path,
      finder: try pictures.finding.finder(networks.models))
  }

  private func batch(
    _ probe: RGBImage, _ photograph: AttackedPhotograph?, _ target: RGBImage,
    _ enrolled: RGBImage?, _ models: AttackModels
  ) -> AttackBatch {
    let networks = models.networks
    let enrolled = enrolled.map { [$0] }
    if let photograph {
      return AttackBatch(
        photographs: [photograph], targets: [target], enrolled: enrolled, seed: seed,
        victim: networks.victim, surrogate: networks.surrogate, witness: networks.witness,
        screen: networks.screen)
    }
    return AttackBatch(
      sources: [probe], targets: [target], enrolled: enrolled, seed: seed,
      victim: networks.victim, surrogate: networks.surrogate, witness: networks.witness,
      screen: networks.screen)
  }

  private func show(_ report: AttackReport) throws {
    if isJSON {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      try Output.line(String(decoding: try encoder.encode(report), as: UTF8.self))
      return
    }
    try Output.line(
      String(
        format: "%@: distance² %.4f before, %.4f after; L2 %.1f, RMS %.3f, largest %d grey levels",
        report.success ? "found" : "not found", report.distanceBefore, report.distanceAfter,
        report.perturbation.l2, report.perturbation.rms, report.perturbation.maximum))
    if isWhole {
      try Output.line(
        "measured in the face that was found and aligned anew in the whole photograph")
    }
    if let tampering = report.tampering, let threshold = report.tamperingThreshold {
      try Output.line(String(format: "tampering %.4f, threshold %.4f", tampering, threshold))
    }
  }
}
