import Checkpoints
import Embedders
import Foundation
import JSON
import ModelStore
import NeuralNetworks
import PictureTensors
import SeededRandom
import Tensors
import TestSupport
import Testing

@testable import IPGANTraining
@testable import Reconstruction

@Suite struct IPGANTrainerTests {
  static let embedder = FaceEmbedder.tiny()

  static func training() -> IPGANTraining {
    var training = IPGANTraining(
      IPGANArchitecture(
        identity: 16, latent: 8, attributeWidths: [8, 8], generatorWidths: [16, 8, 8],
        discriminatorWidths: [8, 8]))
    (training.batch, training.realismStart) = (8, 0)
    return training
  }

  static func advance(_ trainer: inout IPGANTrainer, to steps: Int) -> IPGANTrainer.Report? {
    var last: IPGANTrainer.Report?
    while trainer.steps < steps {
      let step = trainer.steps
      let (subjects, _) = SyntheticPeople.batch(step: step, size: 8, people: 6, side: 16)
      let others = SyntheticPeople.batch(step: step + 1000, size: 8, people: 6, side: 16).0
      last = trainer.step(subjects: subjects, attributes: step % 2 == 0 ? nil : others, of: 1000)
    }
    return last
  }

  @Test("reconstructions come nearer to their pictures") func learns() throws {
    var trainer = IPGANTrainer(Self.training(), embedder: Self.embedder)
    let first = try #require(Self.advance(&trainer, to: 1))
    let last = try #require(Self.advance(&trainer, to: 151))
    #expect(last.reconstruction < 0.5 * first.reconstruction)
  }

  @Test("G continues the map of an embedder that has one, trained or folded") func map() throws {
    var architecture = EmbedderArchitecture.tiny
    architecture.head = .map
    var random = SplitMix64(seed: 4)
    let embedder = FaceEmbedder(architecture, architecture.initialParameters(using: &random))
    #expect(IPGANArchitecture(for: architecture.shape).identitySide == 4)
    var training = Self.training()
    (training.architecture.identity, training.architecture.identitySide) = (256, 4)
    var trainer = IPGANTrainer(training, embedder: embedder)
    let first = try #require(Self.advance(&trainer, to: 1))
    let last = try #require(Self.advance(&trainer, to: 151))
    #expect(last.reconstruction < 0.5 * first.reconstruction)
    // Normalisation multiplied into the weights gives the same picture as normalisation after them.
    let x = Variable(
      Tensor((0..<2).map { SyntheticPeople.picture(person: $0, variant: 1, side: 16) }))
    let (identity, z) = (embedder.features(of: x).identity, Variable(Tensor(zeros: [2, 8])))
    let network = FaceGenerator(training.architecture)
    let pictures = [trainer.generator, trainer.generator.foldingNormalization()].map {
      network(identity, z, ForwardPass($0, mode: .inference, tracksParameters: false)).value
    }
    let difference = pictures[0] - pictures[1]
    #expect(difference.dot(difference) < 1e-8 * pictures[0].dot(pictures[0]))
  }

  @Test("a state that went through a file continues bit for bit") func resumes() throws {
    var through = IPGANTrainer(Self.training(), embedder: Self.embedder)
    _ = Self.advance(&through, to: 3)
    let file = try SafeTensorsFile(bytes: through.checkpoint().bytes())
    var resumed = try IPGANTrainer(checkpoint: file, path: "memory", embedder: Self.embedder)
    _ = Self.advance(&through, to: 6)
    _ = Self.advance(&resumed, to: 6)
    #expect(try resumed.checkpoint().bytes() == through.checkpoint().bytes())
  }

