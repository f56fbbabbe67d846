public import Checkpoints
public import FaceDatasets
public import FaceVerification
private import Foundation
internal import NeuralNetworks
private import SeededRandom
private import Tensors

extension IPGANTrainer {
  /// Runs Algorithm 1: reconstruction and transformation steps in turn.
  ///
  /// - `data`: faces; whose they are is not used here, since I and C are fixed.
  /// - `augmentation`: how faces vary; the same for x^s and x^a.
  /// - `total`: steps of both kinds together.
  /// - `saved`: called after each write of the state.
  /// - Throws: what reading pictures throws, and what `TrainingLoop` throws.
  public mutating func run(
    on data: IdentityDataset, augmentation: FaceAugmentation, steps total: Int,
    loop: TrainingLoop, progress: (TrainingProgress) -> Void,
    shouldStop: () -> Bool = { false }, saved: (IPGANTrainer) throws -> Void = { _ in }
  ) throws {
    var order = EpochOrder(count: data.count, batch: training.batch, seed: training.seed)
    var others = EpochOrder(
      count: data.count, batch: training.batch, seed: training.seed ^ 0x5DEE_CE66)
    try loop.run(&self, total: total, progress: progress, shouldStop: shouldStop, saved: saved) {
      trainer in
      let step = trainer.steps
      let subjects = try data.tensor(
        order.indices(ofStep: step), augmentation: augmentation,
        using: order.generator(ofStep: step))
      let attributes =
        step % 2 == 0
        ? nil
        : try data.tensor(
          others.indices(ofStep: step), augmentation: augmentation,
          using: others.generator(ofStep: step))
      let report = trainer.step(subjects: subjects, attributes: attributes)
      return [
        ("L_GR", Double(report.reconstruction)), ("L_KL", Double(report.divergence)),
        ("L_GC", Double(report.identity)), ("L_GD", Double(report.realism)),
        ("L_D", Double(report.discriminator)), ("cosine", Double(report.identityCosine)),
      ]
    }
  }
}

extension IPGANTrainer: ResumableTraining {
  private static let kind = "facewarden IP-GAN training 1"

  public var picturesPerStep: Int { training.batch }

  private var rules: [(name: String, rule: Adam)] {
    [("encoder", encoderRule), ("generator", generatorRule), ("discriminator", discriminatorRule)]
  }

  public func checkpoint() throws -> SafeTensorsFile {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var state = ParameterTable()
    state["norms"] = Tensor(norms, shape: [norms.count])
    return SafeTensorsFile(
      tables: [
        ("encoder/", self.encoder), ("generator/", generator), ("discriminator/", discriminator),
        ("averaged_encoder/", averagedEncoder), ("averaged_generator/", averagedGenerator),
        ("state/", state),
      ] + rules.map { ("rule_\($0.name)/", $0.rule.state) },
      integers: [
        NamedIntegers(name: "steps", [UInt64(steps)]),
        NamedIntegers(name: "rule_steps", rules.map { UInt64($0.rule.steps) }),
      ],
      metadata: [
        "kind": Self.kind,
        "training": String(decoding: try encoder.encode(training), as: UTF8.self),
      ])
  }

  /// Continues the training that `file` holds.
  ///
  /// - Throws: `TrainingStateError` or `CheckpointError`.
  public init(checkpoint file: SafeTensorsFile, path: String, embedder: FaceEmbedder) throws {
    guard file.metadata["kind"] == Self.kind, let settings = file.metadata["training"],
      let training = try? JSONDecoder().decode(IPGANTraining.self, from: Data(settings.utf8)),
      training.architecture.isConsistent,
      training.architecture.identity == embedder.architecture.identity
    else { throw TrainingStateError.notATraining(path: path, expected: "an IP-GAN's") }
    self.init(training, embedder: embedder)
    encoder = try file.table("encoder/", like: encoder)
    generator = try file.table("generator/", like: generator)
    discriminator = try file.table("discriminator/", like: discriminator)
    averagedEncoder = try file.table("averaged_encoder/", like: averagedEncoder)
    averagedGenerator = try file.table("averaged_generator/", like: averagedGenerator)
    norms = try file.array("state/norms", shape: [norms.count]).elements
    steps = Int(clamping: try file.integers("steps").elements.first ?? 0)
    let counts = try file.integers("rule_steps").elements.map { Int(clamping: $0) }
    guard counts.count == 3 else {
      throw TrainingStateError.notATraining(path: path, expected: "an IP-GAN's")
    }
    for (rule, count, name) in [
      (\IPGANTrainer.encoderRule, counts[0], "encoder"), (\.generatorRule, counts[1], "generator"),
      (\.discriminatorRule, counts[2], "discriminator"),
    ] {
      self[keyPath: rule].steps = count
      self[keyPath: rule].state = file.table(under: "rule_\(name)/")
    }
  }
}
