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
    let folder = settings.common.models.path
    let manifest = try ModelManifest(folder: folder)
    let embedder = try FaceEmbedder(of: manifest, folder: folder)
    let training = try settings.training(for: embedder.shape)
    let witness =
      try training.witnessShare == nil
      ? nil : FaceEmbedder(FaceEmbedder.witnessName, of: manifest, folder: folder)
    let all = try IdentityDataset(sources: settings.common.data.sources)
    Console.say(all.report)
    let (data, validation) = all.split(
      heldOut: settings.common.data.heldOut, seed: settings.common.data.seed)
    var parts = [data]
    if !settings.common.unlabelled.isEmpty {
      let others = try IdentityDataset(unlabelled: settings.common.unlabelled)
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
    let shown = validation.count > 0 ? validation : data
    let (model, path) = (try origin(training, embedder), settings.common.statePath)
    var asked = training
    asked.startingWeights = model?.sha256
    if witness != nil {
      asked.witnessWeights = try manifest.entry(FaceEmbedder.witnessName).sha256
    }
    return try TrainingRun<IPGANTrainer>(
      place: settings.common.place, path: path, total: settings.steps,
      begin: { [asked] in
        try model.map { try IPGANTrainer(asked, from: $0, embedder: embedder, witness: witness) }
          ?? IPGANTrainer(beginning: asked, embedder: embedder, witness: witness)
      },
      resume: { [asked] state in
        let trainer = try IPGANTrainer(
          checkpoint: state, path: path, embedder: embedder, witness: witness)
        guard trainer.training == asked else { throw TrainingStateError.otherSettings(path: path) }
        return trainer
      },
      train: { trainer, run in
        try trainer.run(
          on: pictures, augmentation: .flipOnly, steps: settings.steps, loop: run.loop,
          progress: run.progress, shouldStop: run.shouldStop,
          recovered: { reason, trainer in
            Console.endProgress()
            Console.say("\(reason)")
            Console.say("went back to step \(trainer.steps), for the \(trainer.recoveries). time")
          }, saved: run.saved)
      },
      saved: { try writeSheet($0, pictures, shown) },
      publish: { try publish($0, pictures, data) })()
  }

  /// The model that the training starts from, if any.
  private func origin(_ training: IPGANTraining, _ embedder: FaceEmbedder) throws -> IPGANModel? {
    try settings.origin.map { origin in
      let folder = settings.common.models.path
      let model = try IPGANModel(
        origin, of: ModelManifest(folder: folder), folder: folder, embedder: embedder,
        isBeginning: true)
      guard model.architecture.canBecome(training.architecture) else {
        throw ModelError.otherArchitecture(
          model: origin, asked: training.architecture.summary, found: model.architecture.summary)
      }
      return model
    }
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
    let identity = networks.identity(of: x).value
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
    let (name, models) = (settings.common.name, settings.common.models.path)
    let settled = try trainer.settled(on: pictures)
    let bytes = try IPGANTrainer.modelFile(
      encoder: settled.encoder, generator: settled.generator
    ).bytes(as: settings.common.format)
    try Publication.write(
      ModelEntry(
        name: name, file: "\(name).safetensors", contents: bytes,
        architecture: try Dictionary(describing: trainer.training.architecture),
        trainingData: "\(pictures.count) pictures, \(data.count) of them of \(data.people.count) "
          + "people, of \(settings.common.sourceNames.joined(separator: ", "))",
        command: settings.text(of: trainer.training), seed: trainer.training.seed,
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
      bytes, into: models)
  }
}
