import Checkpoints
import CommandLineArguments
import Experiments
import FaceDatasets
import FaceVerification
import Foundation

/// `facewarden train embedder`: makes f_C.
struct TrainEmbedder: Subcommand {
  static let command = Command(
    "train embedder", "trains the embedder f_C on pictures of labelled people",
    discussion: """
      Interrupted or killed, the same command continues it. At the end the weights, their \
      thresholds (measured on the people held out) and their description go into the models' folder.
      """,
    options: [
      SharedOptions.data, SharedOptions.heldOut, SharedOptions.heldOutSeed, SharedOptions.models,
      .value(
        "--state", "FILE",
        "Where the training is kept while it runs, and continued from; "
          + "runs/embedder.state if not given."),
      .value("--epochs", "N", "Passes over the data; 5 if not given."),
      .value("--batch", "N", "Pictures a step, even; 64 if not given."),
      .value("--widths", "N,N,…", "Channels of each block; 16,48,96,192,384 if not given."),
      .value("--convolutions", "N,N,…", "Convolutions in each block; two each if not given."),
      .value("--head", "NAME", "f_I as average or as map; map if not given."),
      .value("--view", "NAME", "whole or grey-middle (96×96 pixels); whole if not given."),
      .value("--embedding", "N", "Numbers in f_C; 256 if not given."),
      .value("--loss", "NAME", "softmax or cosface; cosface if not given."),
      .value("--margin", "M", "What the right cosine is lowered by; 0.25 if not given."),
      .value("--scale", "S", "What cosines are multiplied by; 24 if not given."),
      .value(
        "--softmax-share", "P", "The share of steps before the margin begins; 0.3 if not given."),
      .value("--margin-warmup", "P", "The share of steps while it grows; 0.3 if not given."),
      .value("--pair-weight", "W", "The weight of the verification signal; 1 if not given."),
      .value("--optimizer", "NAME", "adam or momentum; adam if not given."),
      .value("--learning-rate", "R", "The highest learning rate; 0.001 if not given."),
      .value("--weight-decay", "R", "The pull of weights towards zero; 0.0005 if not given."),
      .value("--dropout", "P", "How much of f_I is left out while training; 0 if not given."),
      .value("--augmentation", "NAME", "none, flip, light or full; light if not given."),
      .value("--seed", "N", "Where all randomness comes from; 1 if not given."),
      .value("--checkpoint-seconds", "N", "Seconds between writes of the state; 180 if not given."),
    ])

  private let training: EmbedderTraining
  private let sources: [String]
  private let statePath, models: String
  private let heldOut: Double
  private let heldOutSeed: UInt64
  private let interval: Double

  init(_ arguments: Arguments) throws {
    var training = EmbedderTraining()
    training.epochs =
      try arguments.optional("--epochs", .integer(in: 1...10_000)) ?? training.epochs
    training.batch = try arguments.optional("--batch", .integer(in: 4...4096)) ?? training.batch
    guard training.batch % 2 == 0 else {
      throw UsageError.invalidValue(
        name: "--batch", value: "\(training.batch)", expected: "an even number")
    }
    training.architecture = try Self.architecture(arguments)
    training.loss = try arguments.optional("--loss", .choice) ?? training.loss
    training.optimizer = try arguments.optional("--optimizer", .choice) ?? training.optimizer
    func real(_ name: String, _ range: ClosedRange<Double>, _ value: inout Float) throws {
      if let number = try arguments.optional("--" + name, .number(in: range)) {
        value = Float(number)
      }
    }
    try real("margin", 0...0.9, &training.margin)
    try real("scale", 1...128, &training.scale)
    try real("softmax-share", 0...1, &training.softmaxShare)
    try real("margin-warmup", 0...1, &training.marginWarmup)
    try real("pair-weight", 0...100, &training.pairWeight)
    try real("weight-decay", 0...1, &training.weightDecay)
    try real("dropout", 0...0.9, &training.dropout)
    if let name = try arguments.optional("--augmentation", .text) {
      guard let augmentation = FaceAugmentation.named[name] else {
        throw UsageError.invalidValue(
          name: "--augmentation", value: name, expected: "none, flip, light or full")
      }
      training.augmentation = augmentation
    }
    try real("learning-rate", 1e-7...10, &training.learningRate)
    training.seed = UInt64(try arguments.optional("--seed", .integer(in: 0...Int.max)) ?? 1)
    self.training = training
    sources = try arguments.all("--data", .text)
    statePath = arguments.text("--state") ?? "runs/embedder.state"
    models = arguments.modelsFolder
    heldOut = try arguments.optional("--held-out", .number(in: 0...0.5)) ?? 0.03
    heldOutSeed = UInt64(try arguments.optional("--held-out-seed", .integer(in: 0...Int.max)) ?? 1)
    interval = Double(
      try arguments.optional("--checkpoint-seconds", .integer(in: 1...86_400)) ?? 180)
  }

