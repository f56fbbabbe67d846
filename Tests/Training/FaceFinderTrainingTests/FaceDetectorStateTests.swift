import Checkpoints
import FaceFinding
import NeuralNetworks
import Tensors
import TestSupport
import Testing
import Training

@testable import FaceFinderTraining

/// States that no training wrote are refused in words, and never believed.
@Suite struct FaceDetectorStateTests {
  /// A training of the smallest networks whose optimisers have taken a step.
  static func trained() -> FaceDetectorTrainer {
    var training = FaceFinderTraining()
    training.seeker = FaceSeeker(widths: [1, 1, 1, 1, 1, 1])
    training.refiner = FaceRefiner(widths: [1, 1, 1, 1, 1], hidden: 2)
    var trainer = FaceDetectorTrainer(training)
    func zeros(_ table: ParameterTable) -> [Tensor] {
      table.trainableNames.compactMap { table[$0].map { Tensor(zeros: $0.shape) } }
    }
    trainer.seekerRule.step(
      &trainer.seeker, gradients: zeros(trainer.seeker), learningRate: 0.1)
    trainer.refinerRule.step(
      &trainer.refiner, gradients: zeros(trainer.refiner), learningRate: 0.1)
    trainer.steps = 1
    return trainer
  }

  static func isTyped(_ error: any Error) -> Bool {
    error is CheckpointError || error is TrainingStateError || error is OptimizerStateError
  }

  @Test("a state that went through a file is the same") func roundTrip() throws {
    let trainer = Self.trained()
    let again = try FaceDetectorTrainer(checkpoint: trainer.checkpoint(), path: "memory")
    #expect(try again.checkpoint() == trainer.checkpoint())
    #expect(again.steps == 1 && again.seekerRule.steps == 1)
  }

  @Test("every tensor of another shape, and every count out of range, is refused") func shapes()
    throws
  {
    for (edit, changed) in StateEdits.shapes(of: try Self.trained().checkpoint()) {
      do {
        _ = try FaceDetectorTrainer(checkpoint: changed, path: "edited")
        Issue.record("\(edit): accepted")
      } catch { #expect(Self.isTyped(error), "\(edit): \(error)") }
    }
  }

  @Test("every bit of the header turned over is refused or changes settings alone") func bits()
    throws
  {
    let bytes = try Self.trained().checkpoint().bytes()
    var (refused, accepted) = (0, 0)
    StateEdits.headerBits(of: bytes) { changed in
      do {
        _ = try FaceDetectorTrainer(checkpoint: SafeTensorsFile(bytes: changed), path: "edited")
        accepted += 1
      } catch {
        refused += 1
        #expect(Self.isTyped(error), "\(error)")
      }
    }
    #expect(refused > 10 * accepted && accepted > 0, "\(refused) refused, \(accepted) accepted")
  }
}
