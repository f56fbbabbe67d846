import Checkpoints
import Foundation
import JSON
import KernelSupport
import NeuralNetworks
import SeededRandom
import Tensors
import TestSupport
import Testing

@testable import EmbedderTraining
@testable import Embedders
@testable import PictureTensors
@testable import Training

@Suite struct EmbedderTrainerTests {
  static func training(_ loss: EmbedderTraining.Loss) -> EmbedderTraining {
    var training = EmbedderTraining()
    training.architecture = .tiny
    (training.loss, training.batch) = (loss, 16)
    return training
  }

  static func advance(_ trainer: inout EmbedderTrainer, to steps: Int, of total: Int)
    -> EmbedderTrainer.Report?
  {
    var last: EmbedderTrainer.Report?
    while trainer.steps < steps {
      let (pictures, labels) = SyntheticPeople.batch(
        step: trainer.steps, size: 16, people: 6, side: 16)
      last = trainer.step(pictures: pictures, labels: labels, of: total)
    }
    return last
  }

  @Test("learns to tell six people apart", arguments: EmbedderTraining.Loss.allCases)
  func learns(loss: EmbedderTraining.Loss) throws {
    var trainer = EmbedderTrainer(Self.training(loss), people: 6)
    let first = try #require(Self.advance(&trainer, to: 1, of: 120))
    let last = try #require(Self.advance(&trainer, to: 120, of: 120))
    #expect(last.accuracy > 0.8, "chance is 0.17, began at \(first.accuracy)")
    #expect(last.pairAccuracy > first.pairAccuracy || last.pairAccuracy == 1)
  }

  @Test(
    "a state that went through a file continues bit for bit",
    arguments: EmbedderTraining.Loss.allCases, EmbedderTraining.Optimizer.allCases)
  func resumes(loss: EmbedderTraining.Loss, optimizer: EmbedderTraining.Optimizer) throws {
    var training = Self.training(loss)
    training.optimizer = optimizer
    var through = EmbedderTrainer(training, people: 6)
    _ = Self.advance(&through, to: 3, of: 6)
    let bytes = try through.checkpoint().bytes()
    var resumed = try EmbedderTrainer(
      checkpoint: SafeTensorsFile(bytes: bytes), path: "memory")
    _ = Self.advance(&through, to: 6, of: 6)
    _ = Self.advance(&resumed, to: 6, of: 6)
    #expect(resumed.embedder == through.embedder)
    #expect(try resumed.checkpoint().bytes() == through.checkpoint().bytes())
  }

