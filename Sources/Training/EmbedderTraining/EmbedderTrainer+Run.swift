public import FaceDatasets
internal import PictureBatches
public import Training

extension EmbedderTrainer {
  /// Trains to the end of the last epoch, or until `shouldStop` says so.
  ///
  /// - `data`: the people to tell apart.
  /// - `loop`: how often it reports and writes its state.
  /// - `saved`: called after each write of the state.
  /// - Throws: ``TrainingDataError``, what reading pictures throws, and what ``TrainingLoop`` throws.
  public mutating func run(
    on data: IdentityDataset, loop: TrainingLoop,
    progress: (TrainingProgress) -> Void, shouldStop: () -> Bool = { false },
    saved: (EmbedderTrainer) throws -> Void = { _ in }
  ) throws {
    try training.check(data)
    var order = training.order(of: data.pictures)
    let total = training.steps(for: data)
    let augmentation = training.augmentation
    var batches = BatchesAhead(from: steps, to: total, ahead: loop.batchesAhead) { step in
      let indices = order.indices(ofStep: step)
      let faces = data.faces(
        indices, augmentation: augmentation, using: order.generator(ofStep: step))
      return faces.joined { (pictures: $0, labels: indices.map { data.labels[$0] }) }
    }
    defer { batches.stop() }
    try loop.run(&self, total: total, progress: progress, shouldStop: shouldStop, saved: saved) {
      trainer in
      let batch = try batches.next()
      let report = trainer.step(pictures: batch.pictures, labels: batch.labels, of: total)
      return [
        ("loss", Double(report.loss)), ("pair_loss", Double(report.pairLoss)),
        ("accuracy", Double(report.accuracy)), ("pair_accuracy", Double(report.pairAccuracy)),
        ("learning_rate", Double(report.learningRate)),
      ]
    }
  }
}

extension EmbedderTraining {
  /// The steps of a whole training on `data`, which has to fill a batch.
  public func steps(for data: IdentityDataset) -> Int {
    order(of: data.pictures).stepsPerEpoch * epochs
  }

  /// Which of the pictures, given by person, each step sees.
  func order(of people: [Range<Int>]) -> any PictureOrder {
    isBalanced
      ? BalancedOrder(people: people, batch: batch, seed: seed)
      : EpochOrder(pairsOf: people, batch: batch, seed: seed)
  }
}

extension EmbedderTrainer: ResumableTraining {
  public var picturesPerStep: Int { training.batch }
}
