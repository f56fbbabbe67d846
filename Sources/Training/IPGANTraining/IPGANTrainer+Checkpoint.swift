public import Checkpoints
public import Embedders
private import Foundation
private import NeuralNetworks
private import Reconstruction
private import Tensors
public import Training

extension IPGANTrainer: ResumableTraining {
  private static let kind = "facewarden IP-GAN training 3"

  public var picturesPerStep: Int { training.batch }

  private var rules: [(name: String, rule: Adam)] {
    [("encoder", encoderRule), ("generator", generatorRule), ("discriminator", discriminatorRule)]
  }

  public func checkpoint() throws -> SafeTensorsFile {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var state = ParameterTable()
    state["norms"] = Tensor(norms, shape: [norms.count])
    state["health"] = Tensor(health.numbers, shape: [health.numbers.count])
    return SafeTensorsFile(
      tables: [
        ("encoder/", self.encoder), ("generator/", generator), ("discriminator/", discriminator),
        ("averaged_encoder/", averagedEncoder), ("averaged_generator/", averagedGenerator),
        ("state/", state), ("spectral/", spectral?.directions ?? ParameterTable()),
      ] + rules.map { ("rule_\($0.name)/", $0.rule.state) },
      integers: [
        NamedIntegers(name: "steps", [UInt64(steps), UInt64(recoveries)]),
        NamedIntegers(name: "rule_steps", rules.map { UInt64($0.rule.steps) }),
      ],
      metadata: [
        "kind": Self.kind,
        "training": String(decoding: try encoder.encode(training), as: UTF8.self),
      ])
  }

  /// Continues the training that `file` holds.
  ///
  /// - Parameters:
  ///   - file: the state.
  ///   - path: its name, for errors.
  ///   - embedder: I and C.
  ///   - witness: f_V, where the training has a part for it; a state that wants one is refused without.
  /// - Throws: `TrainingStateError`, `OptimizerStateError` or `CheckpointError`; nothing of the file is
  ///   believed before it is checked.
  public init(
    checkpoint file: SafeTensorsFile, path: String, embedder: FaceEmbedder,
    witness: FaceEmbedder? = nil
  ) throws {
    let unfit = TrainingStateError.notATraining(path: path, expected: "an IP-GAN's")
    guard file.metadata["kind"] == Self.kind, let settings = file.metadata["training"],
      let training = try? JSONDecoder().decode(IPGANTraining.self, from: Data(settings.utf8)),
      training.isConsistent, training.architecture.fits(embedder.shape),
      training.witnessShare == nil || witness != nil
    else { throw unfit }
    let position = try file.counts("steps", count: 2, limit: mostTrainingSteps)
    let counts = try file.counts("rule_steps", count: 3, limit: position[0])
    let architecture = training.architecture
    for network in [
      AttributeEncoder(architecture), FaceGenerator(architecture),
      FaceDiscriminator(architecture),
    ] as [any ParameterizedNetwork] { try file.checkHolds(network.weightCount) }
    self.init(training, embedder: embedder, witness: witness)
    encoder = try file.table("encoder/", like: encoder)
    generator = try file.table("generator/", like: generator)
    discriminator = try file.table("discriminator/", like: discriminator)
    averagedEncoder = try file.table("averaged_encoder/", like: averagedEncoder)
    averagedGenerator = try file.table("averaged_generator/", like: averagedGenerator)
    norms = try file.array("state/norms", shape: [norms.count]).elements
    if let blank = spectral?.directions {
      spectral?.directions = try file.table("spectral/", like: blank)
    }
    let numbers = try file.array("state/health", shape: [health.numbers.count]).elements
    guard let kept = IPGANHealth(numbers: numbers) else { throw unfit }
    health = kept
    (steps, recoveries) = (position[0], min(position[1], Self.mostRecoveries))
    for (rule, count, name, table) in [
      (\IPGANTrainer.encoderRule, counts[0], "encoder", encoder),
      (\.generatorRule, counts[1], "generator", generator),
      (\.discriminatorRule, counts[2], "discriminator", discriminator),
    ] {
      try self[keyPath: rule].load(
        file.table(under: "rule_\(name)/"), steps: count, matching: table)
    }
  }
}
