public import Checkpoints
private import Foundation
private import NeuralNetworks
private import Tensors
public import Training

extension FaceDetectorTrainer: ResumableTraining {
  private static let kind = "facewarden face detector training 1"

  public var picturesPerStep: Int { training.patches + training.windows }

  /// Trains for `total` steps in all, or until `shouldStop` says so.
  ///
  /// - `exact`: pictures in which a face's points were found; at least 100.
  /// - `aligned`: aligned faces; their points are only about right, so they teach finding alone.
  /// - Throws: ``FaceExamplesError``, what reading pictures throws, and what `TrainingLoop` throws.
  public mutating func run(
    on exact: [FaceExamples.Example], aligned: [FaceExamples.Example], steps total: Int,
    loop: TrainingLoop, progress: (TrainingProgress) -> Void, shouldStop: () -> Bool = { false },
    saved: (FaceDetectorTrainer) throws -> Void = { _ in }
  ) throws {
    guard exact.count >= 100 else {
      throw FaceExamplesError.tooFew(found: exact.count, expected: 100)
    }
    let composer = PatchComposer(exact: exact, aligned: aligned)
    try loop.run(&self, total: total, progress: progress, shouldStop: shouldStop, saved: saved) {
      try $0.step(composer, of: total)
    }
  }

  public func checkpoint() throws -> SafeTensorsFile {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return SafeTensorsFile(
      tables: [
        ("seeker/", seeker), ("refiner/", refiner), ("seeker_rule/", seekerRule.state),
        ("refiner_rule/", refinerRule.state),
      ],
      integers: [
        NamedIntegers(
          name: "steps", [UInt64(steps), UInt64(seekerRule.steps), UInt64(refinerRule.steps)])
      ],
      metadata: [
        "kind": Self.kind,
        "training": String(decoding: try encoder.encode(training), as: UTF8.self),
      ])
  }

  /// Continues the training that `file` holds.
  ///
  /// - Throws: `TrainingStateError`, `OptimizerStateError` or `CheckpointError`; nothing of the file is
  ///   believed before it is checked.
  public init(checkpoint file: SafeTensorsFile, path: String) throws {
    let unfit = TrainingStateError.notATraining(path: path, expected: "a face detector's")
    guard file.metadata["kind"] == Self.kind, let settings = file.metadata["training"],
      let training = try? JSONDecoder().decode(FaceFinderTraining.self, from: Data(settings.utf8)),
      training.isConsistent
    else { throw unfit }
    let steps = try file.counts("steps", count: 3, limit: mostTrainingSteps)
    try file.checkHolds(training.seeker.weightCount)
    try file.checkHolds(training.refiner.weightCount)
    self.init(training)
    seeker = try file.table("seeker/", like: seeker)
    refiner = try file.table("refiner/", like: refiner)
    self.steps = steps[0]
    try seekerRule.load(file.table(under: "seeker_rule/"), steps: steps[1], matching: seeker)
    try refinerRule.load(file.table(under: "refiner_rule/"), steps: steps[2], matching: refiner)
  }

  /// The contents of a model file.
  public var modelFile: SafeTensorsFile { SafeTensorsFile(tables: [("", seeker), ("", refiner)]) }
}