  @Test("hardening changes one of each pair within its strength, so that the loss grows")
  func hardening() throws {
    var training = Self.training(.cosface)
    training.hardening = 20
    var hard = EmbedderTrainer(training, people: 6)
    _ = Self.advance(&hard, to: 60, of: 120)
    let (pictures, labels) = SyntheticPeople.batch(step: 60, size: 16, people: 6, side: 16)
    var calls = 0
    let changed = hard.hardened(pictures, strength: 20) { x in
      calls += 1
      return x.sum()
    }
    #expect(calls == 1)
    let size = pictures.numbers.count / labels.count
    var strengths: Set<Double> = []
    for picture in labels.indices {
      let own = picture * size..<(picture + 1) * size
      let moves = zip(changed.numbers[own], pictures.numbers[own]).map { Double($0 - $1) * 127.5 }
      let rms = (moves.reduce(0) { $0 + $1 * $1 } / Double(size)).squareRoot()
      #expect(picture % 2 == 0 ? rms == 0 : rms > 0 && rms < 1.3 * 20)
      // The gradient of a sum is one everywhere: all colours rise, up to the noise.
      if picture % 2 == 1 { #expect(moves.reduce(0, +) > 0) }
      strengths.insert(rms)
    }
    #expect(strengths.count > 5)
    // The same step on the same batch loses more than without.
    var plain = hard
    let before = plain.embedder
    let report = plain.step(pictures: pictures, labels: labels, of: 120)
    training.hardening = 0
    var soft = EmbedderTrainer(training, people: 6, weights: before)
    soft.classifier = hard.classifier
    soft.steps = hard.steps
    let clean = soft.step(pictures: pictures, labels: labels, of: 120)
    #expect(report.loss + report.pairLoss > clean.loss + clean.pairLoss)
  }

  @Test("a hardened network needs more change to take one person for another")
  func robustness() throws {
    func distanceMoved(_ hardening: Float) -> Float {
      var training = Self.training(.cosface)
      training.hardening = hardening
      var trainer = EmbedderTrainer(training, people: 6)
      _ = Self.advance(&trainer, to: 150, of: 150)
      let embedder = FaceEmbedder(training.architecture, trainer.embedder)
      let (pictures, _) = SyntheticPeople.batch(step: 1000, size: 16, people: 6, side: 16)
      let own = embedder.unitEmbeddings(of: Variable(pictures)).value
      // One step of three grey levels away from where each picture is, from a start beside it.
      var random = SplitMix64(seed: 9)
      let noisy = pictures.numbers.map { $0 + 0.004 * random.normal() }
      let start = Variable(tracked: Tensor(noisy, shape: pictures.shape))
      let moved = embedder.unitEmbeddings(of: start).squaredRowDistances(to: Variable(own))
      let slope = gradients(of: moved.sum(), withRespectTo: [start])[0]
      let rms = (slope.dot(slope) / Double(slope.numbers.count)).squareRoot()
      let scale = Float(3 / 127.5 / rms)
      let there = Tensor(
        zip(pictures.numbers, slope.numbers).map { $0 + scale * $1 }, shape: pictures.shape)
      return embedder.unitEmbeddings(of: Variable(there)).squaredRowDistances(to: Variable(own))
        .value.numbers.reduce(0, +)
    }
    #expect(distanceMoved(16) < 0.8 * distanceMoved(0))
  }

  @Test("dropout is the same in a run that went through a file, and changes what is learnt")
  func dropout() throws {
    var training = Self.training(.softmax)
    training.dropout = 0.4
    var through = EmbedderTrainer(training, people: 6)
    _ = Self.advance(&through, to: 2, of: 4)
    var resumed = try EmbedderTrainer(checkpoint: through.checkpoint(), path: "memory")
    _ = Self.advance(&through, to: 4, of: 4)
    _ = Self.advance(&resumed, to: 4, of: 4)
    #expect(resumed.embedder == through.embedder)
    var without = EmbedderTrainer(Self.training(.softmax), people: 6)
    _ = Self.advance(&without, to: 4, of: 4)
    #expect(without.embedder != through.embedder)
  }

  @Test("the number of threads changes no bit of the weights") func threads() {
    var together = EmbedderTrainer(Self.training(.arcface), people: 6)
    _ = Self.advance(&together, to: 8, of: 10)
    let limit = WorkerPool.shared.limit
    defer { WorkerPool.shared.limit = limit }
    WorkerPool.shared.limit = 1
    var alone = EmbedderTrainer(Self.training(.arcface), people: 6)
    _ = Self.advance(&alone, to: 8, of: 10)
    #expect(alone.embedder == together.embedder && alone.classifier == together.classifier)
  }

  @Test("a training can begin with given weights, and its classifier anew") func startingWeights() {
    var first = EmbedderTrainer(Self.training(.cosface), people: 6)
    _ = Self.advance(&first, to: 3, of: 6)
    let second = EmbedderTrainer(Self.training(.arcface), people: 4, weights: first.embedder)
    #expect(second.embedder == first.embedder && second.steps == 0)
    #expect(second.classifier["classifier.weight"]?.shape == [4, 16])
  }

  @Test("settings of older states are read, and only what follows training may differ")
  func settings() throws {
    var training = Self.training(.cosface)
    (training.isBalanced, training.startingWeights) = (true, "abc")
    var members = try [String: JSONValue](describing: training)
    #expect(try members.decoded(as: EmbedderTraining.self) == training)
    members["isBalanced"] = nil
    members["startingWeights"] = nil
    #expect(try members.decoded(as: EmbedderTraining.self) == Self.training(.cosface))
    var other = training
    other.architecture.averagesMirrorImages = true
    #expect(training.continues(other) && training != other)
    other.margin += 0.1
    #expect(!training.continues(other))
  }

  @Test("a state of something else is refused") func refusesOtherStates() {
    let file = SafeTensorsFile(arrays: [], metadata: ["kind": "a recipe"])
    #expect(throws: TrainingStateError.self) {
      try EmbedderTrainer(checkpoint: file, path: "recipe")
    }
  }

  @Test("a process killed again and again ends with the weights of one left alone")
  func survivesKill() throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "facewarden-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (killed, whole) = (folder.path + "/killed.state", folder.path + "/whole.state")
    let steps = 150
    _ = try run(whole, steps, killAfter: nil)
    var kills = 0
    for delay in [0.25, 0.35, 0.3] where try run(killed, steps, killAfter: delay) { kills += 1 }
    _ = try run(killed, steps, killAfter: nil)
    #expect(kills > 0, "the probe was too fast to be killed")
    let expected = try Data(contentsOf: URL(fileURLWithPath: whole))
    #expect(try Data(contentsOf: URL(fileURLWithPath: killed)) == expected)
  }

  @Test("steps in the midst of a training run on memory that they have") func steadyMemory()
    throws
  {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "facewarden-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let output = folder.appending(path: "output")
    try Data().write(to: output)
    _ = try run(
      folder.path + "/state", 40, killAfter: nil,
      output: try FileHandle(forWritingTo: output))
    let counts = try String(contentsOf: output, encoding: .utf8).split(separator: "\n").compactMap {
      $0.split(separator: " ").last.flatMap { Int($0) }
    }
    try #require(counts.count == 40)
    // Which blocks are idle when a thread asks depends on the threads' timing, so a late block or two
    // may still be asked for; a step that asked each time would add twenty.
    #expect(counts[39] - counts[20] < 5, "\(counts)")
  }

  /// Runs the probe; true if it was killed before its end.
  private func run(
    _ path: String, _ steps: Int, killAfter delay: Double?,
    output: FileHandle = FileHandle.nullDevice
  ) throws -> Bool {
    let process = Process()
    process.executableURL = TestProducts.folder.appending(path: "TrainingKillProbe")
    process.arguments = [path, "\(steps)"]
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    if let delay {
      Thread.sleep(forTimeInterval: delay)
      kill(process.processIdentifier, SIGKILL)
    }
    process.waitUntilExit()
    return process.terminationReason == .uncaughtSignal
  }
}
