import Checkpoints
import Embedders
import Foundation
import NeuralNetworks
import Reconstruction
import SeededRandom
import Tensors
import TestSupport
import Testing

@testable import IPGANTraining

/// Ten steps of Algorithm 1 beside what PyTorch computes of the same numbers (`Tests/Training/curves.py`).
@Suite struct IPGANCurveTests {
  @Test("the losses of ten steps of both kinds are PyTorch's") func curve() throws {
    var architecture = EmbedderArchitecture.tiny
    architecture.head = .map
    var random = SplitMix64(seed: 4)
    let embedder = FaceEmbedder(architecture, architecture.initialParameters(using: &random))
    var training = IPGANTrainerTests.training()
    training.architecture.identity = architecture.shape.identity
    training.architecture.identitySide = architecture.shape.mapSide
    (training.batch, training.realismStart) = (4, 0)
    var trainer = IPGANTrainer(training, embedder: embedder)
    let subjects = SyntheticPeople.batch(step: 1, size: 4, people: 6, side: 16).0
    let attributes = SyntheticPeople.batch(step: 2, size: 4, people: 6, side: 16).0
    var inputs = ParameterTable()
    (inputs["subjects"], inputs["attributes"]) = (subjects, attributes)
    for (prefix, table) in [
      ("embedder/", embedder.parameters), ("encoder/", trainer.encoder),
      ("generator/", trainer.generator), ("discriminator/", trainer.discriminator),
    ] {
      for name in table.names { inputs[prefix + name] = table[name] }
    }
    for step in 0..<10 {
      var noise = SplitMix64(seed: training.seed).derived(from: "noise", step)
      inputs["noise\(step)"] = Tensor.normal([4, training.architecture.latent], using: &noise)
    }
    try GoldenCurve.dump("ipgan", inputs, settings: training, embedder: architecture)
    let found = (0..<10).map { step -> [Double] in
      let report = trainer.step(
        subjects: subjects, attributes: step % 2 == 0 ? nil : attributes, of: 1_000_000)
      return [
        report.reconstruction, report.divergence, report.identity, report.realism,
        report.discriminator,
      ].map(Double.init)
    }
    try GoldenCurve.check("ipgan", found, within: 5e-4)
  }
}
