private import Embedders
private import PictureBatches
public import Training

extension EmbedderTraining {
  /// The steps of a whole training on `examples`.
  public func steps(for examples: DistillationExamples) -> Int {
    examples.count / batch * epochs
  }

  /// Checks that a training with these settings can begin on `examples`.
  ///
  /// - Throws: ``TeacherError``.
  public func check(_ examples: DistillationExamples) throws(TeacherError) {
    let teacher = examples.teacher
    guard teacher.width == architecture.embedding else {
      throw .otherWidth(
        path: teacher.path, expected: architecture.embedding, found: teacher.width)
    }
    guard examples.count >= batch else {
      throw .tooFewPictures(path: teacher.path, found: examples.count, batch: batch)
    }
  }
}

extension EmbedderTrainer {
  /// Trains with a teacher to the end of the last epoch, or until `shouldStop` says so.
  ///
  /// - `loop`: how often it reports and writes its state.
  /// - `saved`: called after each write of the state.
  /// - Precondition: the training has settings of a distillation.
  /// - Throws: ``TeacherError``, what reading pictures throws, and what ``TrainingLoop`` throws.
  public mutating func run(
    on examples: DistillationExamples, loop: TrainingLoop,
    progress: (TrainingProgress) -> Void, shouldStop: () -> Bool = { false },
    saved: (EmbedderTrainer) throws -> Void = { _ in }
  ) throws {
    try training.check(examples)
    guard let distillation = training.distillation else {
      preconditionFailure("a training without a teacher")
    }
    var order = EpochOrder(count: examples.count, batch: training.batch, seed: training.seed)
    let total = training.steps(for: examples)
    let augmentation = training.augmentation
    var batches = BatchesAhead(from: steps, to: total, ahead: loop.batchesAhead) { step in
      examples.batch(
        order.indices(ofStep: step), further: distillation.contrastPictures,
        augmentation: augmentation, using: order.generator(ofStep: step))
    }
    defer { batches.stop() }
    try loop.run(&self, total: total, progress: progress, shouldStop: shouldStop, saved: saved) {
      trainer in
      let report = trainer.step(try batches.next(), distillation, of: total)
      return [
        ("distance", Double(report.distance)), ("contrast", Double(report.contrast)),
        ("contrast_accuracy", Double(report.contrastAccuracy)),
        ("people_loss", Double(report.people)), ("hardening", Double(report.hardening)),
        ("learning_rate", Double(report.learningRate)),
      ]
    }
  }
}
