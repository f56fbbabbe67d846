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
      .value("--widths", "N,N,…", "Channels of the five blocks; 32,64,128,256,512 if not given."),
      .value("--embedding", "N", "Numbers in f_C; 256 if not given."),
      .value("--loss", "NAME", "softmax or cosface; cosface if not given."),
      .value("--margin", "M", "What the right cosine is lowered by; 0.25 if not given."),
      .value("--scale", "S", "What cosines are multiplied by; 24 if not given."),
      .value("--pair-weight", "W", "The weight of the verification signal; 1 if not given."),
      .value("--optimizer", "NAME", "adam or momentum; adam if not given."),
      .value("--learning-rate", "R", "The highest learning rate; 0.001 if not given."),
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
    if let widths = try arguments.optional("--widths", .numbers(in: 1...2048)) {
      guard (1...6).contains(widths.count) else {
        throw UsageError.invalidValue(
          name: "--widths", value: arguments.text("--widths") ?? "", expected: "1 to 6 numbers")
      }
      training.architecture.widths = widths.map { Int($0) }
    }
    training.architecture.embedding =
      try arguments.optional("--embedding", .integer(in: 2...2048))
      ?? training.architecture.embedding
    training.loss = try arguments.optional("--loss", .choice) ?? training.loss
    training.optimizer = try arguments.optional("--optimizer", .choice) ?? training.optimizer
    func real(_ name: String, _ range: ClosedRange<Double>, _ value: inout Float) throws {
      if let number = try arguments.optional("--" + name, .number(in: range)) {
        value = Float(number)
      }
    }
    try real("margin", 0...0.9, &training.margin)
    try real("scale", 1...128, &training.scale)
    try real("pair-weight", 0...100, &training.pairWeight)
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
