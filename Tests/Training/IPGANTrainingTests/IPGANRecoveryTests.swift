import Checkpoints
import Embedders
import FaceDatasets
import Foundation
import NeuralNetworks
import SeededRandom
import Tensors
import TestSupport
import Testing
import Training

@testable import IPGANTraining
@testable import PictureBatches
@testable import Reconstruction

/// A training of small networks on faces of 128×128 pixels.
@Suite struct IPGANRecoveryTests {
  static let embedder = {
    let architecture = EmbedderArchitecture(
      widths: [2, 2, 2, 2, 4], convolutions: [1, 1, 1, 1, 1], embedding: 4)
    var random = SplitMix64(seed: 3)
    return FaceEmbedder(architecture, architecture.initialParameters(using: &random))
  }()

  static func training() -> IPGANTraining {
    var training = IPGANTraining(
      IPGANArchitecture(
        identity: 64, identitySide: 4, latent: 4, attributeWidths: [2, 2, 2, 2, 2],
        generatorWidths: [4, 2, 2, 2, 2, 2], discriminatorWidths: [2, 2, 2, 2, 2]))
    (training.batch, training.realismStart) = (4, 0)
    return training
  }

  static func withPictures(_ body: (PicturePool, String) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try SyntheticPeople.writeFolder(folder + "/faces", people: 3, pictures: 2)
    try SyntheticPeople.writeFolder(folder + "/others", people: 2, pictures: 1)
    let pool = PicturePool([
      try IdentityDataset(sources: [folder + "/faces"]),
      try IdentityDataset(unlabelled: [folder + "/others"]),
    ])
    try body(pool, folder + "/state")
  }

  @Test("labelled and unlabelled pictures are one pool, in the order asked for") func pool() throws
  {
    try Self.withPictures { pool, _ in
      #expect(pool.count == 8)
      let random = SplitMix64(seed: 1)
      let together = try pool.tensor([7, 0, 6], augmentation: .none, using: random)
      #expect(together.shape == [3, 128, 128, 3])
      for (row, index) in [7, 0, 6].enumerated() {
        let alone = try pool.tensor([index], augmentation: .none, using: random)
        #expect(together.entries(row..<row + 1) == alone)
      }
    }
  }

