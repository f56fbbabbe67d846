import Checkpoints
import Embedders
import Foundation
import JSON
import NeuralNetworks
import Tensors
import TestSupport
import Testing

@testable import EmbedderTraining
@testable import Training

/// States that no training wrote are refused in words, and never believed.
@Suite struct EmbedderStateTests {
  static let training = {
    var training = EmbedderTraining()
    training.architecture = EmbedderArchitecture(
      widths: [2, 3], convolutions: [1, 1], head: .average, embedding: 3, view: FaceView(side: 16))
    training.batch = 4
    return training
  }()

  /// A training after two steps.
  static func trained(_ optimizer: EmbedderTraining.Optimizer) -> EmbedderTrainer {
    var training = training
    training.optimizer = optimizer
    var trainer = EmbedderTrainer(training, people: 3)
    for _ in 0..<2 { step(&trainer) }
    return trainer
  }

  static func step(_ trainer: inout EmbedderTrainer) {
    let (pictures, labels) = SyntheticPeople.batch(step: 1, size: 4, people: 3, side: 16)
    _ = trainer.step(pictures: pictures, labels: labels, of: 10)
  }

  static func isTyped(_ error: any Error) -> Bool {
    error is CheckpointError || error is TrainingStateError || error is OptimizerStateError
  }

  @Test(
    "every tensor of another shape, and every count out of range, is refused",
    arguments: EmbedderTraining.Optimizer.allCases)
  func shapes(optimizer: EmbedderTraining.Optimizer) throws {
    let file = try Self.trained(optimizer).checkpoint()
    var edits = 0
    for (edit, changed) in StateEdits.shapes(of: file) {
      edits += 1
      do {
        _ = try EmbedderTrainer(checkpoint: changed, path: "edited")
        Issue.record("\(edit): accepted")
      } catch { #expect(Self.isTyped(error), "\(edit): \(error)") }
    }
    // The moments are among them: Adam has two of each of ten parameters.
    #expect(edits > 5 * (optimizer == .adam ? 36 : 24))
  }

  @Test("every bit of the header turned over is refused or changes settings alone") func bits()
    throws
  {
    let bytes = try Self.trained(.adam).checkpoint().bytes()
    var (refused, accepted) = (0, 0)
    StateEdits.headerBits(of: bytes) { changed in
      do {
        let file = try SafeTensorsFile(bytes: changed)
        var trainer = try EmbedderTrainer(checkpoint: file, path: "edited")
        accepted += 1
        if accepted % 64 == 0 { Self.step(&trainer) }
      } catch {
        refused += 1
        #expect(Self.isTyped(error), "\(error)")
      }
    }
    #expect(refused > 10 * accepted && accepted > 0, "\(refused) refused, \(accepted) accepted")
  }

  @Test("networks and classifiers that the file does not hold are refused before memory is taken")
  func sizes() throws {
    let file = try Self.trained(.adam).checkpoint()
    func edited(_ change: (inout [String: JSONValue]) throws -> Void) throws -> SafeTensorsFile {
      var settings = try [String: JSONValue](describing: Self.training)
      try change(&settings)
      var metadata = file.metadata
      metadata["training"] = String(decoding: try JSONEncoder().encode(settings), as: UTF8.self)
      return SafeTensorsFile(arrays: file.arrays, integers: file.integers, metadata: metadata)
    }
    func architecture(_ shape: EmbedderArchitecture) throws -> SafeTensorsFile {
      try edited { $0["architecture"] = .object(try Dictionary(describing: shape)) }
    }
    // 38 GB of weights.
    let huge = try architecture(
      EmbedderArchitecture(
        widths: Array(repeating: 4096, count: 8), convolutions: Array(repeating: 8, count: 8),
        head: .average, embedding: 4096, view: FaceView(side: 128)))
    #expect(throws: CheckpointError.self) { try EmbedderTrainer(checkpoint: huge, path: "huge") }
    // No convolution has four steps less than none.
    let odd = try architecture(
      EmbedderArchitecture(
        widths: [2, -3], convolutions: [1, 1], head: .average, embedding: 3,
        view: FaceView(side: 16)))
    #expect(throws: TrainingStateError.self) { try EmbedderTrainer(checkpoint: odd, path: "odd") }
    let crowd = SafeTensorsFile(
      arrays: file.arrays,
      integers: file.integers.filter { $0.name != "people" } + [
        NamedIntegers(name: "people", [1 << 29])
      ], metadata: file.metadata)
    #expect(throws: CheckpointError.self) { try EmbedderTrainer(checkpoint: crowd, path: "crowd") }
    for (name, value) in [("batch", -2), ("batch", 3), ("dropout", 1), ("scale", -1)] {
      let file = try edited { $0[name] = .number(Double(value)) }
      #expect(throws: TrainingStateError.self, "\(name) \(value)") {
        try EmbedderTrainer(checkpoint: file, path: name)
      }
    }
  }
}
