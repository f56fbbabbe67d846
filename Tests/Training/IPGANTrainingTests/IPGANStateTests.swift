import Checkpoints
import Embedders
import NeuralNetworks
import Reconstruction
import Tensors
import TestSupport
import Testing
import Training

@testable import IPGANTraining

/// States that no training wrote are refused in words, and never believed.
@Suite struct IPGANStateTests {
  /// A training of networks of few numbers after two steps.
  static func trained() -> IPGANTrainer {
    var training = IPGANTraining(
      IPGANArchitecture(
        identity: 16, latent: 2, attributeWidths: [2, 2], generatorWidths: [2, 2, 2],
        discriminatorWidths: [2, 2]))
    (training.batch, training.realismStart) = (4, 0)
    var trainer = IPGANTrainer(training, embedder: .tiny())
    for _ in 0..<2 { step(&trainer) }
    return trainer
  }

  static func step(_ trainer: inout IPGANTrainer) {
    let pictures = SyntheticPeople.batch(step: 0, size: 4, people: 3, side: 16).0
    _ = trainer.step(subjects: pictures, attributes: nil, of: 100)
  }

  static func isTyped(_ error: any Error) -> Bool {
    error is CheckpointError || error is TrainingStateError || error is OptimizerStateError
  }

  @Test("every tensor of another shape, and every count out of range, is refused") func shapes()
    throws
  {
    let file = try Self.trained().checkpoint()
    for (edit, changed) in StateEdits.shapes(of: file) {
      // States written before it was kept have no window.
      if ["state/health missing", "state/health renamed"].contains(edit) { continue }
      do {
        _ = try IPGANTrainer(checkpoint: changed, path: "edited", embedder: .tiny())
        Issue.record("\(edit): accepted")
      } catch { #expect(Self.isTyped(error), "\(edit): \(error)") }
    }
  }

  @Test("every bit of the header turned over is refused or changes settings alone") func bits()
    throws
  {
    let embedder = FaceEmbedder.tiny()
    let bytes = try Self.trained().checkpoint().bytes()
    var (refused, accepted) = (0, 0)
    StateEdits.headerBits(of: bytes) { changed in
      do {
        let file = try SafeTensorsFile(bytes: changed)
        var trainer = try IPGANTrainer(checkpoint: file, path: "edited", embedder: embedder)
        accepted += 1
        if accepted % 64 == 0 { Self.step(&trainer) }
      } catch {
        refused += 1
        #expect(Self.isTyped(error), "\(error)")
      }
    }
    #expect(refused > 10 * accepted && accepted > 0, "\(refused) refused, \(accepted) accepted")
  }

  @Test("the window of the watch on collapse goes through the file") func window() throws {
    var trainer = Self.trained()
    let report = IPGANTrainer.Report(
      reconstruction: 1, divergence: 0.5, identity: 1, realism: 1, discriminator: 1,
      identityCosine: 0, activeAttributes: 1, norms: [1, 1, 1], realProbability: 0.75,
      madeProbability: 0.25, learningRate: 1)
    for step in 1...3 { try trainer.health.check(report, step: step, trainer.training) }
    let kept = try IPGANTrainer(checkpoint: trainer.checkpoint(), path: "p", embedder: .tiny())
    #expect(kept.health == trainer.health && kept.health.numbers == [3, 1.5, 2.25, 0.75])
    for numbers in [[200, 0, 0, 0], [-1, 0, 0, 0], [0.5, 0, 0, 0], [1, .nan, 0, 0], [1]]
      as [[Float]]
    {
      #expect(IPGANHealth(numbers: numbers) == nil)
    }
  }
}