  @Test("losses that are no numbers lead back to the last state, with smaller steps")
  func divergence() throws {
    try Self.withPictures { pool, path in
      var training = Self.training()
      training.learningRate = 1e30
      var trainer = IPGANTrainer(training, embedder: Self.embedder)
      var reasons: [String] = []
      #expect(throws: TrainingStateError.self) {
        try trainer.run(
          on: pool, augmentation: .none, steps: 6,
          loop: TrainingLoop(checkpointPath: path, interval: 1e9), progress: { _ in },
          recovered: { reason, trainer in
            reasons.append("\(reason)")
            #expect(trainer.steps == 0 && trainer.recoveries == reasons.count)
          })
      }
      #expect(reasons.count == IPGANTrainer.mostRecoveries)
      let kept = try IPGANTrainer(
        checkpoint: SafeTensorsFile(path: path), path: path, embedder: Self.embedder)
      #expect(kept.recoveries == IPGANTrainer.mostRecoveries)
      #expect(
        kept.learningRate(of: 100)
          == training.learningRate / Float(1 << IPGANTrainer.mostRecoveries))
    }
  }

  /// Runs or continues the training whose state is at `path`, for at most `limit` steps.
  @discardableResult
  static func run(
    _ pool: PicturePool, _ path: String, limit: Int = .max, interval: Double = 1e9, ahead: Int = 2
  ) throws -> IPGANTrainer {
    var trainer =
      FileManager.default.fileExists(atPath: path)
      ? try IPGANTrainer(
        checkpoint: SafeTensorsFile(path: path), path: path, embedder: Self.embedder)
      : IPGANTrainer(training(), embedder: Self.embedder)
    var taken = 0
    // Breaks down between milestones, at one of them, and again on the way that led from there.
    let breaks = [5, 9, 7]
    try trainer.run(
      on: pool, augmentation: .none, steps: 12,
      loop: TrainingLoop(
        checkpointPath: path, checkpointSteps: 3, interval: interval, reportSteps: 1,
        batchesAhead: ahead),
      progress: { _ in },
      shouldStop: {
        taken += 1
        return taken > limit
      }
    ) { trainer, report in
      try trainer.health.check(report, step: trainer.steps, trainer.training)
      if trainer.recoveries < breaks.count && trainer.steps == breaks[trainer.recoveries] {
        throw IPGANCollapse.discriminator(step: trainer.steps, real: 1, made: 0)
      }
    }
    return trainer
  }

  @Test("a training that recovers, stopped and continued anywhere, ends with the same weights")
  func recoversAlike() throws {
    try Self.withPictures { pool, path in
      let whole = try Self.run(pool, path)
      #expect(whole.steps == 12)
      #expect(whole.recoveries == 3)
      let expected = try SafeTensorsFile(path: path)
      for limit in [1, 2, 4, 5, 7] {
        let parts = path + "-\(limit)"
        // Written after every step, as by a clock that runs fast.
        var steps = 0
        while steps < 12 { steps = try Self.run(pool, parts, limit: limit, interval: 0).steps }
        #expect(try SafeTensorsFile(path: parts) == expected, "every \(limit) steps")
      }
    }
  }

  @Test("so does one that makes no batch ahead, or many, whatever it forgets when it goes back")
  func aheadAlike() throws {
    try Self.withPictures { pool, path in
      try Self.run(pool, path, ahead: 0)
      let expected = try SafeTensorsFile(path: path)
      for ahead in [1, 4] {
        let other = path + "-\(ahead)"
        try Self.run(pool, other, limit: 5, ahead: ahead)
        try Self.run(pool, other, ahead: ahead)
        #expect(try SafeTensorsFile(path: other) == expected, "\(ahead) ahead")
      }
    }
  }

  @Test("so does one that was killed between its milestone and its state") func killedBetween()
    throws
  {
    try Self.withPictures { pool, path in
      try Self.run(pool, path)
      let expected = try SafeTensorsFile(path: path)
      for (before, after) in [(1, 3), (2, 7), (5, 9)] {
        let killed = path + "-\(before)-\(after)"
        try Self.run(pool, killed, limit: before, interval: 0)
        let state = try Data(contentsOf: URL(fileURLWithPath: killed))
        try Self.run(pool, killed, limit: after - before, interval: 0)
        // The milestones after it were written, the state was not.
        try state.write(to: URL(fileURLWithPath: killed))
        try Self.run(pool, killed)
        #expect(try SafeTensorsFile(path: killed) == expected, "\(before), then \(after)")
      }
    }
  }

  @Test("a training that runs through writes what it measured") func healthy() throws {
    try Self.withPictures { pool, path in
      var trainer = IPGANTrainer(Self.training(), embedder: Self.embedder)
      var seen: [TrainingProgress] = []
      try trainer.run(
        on: pool, augmentation: .flipOnly, steps: 4,
        loop: TrainingLoop(checkpointPath: path, reportSteps: 2), progress: { seen.append($0) })
      #expect(trainer.steps == 4 && trainer.recoveries == 0)
      #expect(seen.map(\.step) == [2, 4])
      #expect(seen.allSatisfy { $0.values.map(\.name).contains("GC_norm") })
    }
  }

  @Test("the learning rate stays, then falls along a cosine") func schedule() {
    var training = Self.training()
    (training.learningRate, training.decayShare) = (1, 0.5)
    var trainer = IPGANTrainer(training, embedder: Self.embedder)
    let rates = [0, 50, 75, 100].map { step -> Float in
      trainer.steps = step
      return trainer.learningRate(of: 100)
    }
    #expect(rates[0] == 1 && rates[1] == 1)
    #expect(abs(rates[2] - 0.5) < 1e-6 && rates[3] == 0.02)
  }

  private func report(divergence: Float, real: Float, made: Float) -> IPGANTrainer.Report {
    IPGANTrainer.Report(
      reconstruction: 1, divergence: divergence, identity: 1, realism: 1, discriminator: 1,
      identityCosine: 0, activeAttributes: 1, norms: [1, 1, 1], realProbability: real,
      madeProbability: made, learningRate: 1)
  }

  @Test(
    "an attribute vector that says nothing and a certain D are noticed",
    arguments: [
      (1.0, 0.8, 0.1, "none"), (0.03, 0.8, 0.1, "attributes"), (1.0, 0.9999, 0.0001, "D"),
      (1.0, 0.0001, 0.9999, "D"), (1.0, 0.9, 0.0001, "none"),
    ] as [(Float, Float, Float, String)])
  func collapse(divergence: Float, real: Float, made: Float, expected: String) {
    var health = IPGANHealth()
    var found = "none"
    for step in 1...IPGANHealth.window {
      do throws(IPGANCollapse) {
        try health.check(
          report(divergence: divergence, real: real, made: made), step: 10_000 + step,
          Self.training())
      } catch {
        #expect(step == IPGANHealth.window)
        switch error {
        case .attributes: found = "attributes"
        case .discriminator: found = "D"
        }
      }
    }
    #expect(found == expected)
  }
}
