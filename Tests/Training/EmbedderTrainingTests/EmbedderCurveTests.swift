import Checkpoints
import Embedders
import Foundation
import SeededRandom
import Tensors
import TestSupport
import Testing

@testable import EmbedderTraining

/// Ten steps of training beside what PyTorch computes of the same numbers (`Tests/Training/curves.py`).
@Suite struct EmbedderCurveTests {
  private static let total = 100

  @Test("the losses of ten steps are PyTorch's") func curve() throws {
    var training = EmbedderTraining()
    training.architecture = .tiny
    training.architecture.head = .map
    (training.batch, training.softmaxShare, training.marginWarmup) = (8, 0, 0)
    (training.dropout, training.weightDecay) = (0, 0.05)
    var trainer = EmbedderTrainer(training, people: 6)
    let (pictures, labels) = SyntheticPeople.batch(step: 1, size: 8, people: 6, side: 16)
    var inputs = trainer.embedder
    for name in trainer.classifier.names { inputs[name] = trainer.classifier[name] }
    inputs["x"] = pictures
    inputs["labels"] = Tensor(labels.map(Float.init), shape: [labels.count])
    try GoldenCurve.dump("embedder", inputs, settings: training)
    let found = (0..<10).map { _ -> [Double] in
      let report = trainer.step(pictures: pictures, labels: labels, of: Self.total)
      return [Double(report.loss), Double(report.pairLoss)]
    }
    try GoldenCurve.check("embedder", found, within: 2e-4)
  }
}
