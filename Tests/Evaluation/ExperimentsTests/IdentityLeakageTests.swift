import Embedders
import Experiments
import Foundation
import Reconstruction
import Reports
import SeededRandom
import Tensors
import TestSupport
import Testing

@Suite struct PerceptronTests {
  /// Rows around one centre a class: the first column tells it, on a scale of its own.
  static func rows(_ count: Int, seed: UInt64, informative: Bool) -> (Tensor, [Int]) {
    var random = SplitMix64(seed: seed)
    let labels = (0..<count).map { $0 % 4 }
    let numbers = labels.flatMap { label in
      [1e-4 * (informative ? Float(label) : 0) + 1e-5 * random.normal()]
        + (0..<5).map { _ in 100 * random.normal() }
    }
    return (Tensor(numbers, shape: [count, 6]), labels)
  }

  private func accuracy(informative: Bool) -> Double {
    var training = Perceptron.Training()
    (training.hidden, training.epochs, training.learningRate) = (32, 60, 5e-3)
    let (rows, labels) = Self.rows(200, seed: 1, informative: informative)
    let (others, expected) = Self.rows(200, seed: 2, informative: informative)
    var network = Perceptron(rows: rows, classes: 4, training: training)
    for epoch in 0..<training.epochs {
      _ = network.train(on: rows, labels: labels, epoch: epoch)
    }
    return Double(zip(network.classes(of: others), expected).count { $0 == $1 }) / 200
  }

  @Test("what a small column tells is read, and where nothing tells there is chance") func reads() {
    #expect(accuracy(informative: true) > 0.9)
    #expect(accuracy(informative: false) < 0.4)
  }

  @Test("a column that never changes does no harm") func constant() {
    let rows = Tensor([1, 0, 1, 5, 1, 0, 1, 5], shape: [4, 2])
    var training = Perceptron.Training()
    training.hidden = 8
    var network = Perceptron(rows: rows, classes: 2, training: training)
    for epoch in 0..<200 { _ = network.train(on: rows, labels: [0, 1, 0, 1], epoch: epoch) }
    #expect(network.classes(of: rows) == [0, 1, 0, 1])
  }
}

@Suite struct IdentityLeakageTests {
  @Test("curves of all vectors, the same for the same seed") func curves() throws {
    let faces = LabelledFaces.synthetic("people", people: 8, pictures: 6)
    let embedder = FaceEmbedder.tiny()
    var training = Perceptron.Training()
    (training.hidden, training.epochs) = (32, 60)
    func measure() throws -> IdentityLeakage {
      try IdentityLeakage(
        faces,
        networks: [
          NamedNetworks("a", .tiny(embedder: embedder)),
          NamedNetworks("b", .tiny(seed: 9, embedder: embedder)),
        ], embedder: NamedEmbedder("f_c", embedder), pictureLimit: 100, training: training)
    }
    let found = try measure()
    #expect(found.people == 8 && found.learntPictures == 24 && found.heldBackPictures == 24)
    #expect(found.curves.map(\.model) == ["a", "b", "f_c"])
    #expect(found.curves.map(\.length) == [8, 8, 16])
    for curve in found.curves {
      #expect(curve.heldBack.count == 60 && curve.heldBack.last == curve.top1)
      #expect(curve.top1 > 1.5 / 8, "waves of different people differ: \(curve)")
      #expect(curve.top1CI95[0] <= curve.top1 && curve.top1 <= curve.top1CI95[1])
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    #expect(try encoder.encode(found) == encoder.encode(measure()))
    #expect(try WellFormed.elements(of: found.charts[0].svg)["polyline"] == 3)
    #expect(try WellFormed.elements(of: found.page(facts: []).html)["figure"] == 1)
    #expect(found.text.contains("chance is 12.50 %"))
  }
}
