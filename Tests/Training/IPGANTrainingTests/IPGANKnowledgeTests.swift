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
import Training

@testable import IPGANTraining
@testable import Reconstruction

/// An IP-GAN whose G is told f_C.
@Suite struct IPGANKnowledgeTests {
  /// An embedder whose f_I, a map, has more numbers than its f_C.
  static let embedder = IPGANVariantTests.embedder

  static func training(embedding: Int? = 16) -> IPGANTraining {
    var training = IPGANTrainerTests.training()
    (training.architecture.identity, training.architecture.identitySide) = (256, 4)
    training.architecture.embedding = embedding
    return training
  }

  static func faces(variant: Int) -> Variable {
    Variable(
      Tensor((0..<3).map { SyntheticPeople.picture(person: $0, variant: variant, side: 16) }))
  }

  @Test("the f_I that G begins with has the f_C told, and is the smallest one") func smallest()
    throws
  {
    let own = try #require(try Self.embedder.smallestIdentity())
    let known = Self.embedder.features(of: Self.faces(variant: 1))
    let table = Self.embedder.parameters
    let (weight, bias) = (
      try #require(table["embedding.weight"]), try #require(table["embedding.bias"])
    )
    let unfolded = known.embedding.dense(Variable(own.weight), bias: Variable(own.bias))
    let again = unfolded.dense(Variable(weight), bias: Variable(bias)).value
    let error = again - known.embedding.value
    #expect(error.dot(error) < 1e-6 * again.dot(again))
    // What is left of the picture's own f_I is what f_C does not see: at right angles, and seen as nothing.
    let left = known.identity.value - unfolded.value
    #expect(abs(left.dot(unfolded.value)) < 1e-4 * unfolded.value.dot(unfolded.value))
    #expect(left.dot(left) > 0.01 * unfolded.value.dot(unfolded.value))
    let seen = Variable(left).dense(Variable(weight)).value
    #expect(seen.dot(seen) < 1e-6 * again.dot(again))
  }

  @Test("reconstructions come nearer to their pictures, also from a state that went through a file")
  func learns() throws {
    var trainer = try IPGANTrainer(beginning: Self.training(), embedder: Self.embedder)
    let first = try #require(IPGANTrainerTests.advance(&trainer, to: 1))
    _ = IPGANTrainerTests.advance(&trainer, to: 75)
    let file = try SafeTensorsFile(bytes: trainer.checkpoint().bytes())
    var resumed = try IPGANTrainer(checkpoint: file, path: "memory", embedder: Self.embedder)
    let last = try #require(IPGANTrainerTests.advance(&resumed, to: 151))
    #expect(last.reconstruction < 0.6 * first.reconstruction)
    #expect(throws: TrainingStateError.self) {
      try IPGANTrainer(checkpoint: file, path: "memory", embedder: .tiny())
    }
  }

  @Test("a G that was told f_I goes on being told f_C; the other way round there is none")
  func goesOn() throws {
    var trainer = IPGANTrainer(Self.training(embedding: nil), embedder: Self.embedder)
    _ = IPGANTrainerTests.advance(&trainer, to: 3)
    let model = try Self.model(of: trainer)
    let next = try IPGANTrainer(Self.training(), from: model, embedder: Self.embedder)
    #expect(next.encoder == trainer.encoder)
    for name in trainer.generator.names {
      #expect(next.averagedGenerator[name] == trainer.generator[name], "\(name)")
    }
    let begun = try Self.embedder.smallestIdentity()
    #expect(next.generator["start.unfolding.weight"] == begun?.weight)
    #expect(next.generator.names.count == trainer.generator.names.count + 2)
    // Once told f_C, what was learnt of it stays.
    let told = try Self.model(of: next)
    #expect(!told.architecture.canBecome(Self.training(embedding: nil).architecture))
    let further = try IPGANTrainer(Self.training(), from: told, embedder: Self.embedder)
    #expect(further.generator == next.generator)
  }

  private static func model(of trainer: IPGANTrainer) throws -> IPGANModel {
    let bytes = try IPGANTrainer.modelFile(
      encoder: trainer.encoder, generator: trainer.generator
    ).bytes()
    let folder = FileManager.default.temporaryDirectory.appending(path: "told-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try Data(bytes).write(to: folder.appending(path: "g.safetensors"))
    var manifest = ModelManifest()
    manifest.update(
      ModelEntry(
        name: "g", file: "g.safetensors", contents: bytes,
        architecture: try Dictionary(describing: trainer.training.architecture)))
    return try IPGANModel("g", of: manifest, folder: folder.path, embedder: embedder, side: 16)
  }

  @Test("a file for another f_C, or for none, is refused") func unfit() throws {
    var training = Self.training()
    training.architecture.embedding = 12
    #expect(!training.architecture.fits(Self.embedder.shape))
    #expect(Self.training().architecture.fits(Self.embedder.shape))
    training.architecture.embedding = 0
    #expect(!training.architecture.isConsistent)
    // As files say it, and as those said nothing that were written before.
    let written = try JSONEncoder().encode(Self.training().architecture)
    #expect(
      try JSONDecoder().decode(IPGANArchitecture.self, from: written)
        == Self.training().architecture)
    let before = try JSONEncoder().encode(Self.training(embedding: nil).architecture)
    #expect(!String(decoding: before, as: UTF8.self).contains(#""embedding""#))
  }

  @Test("who a reconstruction shows depends on f_C alone") func reconstructions() throws {
    var random = SplitMix64(seed: 9)
    let architecture = Self.training().architecture
    let networks = FaceReconstructor(
      architecture, encoder: AttributeEncoder(architecture).initialParameters(using: &random),
      generator: FaceGenerator(architecture).initialParameters(using: &random),
      embedder: Self.embedder)
    let x = Self.faces(variant: 2)
    #expect(networks.identity(of: x).value == Self.embedder.features(of: x).embedding.value)
    let made = networks.generate(
      identity: Self.embedder.features(of: x).embedding, attributes: networks.attributes(of: x))
    #expect(networks.reconstruct(x).value == made.value)
  }
}