  private static func architecture(_ arguments: Arguments) throws -> EmbedderArchitecture {
    func counts(_ name: String) throws -> [Int]? {
      try arguments.optional(name, .numbers(in: 1...2048)).map { $0.map { Int($0) } }
    }
    var view = FaceView()
    switch try arguments.optional("--view", .text) ?? "whole" {
    case "whole": break
    case "grey-middle": view = .greyMiddle
    case let other:
      throw UsageError.invalidValue(
        name: "--view", value: other, expected: "whole or grey-middle")
    }
    let standard = EmbedderArchitecture()
    let architecture = EmbedderArchitecture(
      widths: try counts("--widths") ?? standard.widths, convolutions: try counts("--convolutions"),
      head: try arguments.optional("--head", .choice) ?? standard.head,
      embedding: try arguments.optional("--embedding", .integer(in: 2...2048))
        ?? standard.embedding, view: view)
    guard architecture.isBuildable else {
      throw UsageError.conflict(
        "no such network: 1 to 8 widths, as many '--convolutions' of 1 to 8, and a side of "
          + "\(view.side) pixels that can be halved for each block")
    }
    return architecture
  }

  func run() throws -> Int32 {
    Interruption.observe()
    let all = try IdentityDataset(sources: sources)
    Console.say("\(all.report)")
    let (data, validation) = all.split(heldOut: heldOut, seed: heldOutSeed)
    Console.say(
      "training on \(data.count) pictures of \(data.people.count) people; held out: "
        + "\(validation.count) of \(validation.people.count)")
    var trainer = try start(people: data.people.count)
    try trainer.run(
      on: data, loop: TrainingLoop(checkpointPath: statePath, interval: interval),
      progress: Console.progress, shouldStop: { Interruption.isRequested })
    Console.endProgress()
    guard !Interruption.isRequested else {
      Console.say("stopped at step \(trainer.steps); the same command continues")
      return 2
    }
    try publish(trainer, validation, people: data.people.count)
    return 0
  }

  private func start(people: Int) throws -> EmbedderTrainer {
    guard FileManager.default.fileExists(atPath: statePath) else {
      let folder = (statePath as NSString).deletingLastPathComponent
      if !folder.isEmpty {
        try FileManager.default.createDirectory(
          atPath: folder, withIntermediateDirectories: true)
      }
      return EmbedderTrainer(training, people: people)
    }
    let trainer = try EmbedderTrainer(
      checkpoint: SafeTensorsFile(path: statePath), path: statePath)
    guard trainer.training == training else {
      throw TrainingStateError.otherSettings(path: statePath)
    }
    guard trainer.people == people else {
      throw TrainingStateError.otherPeople(
        path: statePath, expected: people, found: trainer.people)
    }
    Console.say("continuing at step \(trainer.steps)")
    return trainer
  }

  private func publish(
    _ trainer: EmbedderTrainer, _ validation: IdentityDataset, people: Int
  ) throws {
    let embedder = FaceEmbedder(training.architecture, trainer.embedder)
    let points =
      validation.count > 0
      ? try VerificationPoints.measure(
        embedder, on: validation,
        source: "\(validation.count) pictures of \(validation.people.count) people held out")
      : []
    for point in points {
      Console.say("\(point.name): distance² < \(point.threshold), FNMR \(point.fnmr ?? .nan)")
    }
    try FileManager.default.createDirectory(atPath: models, withIntermediateDirectories: true)
    let bytes = try SafeTensorsFile(tables: [("", trainer.embedder)]).bytes()
    try AtomicFile.write(bytes, to: models + "/f_c.safetensors")
    try ModelManifest.update(
      ModelEntry(
        name: FaceEmbedder.modelName, file: "f_c.safetensors", contents: bytes,
        architecture: try Dictionary(describing: training.architecture),
        trainingData: "\(people) people of "
          + sources.map { ($0 as NSString).lastPathComponent }.joined(separator: ", "),
        command: Invocation.text, seed: training.seed, operatingPoints: points,
        license: Invocation.weightsLicense,
        notes: "distance² of unit-length f_C in 0…4; below the threshold is a match",
        departures: [
          "each batch is made of pairs of one person, with a softmax over their cosines beside (6)",
          "after a start with plain softmax the margin of CosFace takes its place",
        ]), folder: models)
    Console.say("wrote \(models)/f_c.safetensors")
  }
}
