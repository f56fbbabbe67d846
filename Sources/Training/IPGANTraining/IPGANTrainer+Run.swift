private import Checkpoints
public import FaceDatasets
private import Foundation
public import PictureBatches
private import SeededRandom
private import Tensors
public import Training

extension IPGANTrainer {
  /// How often a training may go back before it gives up.
  public static let mostRecoveries = 6

  /// Runs Algorithm 1: reconstruction and transformation steps in turn.
  ///
  /// A training whose losses are no longer numbers, whose attribute vector says nothing, or whose D
  /// is certain, goes back to its last milestone and takes another path from there, with half the
  /// learning rate, up to ``mostRecoveries`` times. A milestone comes after every
  /// `TrainingLoop.checkpointSteps` steps and is kept beside the state, at ``recoveryPath(of:)``: the
  /// state itself is also written by the clock and when a run is stopped, and a path that began there
  /// would not be that of a training left alone.
  ///
  /// - `pictures`: faces; whose they are is not used, since I and C are fixed.
  /// - `augmentation`: how faces vary; the same for x^s and x^a.
  /// - `total`: steps of both kinds together.
  /// - `recovered`: called after a step back, with its reason.
  /// - `saved`: called after each write of the state.
  /// - Throws: what reading pictures throws, what `TrainingLoop` throws, and ``IPGANCollapse``.
  public mutating func run(
    on pictures: PicturePool, augmentation: FaceAugmentation, steps total: Int,
    loop: TrainingLoop, progress: (TrainingProgress) -> Void,
    shouldStop: () -> Bool = { false },
    recovered: (_ reason: any Error, _ trainer: IPGANTrainer) -> Void = { _, _ in },
    saved: (IPGANTrainer) throws -> Void = { _ in }
  ) throws {
    try run(
      on: pictures, augmentation: augmentation, steps: total, loop: loop, progress: progress,
      shouldStop: shouldStop, recovered: recovered, saved: saved
    ) { try $0.health.check($1, step: $0.steps, $0.training) }
  }

  /// The same; `watch` sees each step's report and throws where the training has broken down.
  mutating func run(
    on pictures: PicturePool, augmentation: FaceAugmentation, steps total: Int,
    loop: TrainingLoop, progress: (TrainingProgress) -> Void,
    shouldStop: () -> Bool,
    recovered: (_ reason: any Error, _ trainer: IPGANTrainer) -> Void = { _, _ in },
    saved: (IPGANTrainer) throws -> Void = { _ in },
    watch: (_ trainer: inout IPGANTrainer, _ report: Report) throws -> Void
  ) throws {
    let path = loop.checkpointPath
    let recovery = Self.recoveryPath(of: path)
    if !FileManager.default.fileExists(atPath: path) {
      try checkpoint().write(to: recovery)
      try checkpoint().write(to: path)
    } else if (try? milestone(at: recovery)) == nil {
      // A state from before milestones were kept, or one that was moved without its own.
      try checkpoint().write(to: recovery)
    }
    while true {
      do {
        return try advance(
          on: pictures, augmentation, total, loop, progress, shouldStop, saved, watch)
      } catch {
        guard Self.isCollapse(error), recoveries < Self.mostRecoveries else { throw error }
        var back = try milestone(at: recovery)
        guard back.steps <= steps else { throw error }
        // Counted from here, not from the file: the milestone does not know what came after it.
        back.recoveries = recoveries + 1
        back.health = IPGANHealth()
        // Kept at once, so that a run continued now takes the same path.
        try back.checkpoint().write(to: path)
        self = back
        recovered(error, self)
      }
    }
  }

  /// Where the milestone is kept that a training goes back to, beside its state at `path`.
  public static func recoveryPath(of path: String) -> String { path + ".recovery" }

  /// The milestone at `path`.
  ///
  /// - Throws: `TrainingStateError` if it is that of another training or from another time.
  private func milestone(at path: String) throws -> IPGANTrainer {
    let kept = try IPGANTrainer(
      checkpoint: SafeTensorsFile(path: path), path: path, embedder: embedder, witness: witness)
    guard kept.training == training, kept.recoveries <= recoveries else {
      throw TrainingStateError.otherSettings(path: path)
    }
    return kept
  }

  private static func isCollapse(_ error: any Error) -> Bool {
    if case TrainingStateError.diverged = error { return true }
    return error is IPGANCollapse
  }

  private mutating func advance(
    on pictures: PicturePool, _ augmentation: FaceAugmentation, _ total: Int,
    _ loop: TrainingLoop, _ progress: (TrainingProgress) -> Void, _ shouldStop: () -> Bool,
    _ saved: (IPGANTrainer) throws -> Void,
    _ watch: (inout IPGANTrainer, Report) throws -> Void
  ) throws {
    let seed = random.derived(from: "order").generated
    var order = EpochOrder(count: pictures.count, batch: training.batch, seed: seed)
    var others = EpochOrder(
      count: pictures.count, batch: training.batch, seed: seed ^ 0x5DEE_CE66)
    let usesTransformation = training.usesTransformation
    var batches = BatchesAhead(from: steps, to: total, ahead: loop.batchesAhead) { step in
      let subjects = pictures.faces(
        order.indices(ofStep: step), augmentation: augmentation,
        using: order.generator(ofStep: step))
      let isReconstruction = step % 2 == 0 || !usesTransformation
      guard !isReconstruction else {
        return subjects.joined { (subjects: $0, attributes: Tensor?.none) }
      }
      let attributes = pictures.faces(
        others.indices(ofStep: step), augmentation: augmentation,
        using: others.generator(ofStep: step))
      return subjects.and(attributes).joined { (subjects: $0.0, attributes: $0.1) }
    }
    defer { batches.stop() }
    let recovery = Self.recoveryPath(of: loop.checkpointPath)
    try loop.run(
      &self, total: total, progress: progress, shouldStop: shouldStop,
      milestone: { try $0.checkpoint().write(to: recovery) }, saved: saved
    ) { trainer in
      let batch = try batches.next()
      let report = trainer.step(
        subjects: batch.subjects, attributes: batch.attributes, of: total)
      try watch(&trainer, report)
      return report.values
    }
  }
}

extension SplitMix64 {
  /// One number drawn from this stream.
  fileprivate var generated: UInt64 {
    var copy = self
    return copy.next()
  }
}

extension IPGANTrainer.Report {
  /// The numbers by name, as progress and log have them.
  var values: [(name: String, value: Double)] {
    [
      ("L_GR", Double(reconstruction)), ("L_KL", Double(divergence)),
      ("L_GC", Double(identity)), ("L_GD", Double(realism)), ("L_D", Double(discriminator)),
      ("cosine", Double(identityCosine)), ("active_attributes", Double(activeAttributes)),
      ("GR_norm", Double(norms[0])), ("GC_norm", Double(norms[1])),
      ("GD_norm", Double(norms[2])), ("real_probability", Double(realProbability)),
      ("made_probability", Double(madeProbability)), ("learning_rate", Double(learningRate)),
    ]
  }
}
