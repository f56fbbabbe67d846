import Checkpoints
import CommandLineArguments
import EmbedderTraining
import Embedders
import Experiments
import FaceDatasets
import Files
import Foundation
import IPGANTraining
import Images
private import JSON
import ModelStore
import NeuralNetworks
import PictureBatches
import PictureTensors
import Reconstruction
import Reports
import SeededRandom
import Tensors
import Training

/// `facewarden train ipgan`: makes A and G (and D, which only training needs).
struct TrainIPGAN: Subcommand {
  static let command = Command(
    "train ipgan", "trains the attribute encoder A and the generator G against D (Algorithm 1)",
    discussion: """
      Interrupted or killed, the same command continues it. Beside the state lie a log of JSON lines, \
      the learning curves as SVG and a contact sheet: held-out faces, their reconstructions, and the \
      next face's identity with each one's attributes. A training that breaks down goes back to its \
      last milestone and takes another path.
      """,
    options: IPGANSettings.options)

  private let settings: IPGANSettings

  init(_ arguments: Arguments) throws { settings = try IPGANSettings(arguments) }

  func run() throws -> Int32 {
    Interruption.observe()
    let embedder = try FaceEmbedder(
      of: ModelManifest(folder: settings.common.models), folder: settings.common.models)
    let training = try settings.training(for: embedder.shape)
    let all = try IdentityDataset(sources: settings.common.sources)
    Console.say(all.report)
    let (data, validation) = all.split(
      heldOut: settings.common.heldOut, seed: settings.common.heldOutSeed)
    var parts = [data]
    if !settings.unlabelled.isEmpty {
      let others = try IdentityDataset(unlabelled: settings.unlabelled)
      Console.say(others.report)
      parts.append(others)
    }
    let pictures = PicturePool(parts)
    guard pictures.count >= training.batch else {
      throw TrainingDataError.tooFewPictures(found: pictures.count, batch: training.batch)
    }
    Console.say(
      "training on \(pictures.count) pictures, \(data.count) of them of \(data.people.count) people; "
        + "held out: \(validation.count)")
    var trainer = try start(training, embedder)
    guard !settings.common.isPublishedAsIs else {
      try publish(trainer, pictures, data)
      return 0
    }
    let log = TrainingLog(path: settings.common.stem + ".log.jsonl")
    let shown = validation.count > 0 ? validation : data
    try trainer.run(
      on: pictures, augmentation: .flipOnly, steps: settings.steps,
      loop: settings.common.loop(log: log),
      progress: Console.progress, shouldStop: { Interruption.isRequested },
      recovered: { reason, trainer in
        Console.endProgress()
        Console.say("\(reason)")
        Console.say("went back to step \(trainer.steps), for the \(trainer.recoveries). time")
      },
      saved: { trainer in
        try LearningCurves(try log.entries()).write(beside: settings.common.stem)
        try writeSheet(trainer, pictures, shown)
      })
    Console.endProgress()
    guard !Interruption.isRequested || trainer.steps == settings.steps else {
      Console.say("stopped at step \(trainer.steps); the same command continues")
      return 2
    }
    try publish(trainer, pictures, data)
    return 0
  }

  private func start(_ training: IPGANTraining, _ embedder: FaceEmbedder) throws -> IPGANTrainer {
    let model = try settings.origin.map { origin in
      let model = try IPGANModel(
        origin, of: ModelManifest(folder: settings.common.models), folder: settings.common.models,
        embedder: embedder)
      guard model.architecture.sharesEncoderAndGenerator(with: training.architecture) else {
        throw ModelError.otherArchitecture(
          model: origin, asked: training.architecture.summary, found: model.architecture.summary)
      }
      return model
    }
    var training = training
    training.startingWeights = model?.sha256
    let path = settings.common.statePath
    guard FileManager.default.fileExists(atPath: path) else {
      guard !settings.common.isPublishedAsIs else {
        throw CheckpointError.unreadable(
          path: path, reason: "no such state; expected one to publish")
      }
      let folder = (path as NSString).deletingLastPathComponent
      if !folder.isEmpty { try OutputFolder.make(folder) }
      return model.map { IPGANTrainer(training, from: $0, embedder: embedder) }
        ?? IPGANTrainer(training, embedder: embedder)
    }
    let trainer = try IPGANTrainer(
      checkpoint: SafeTensorsFile(path: path), path: path, embedder: embedder)
    guard trainer.training == training else { throw TrainingStateError.otherSettings(path: path) }
    Console.say("continuing at step \(trainer.steps)")
    return trainer
  }

  /// Inputs, reconstructions, and the identities of the next input with the attributes of each.
  private func writeSheet(
    _ trainer: IPGANTrainer, _ pictures: PicturePool, _ shown: IdentityDataset
  ) throws {
    let count = min(12, shown.count)
    let indices = (0..<count).map { $0 * shown.count / count }
    let x = Variable(
      try shown.tensor(indices, augmentation: .none, using: SplitMix64(seed: 0)))
    let networks = try trainer.reconstructor(settledOn: pictures, count: 256)
    let identity = trainer.embedder.features(of: x).identity.value
    let turned = Tensor(joining: [identity.entries(1..<count), identity.entries(0..<1)])
    let recombined = networks.generate(
      identity: Variable(turned), attributes: networks.attributes(of: x))
    try ContactSheet.make([
      x.value.pictures(), networks.reconstruct(x).value.pictures(), recombined.value.pictures(),
    ]).writePNG(to: settings.sheetPath)
  }

  private func publish(
    _ trainer: IPGANTrainer, _ pictures: PicturePool, _ data: IdentityDataset
  ) throws {
    let (name, models) = (settings.common.name, settings.common.models)
    let settled = try trainer.settled(on: pictures)
    let bytes = try IPGANTrainer.modelFile(
      encoder: settled.encoder, generator: settled.generator
    ).bytes()
    try OutputFolder.make(models)
    try AtomicFile.write(bytes, to: "\(models)/\(name).safetensors")
    let sources = (settings.common.sources + settings.unlabelled).map {
      ($0 as NSString).lastPathComponent
    }
    try ModelManifest.update(
      ModelEntry(
        name: name, file: "\(name).safetensors", contents: bytes,
        architecture: try Dictionary(describing: trainer.training.architecture),
        trainingData: "\(pictures.count) pictures, \(data.count) of them of \(data.people.count) "
          + "people, of \(sources.joined(separator: ", "))",
        command: Invocation.text, seed: trainer.training.seed,
        metrics: [
          "steps": Double(trainer.steps), "batch": Double(trainer.training.batch),
          "recoveries": Double(trainer.recoveries),
        ],
        license: Invocation.weightsLicense,
        notes: "A and G of an IP-GAN; I and C are the manifest's \(FaceEmbedder.modelName)"
          + (trainer.steps < settings.steps
            ? "; published at step \(trainer.steps) of \(settings.steps)" : ""),
        departures: settings.departures(of: trainer.training),
        madeWith: try ModelManifest(folder: models).sums(of: [FaceEmbedder.modelName])),
      folder: models)
    Console.say("wrote \(models)/\(name).safetensors")
  }
}