  @Test("from a published model, A and G go on where it stood, and D begins anew")
  func continuesFromModel() throws {
    var trainer = IPGANTrainer(Self.training(), embedder: Self.embedder)
    let first = try #require(Self.advance(&trainer, to: 1))
    _ = Self.advance(&trainer, to: 150)
    let file = IPGANTrainer.modelFile(encoder: trainer.encoder, generator: trainer.generator)
    let bytes = try file.bytes()
    let folder = FileManager.default.temporaryDirectory.appending(path: "from-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(bytes).write(to: folder.appending(path: "g.safetensors"))
    let entry = ModelEntry(
      name: "g", file: "g.safetensors", contents: bytes,
      architecture: try Dictionary(describing: Self.training().architecture))
    var manifest = ModelManifest()
    manifest.update(entry)
    let model = try IPGANModel(
      "g", of: manifest, folder: folder.path, embedder: Self.embedder, side: 16)
    #expect(model.sha256 == entry.sha256)

    var training = Self.training()
    training.seed = 2
    training.architecture.discriminatorWidths = [8, 16]
    var next = try IPGANTrainer(training, from: model, embedder: Self.embedder)
    #expect(next.encoder == trainer.encoder && next.averagedGenerator == trainer.generator)
    let nothing = IPGANTrainer(training, embedder: Self.embedder)
    #expect(next.discriminator == nothing.discriminator && next.steps == 0)
    let resumed = try #require(Self.advance(&next, to: 1))
    #expect(resumed.reconstruction < 0.6 * first.reconstruction)
    training.architecture.latent = 4
    #expect(!model.architecture.sharesEncoderAndGenerator(with: training.architecture))
  }

  @Test("each network learns from its own losses only (Table 1)") func ownLosses() {
    func after(_ steps: Int = 1, _ change: (inout IPGANTraining) -> Void) -> IPGANTrainer {
      var training = Self.training()
      change(&training)
      var trainer = IPGANTrainer(training, embedder: Self.embedder)
      _ = Self.advance(&trainer, to: steps)
      return trainer
    }
    let plain = after { _ in }
    // L_GC and L_GD reach G alone.
    for other in [after { $0.identityStrength = 3 }, after { $0.realismStrength = 3 }] {
      #expect(other.encoder == plain.encoder)
      #expect(other.discriminator == plain.discriminator)
      #expect(other.generator != plain.generator)
    }
    // L_KL reaches A alone. Its weight rises from zero, so it first counts in the second step, whose
    // pictures were made before A changed.
    let second = after(2) { _ in }
    let divergent = after(2) {
      $0.divergenceWeight = 50
      $0.divergenceWarmup = 0
    }
    #expect(divergent.generator == second.generator)
    #expect(divergent.discriminator == second.discriminator)
    #expect(divergent.encoder != second.encoder)
    // A loss beside L_GC on f_I is G's alone, too.
    let mapped = after { $0.mapShare = 1 }
    #expect(mapped.encoder == plain.encoder && mapped.generator != plain.generator)
    // Without D's part, A and D are as they were.
    let without = after { $0.realismStart = 5 }
    #expect(without.encoder == plain.encoder)
    #expect(without.discriminator != plain.discriminator)
    // Left out altogether, D never moves.
    let start = IPGANTrainer(Self.training(), embedder: Self.embedder)
    #expect(after(3) { $0.realismStrength = 0 }.discriminator == start.discriminator)
  }

  @Test("plain sums weigh the losses as they are, norms by their gradients") func balance() {
    func generator(
      _ balance: IPGANTraining.Balance, _ identity: Float, _ realism: Float
    ) -> ParameterTable {
      var training = Self.training()
      training.balance = balance
      (training.identityStrength, training.realismStrength) = (identity, realism)
      var trainer = IPGANTrainer(training, embedder: Self.embedder)
      _ = Self.advance(&trainer, to: 1)
      return trainer.generator
    }
    let alone = generator(.sums, 0, 0)
    #expect(alone == generator(.norms, 0, 0))
    for (identity, realism) in [(1, 0), (0, 1)] as [(Float, Float)] {
      let sums = generator(.sums, identity, realism)
      #expect(sums != alone)
      #expect(sums != generator(.norms, identity, realism))
    }
  }

  @Test("networks that do not fit are refused") func inconsistent() {
    var architecture = Self.training().architecture
    architecture.attributeWidths = [8]
    #expect(!architecture.isConsistent)
    #expect(Self.training().architecture.isConsistent)
  }

  @Test("a reconstruction is the same alone and in a batch") func batchInvariance() {
    var trainer = IPGANTrainer(Self.training(), embedder: Self.embedder)
    _ = Self.advance(&trainer, to: 4)
    let networks = FaceReconstructor(
      trainer.training.architecture, encoder: trainer.averagedEncoder,
      generator: trainer.averagedGenerator, embedder: Self.embedder)
    let faces = Tensor((0..<3).map { SyntheticPeople.picture(person: $0, variant: 1, side: 16) })
    let together = networks.reconstruct(Variable(faces)).value
    for index in 0..<3 {
      let alone = networks.reconstruct(Variable(faces.entries(index..<index + 1))).value
      #expect(alone == together.entries(index..<index + 1))
    }
  }
}
