import Checkpoints
import CommandLineArguments
import FaceDatasets
import FaceVerification
import Foundation
import IPGAN
import Images
import NeuralNetworks
import SeededRandom
import Tensors

/// `facewarden train ipgan`: makes A and G (and D, which only training needs).
struct TrainIPGAN: Subcommand {
  static let command = Command(
    "train ipgan", "trains the attribute encoder A and the generator G against D (Algorithm 1)",
    discussion: "Interrupted or killed, the same command continues it.",
    options: [
      SharedOptions.data, SharedOptions.heldOut, SharedOptions.heldOutSeed, SharedOptions.models,
      .value(
        "--state", "FILE",
        "Where the training is kept while it runs, and continued from; "
          + "runs/ipgan.state if not given."),
      .value("--steps", "N", "Steps of both kinds together; 4000 if not given."),
      .value("--batch", "N", "Pictures a step; 32 if not given."),
      .value("--latent", "N", "Numbers in the attribute vector; 128 if not given."),
      .value("--divergence-weight", "W", "What L_KL is multiplied by; 1 if not given."),
      .value("--identity-strength", "S", "The share of L_GC's gradient; 1 if not given."),
      .value("--realism-strength", "S", "The share of L_GD's gradient; 0.3 if not given."),
      .value("--learning-rate", "R", "Adam's learning rate; 0.0005 if not given."),
      .value("--seed", "N", "Where all randomness comes from; 1 if not given."),
      .value("--checkpoint-seconds", "N", "Seconds between writes of the state; 180 if not given."),
      .value("--sheet", "FILE", "A PNG of inputs and reconstructions, written with each state."),
    ])

  private let arguments: Arguments
  private let sources: [String]
  private let statePath: String
  private let heldOut: Double
  private let heldOutSeed: UInt64
  private let interval: Double
  private let steps: Int

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    sources = try arguments.all("--data", .text)
    statePath = arguments.text("--state") ?? "runs/ipgan.state"
    heldOut = try arguments.optional("--held-out", .number(in: 0...0.5)) ?? 0.03
    heldOutSeed = UInt64(try arguments.optional("--held-out-seed", .integer(in: 0...Int.max)) ?? 1)
    interval = Double(
      try arguments.optional("--checkpoint-seconds", .integer(in: 1...86_400)) ?? 180)
    steps = try arguments.optional("--steps", .integer(in: 1...100_000_000)) ?? 4000
    _ = try settings(for: EmbedderArchitecture())
  }

  private func settings(for embedder: EmbedderArchitecture) throws -> IPGANTraining {
    let latent = try arguments.optional("--latent", .integer(in: 1...4096)) ?? 128
    var training = IPGANTraining(IPGANArchitecture(for: embedder, latent: latent))
    training.batch = try arguments.optional("--batch", .integer(in: 2...1024)) ?? training.batch
    func real(_ name: String, _ range: ClosedRange<Double>, _ value: inout Float) throws {
      if let number = try arguments.optional("--" + name, .number(in: range)) {
        value = Float(number)
      }
    }
    try real("divergence-weight", 0...1000, &training.divergenceWeight)
    try real("identity-strength", 0...1000, &training.identityStrength)
    try real("realism-strength", 0...1000, &training.realismStrength)
    try real("learning-rate", 1e-7...1, &training.learningRate)
    training.seed = UInt64(try arguments.optional("--seed", .integer(in: 0...Int.max)) ?? 1)
    return training
  }

  func run() throws -> Int32 {
    Interruption.observe()
    let models = arguments.modelsFolder
    let embedder = try FaceEmbedder(of: ModelManifest(folder: models), folder: models)
    let all = try IdentityDataset(sources: sources)
    Console.say(all.report)
    let (data, validation) = all.split(heldOut: heldOut, seed: heldOutSeed)
    var trainer = try start(embedder)
    var sheets = 0
    try trainer.run(
      on: data, augmentation: .flipOnly, steps: steps,
      loop: TrainingLoop(checkpointPath: statePath, interval: interval),
      progress: Console.progress, shouldStop: { Interruption.isRequested },
      saved: { trainer in
        sheets += 1
        try writeSheet(trainer, validation.count > 0 ? validation : data)
      })
    Console.endProgress()
    guard !Interruption.isRequested else {
      Console.say("stopped at step \(trainer.steps); the same command continues")
      return 2
    }
    try publish(trainer, data, to: models)
    return 0
  }

  private func start(_ embedder: FaceEmbedder) throws -> IPGANTrainer {
    let training = try settings(for: embedder.architecture)
    guard FileManager.default.fileExists(atPath: statePath) else {
      let folder = (statePath as NSString).deletingLastPathComponent
      if !folder.isEmpty {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
      }
      return IPGANTrainer(training, embedder: embedder)
    }
    let trainer = try IPGANTrainer(
      checkpoint: SafeTensorsFile(path: statePath), path: statePath, embedder: embedder)
    guard trainer.training == training else {
      throw TrainingStateError.otherSettings(path: statePath)
    }
    Console.say("continuing at step \(trainer.steps)")
    return trainer
  }

  /// Inputs, reconstructions, and the identities of the next input with the attributes of each.
  private func writeSheet(_ trainer: IPGANTrainer, _ data: IdentityDataset) throws {
    guard let path = arguments.text("--sheet") else { return }
    let count = min(12, data.count)
    let indices = (0..<count).map { $0 * data.count / count }
    let x = Variable(
      try data.tensor(indices, augmentation: .none, using: SplitMix64(seed: 0)))
    let settled = try trainer.settled(on: data, pictures: 256)
    let networks = FaceReconstructor(
      trainer.training.architecture, encoder: settled.encoder, generator: settled.generator,
      embedder: trainer.embedder)
    let identity = trainer.embedder.features(of: x).identity.value
    let turned = Tensor(joining: [identity.entries(1..<count), identity.entries(0..<1)])
    try ContactSheet.make([
      x.value.pictures(), networks.reconstruct(x).value.pictures(),
      networks.generate(identity: Variable(turned), attributes: networks.attributes(of: x)).value
        .pictures(),
    ]).writePNG(to: path)
  }

  private func publish(_ trainer: IPGANTrainer, _ data: IdentityDataset, to models: String) throws {
    let settled = try trainer.settled(on: data)
    let bytes = try IPGANTrainer.modelFile(
      encoder: settled.encoder, generator: settled.generator
    ).bytes()
    try AtomicFile.write(bytes, to: models + "/ip_gan.safetensors")
    try ModelManifest.update(
      ModelEntry(
        name: FaceReconstructor.modelName, file: "ip_gan.safetensors", contents: bytes,
        architecture: try Dictionary(describing: trainer.training.architecture),
        trainingData: "\(data.people.count) people of "
          + sources.map { ($0 as NSString).lastPathComponent }.joined(separator: ", "),
        command: Invocation.text, seed: trainer.training.seed,
        metrics: ["steps": Double(trainer.steps), "batch": Double(trainer.training.batch)],
        license: Invocation.weightsLicense,
        notes: "A and G of an IP-GAN; I and C are the manifest's \(FaceEmbedder.modelName)",
        departures: [
          "I and C are trained first and then fixed",
          "the gradients of L_GC and L_GD at x' are brought to a fixed proportion of L_GR's",
          "weights are moving averages; normalisation statistics are gathered anew at the end",
          "D learns against 0.9 for real pictures",
        ], madeWith: try ModelManifest(folder: models).sums(of: [FaceEmbedder.modelName])),
      folder: models)
    Console.say("wrote \(models)/ip_gan.safetensors")
  }
}
