import Checkpoints
import Embedders
import FaceDatasets
import Foundation
import NeuralNetworks
import PictureBatches
import PictureTensors
import SeededRandom
import Tensors
import TestSupport
import Testing

@testable import EmbedderTraining
@testable import Training

@Suite struct DistillationTests {
  static func training(_ change: (inout EmbedderTraining) -> Void = { _ in }) -> EmbedderTraining {
    var training = EmbedderTraining()
    training.architecture = .tiny
    training.architecture.embedding = 4
    (training.batch, training.learningRate) = (16, 1e-2)
    training.distillation = Distillation(teacher: "")
    change(&training)
    return training
  }

  /// A teacher that gives each of six people a direction.
  static func batch(step: Int, further: Int = 0, labelled: Int = 16) -> DistillationExamples.Batch {
    let (pictures, labels) = SyntheticPeople.batch(step: step, size: 16, people: 6, side: 16)
    var random = SplitMix64(seed: 5)
    let directions = Variable(Tensor.normal([6, 4], using: &random)).unitRows().value
    var others = SplitMix64(seed: UInt64(step))
    let compared = labels + (0..<further).map { _ in others.uniform(in: 0..<6) }
    let exclusions = labels.indices.flatMap { i in
      compared.indices.map { i != $0 && compared[$0] == labels[i] ? Float(-100) : 0 }
    }
    return DistillationExamples.Batch(
      pictures: pictures, labels: Array(labels.prefix(labelled)),
      targets: Tensor(joining: compared.map { directions.entries($0..<$0 + 1) }),
      exclusions: Tensor(exclusions, shape: [labels.count, compared.count]))
  }

  static func advance(
    _ trainer: inout EmbedderTrainer, to steps: Int, of total: Int, further: Int = 0
  ) throws -> EmbedderTrainer.DistillationReport? {
    let way = try #require(trainer.training.distillation)
    var last: EmbedderTrainer.DistillationReport?
    while trainer.steps < steps {
      last = trainer.step(batch(step: trainer.steps, further: further), way, of: total)
    }
    return last
  }

  @Test("learns to give the teacher's embeddings", arguments: [0, 20]) func learns(further: Int)
    throws
  {
    var trainer = EmbedderTrainer(Self.training(), people: 6)
    let first = try #require(try Self.advance(&trainer, to: 1, of: 120, further: further))
    let last = try #require(try Self.advance(&trainer, to: 120, of: 120, further: further))
    #expect(first.distance > 0.6 && last.distance < 0.4)
    #expect(last.contrast < first.contrast && last.contrastAccuracy > 0.8)
    #expect(last.people == 0)
  }

  @Test(
    "a loss over people joins in, on those with a label", arguments: EmbedderTraining.Loss.allCases)
  func people(loss: EmbedderTraining.Loss) throws {
    let training = Self.training {
      $0.loss = loss
      $0.distillation?.peopleWeight = 1
    }
    var trainer = EmbedderTrainer(training, people: 6)
    let way = try #require(training.distillation)
    let before = trainer.classifier
    let some = trainer.step(Self.batch(step: 0, labelled: 5), way, of: 50)
    #expect(some.people > 0 && trainer.classifier != before)
    let held = trainer.classifier
    let none = trainer.step(Self.batch(step: 1, labelled: 0), way, of: 50)
    #expect(none.people == 0 && trainer.classifier == held)
  }

  @Test("a state that went through a file continues bit for bit") func resumes() throws {
    let training = Self.training {
      $0.hardening = 6
      ($0.hardeningSteps, $0.hardeningWarmup, $0.dropout) = (2, 0.5, 0.2)
      $0.distillation?.peopleWeight = 0.3
    }
    var through = EmbedderTrainer(training, people: 6)
    _ = try Self.advance(&through, to: 3, of: 6)
    var resumed = try EmbedderTrainer(
      checkpoint: SafeTensorsFile(bytes: through.checkpoint().bytes()), path: "memory")
    #expect(resumed.training == training)
    _ = try Self.advance(&through, to: 6, of: 6)
    _ = try Self.advance(&resumed, to: 6, of: 6)
    #expect(try resumed.checkpoint().bytes() == through.checkpoint().bytes())
  }

  @Test("strength grows from zero, and several steps stay within it") func hardening() throws {
    let training = Self.training {
      ($0.hardening, $0.hardeningSteps, $0.hardeningWarmup) = (8, 3, 0.5)
    }
    var trainer = EmbedderTrainer(training, people: 6)
    #expect(trainer.hardening(of: 40) == 0)
    _ = try Self.advance(&trainer, to: 10, of: 40)
    #expect(trainer.hardening(of: 40) == 4)
    _ = try Self.advance(&trainer, to: 30, of: 40)
    #expect(trainer.hardening(of: 40) == 8)
    let pictures = Self.batch(step: 0).pictures
    var calls = 0
    let changed = trainer.hardened(pictures, strength: 8) { x in
      calls += 1
      return x.sum()
    }
    #expect(calls == 3)
    let size = pictures.count / 16
    for picture in 0..<16 {
      let own = picture * size..<(picture + 1) * size
      let moves = zip(changed.numbers[own], pictures.numbers[own]).map { Double($0 - $1) * 127.5 }
      let rms = (moves.reduce(0) { $0 + $1 * $1 } / Double(size)).squareRoot()
      #expect(picture % 2 == 0 ? rms == 0 : rms > 0 && rms < 8.001)
    }
  }

  @Test("examples are the pictures that the teacher knows; nameless ones have no label")
  func examples() throws {
    let labelled = try IdentityDataset(sources: ["synthetic:3x4:1"], minimumPictures: 1)
    let nameless = try IdentityDataset(unlabelled: ["synthetic:2x2:9"])
    let known = labelled.names.dropFirst(2) + nameless.names.dropFirst(1)
    let names = known.map { ($0 as NSString).deletingPathExtension }
    let rows = names.indices.map { [Float($0 % 3) + 1, Float($0 % 5), 1] }
    let teacher = try TeacherEmbeddingsTests.teacher(rows, names: names.joined(separator: "\n"))
    let examples = DistillationExamples(labelled, unlabelled: nameless, teacher: teacher)
    #expect(examples.count == 13 && examples.unknown == 3 && examples.people == 3)
    let batch = try examples.batch(
      Array(0..<13), further: 6, augmentation: .none, using: SplitMix64(seed: 3)
    ).made()
    #expect(batch.pictures.shape == [13, 128, 128, 3])
    #expect(batch.labels == Array(labelled.labels.dropFirst(2)))
    #expect(batch.targets.shape == [19, 3] && batch.exclusions.shape == [13, 19])
    for i in 0..<10 {
      #expect(batch.exclusions[i * 19 + i] == 0)
      for j in 0..<10 where i != j {
        #expect((batch.exclusions[i * 19 + j] == -100) == (batch.labels[i] == batch.labels[j]))
      }
    }
    let means = examples.classMeans()
    #expect(means.shape == [3, 3] && means.isFinite)
    #expect(throws: TeacherError.otherWidth(path: "t", expected: 4, found: 3)) {
      try Self.training().check(examples)
    }
    let small = Self.training { $0.architecture.embedding = 3 }
    #expect(throws: TeacherError.tooFewPictures(path: "t", found: 13, batch: 16)) {
      try small.check(examples)
    }
  }
}
