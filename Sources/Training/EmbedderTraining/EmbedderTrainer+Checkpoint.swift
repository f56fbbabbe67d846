public import Checkpoints
private import Embedders
private import Foundation
private import NeuralNetworks
private import Tensors
private import Training

extension EmbedderTrainer {
  private static let kind = "facewarden embedder training 1"

  /// Everything that the next step depends on, but the data.
  public func checkpoint() throws -> SafeTensorsFile {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let (ruleState, classifierState) = (rule.state, classifierRule.state)
    return SafeTensorsFile(
      tables: [
        ("embedder/", embedder), ("classifier/", classifier),
        ("rule/", ruleState.tables), ("classifier_rule/", classifierState.tables),
      ],
      integers: [
        NamedIntegers(name: "steps", [UInt64(steps)]),
        NamedIntegers(
          name: "rule_steps", [UInt64(ruleState.steps), UInt64(classifierState.steps)]),
        NamedIntegers(name: "people", [UInt64(people)]),
      ],
      metadata: [
        "kind": Self.kind,
        "training": String(decoding: try encoder.encode(training), as: UTF8.self),
      ])
  }

  /// Continues the training that `file` holds.
  ///
  /// - Throws: ``TrainingStateError``, `OptimizerStateError` or ``CheckpointError``; nothing of the file
  ///   is believed before it is checked.
  public init(checkpoint file: SafeTensorsFile, path: String) throws {
    guard file.metadata["kind"] == Self.kind, let settings = file.metadata["training"],
      let training = try? JSONDecoder().decode(EmbedderTraining.self, from: Data(settings.utf8)),
      training.isConsistent
    else { throw TrainingStateError.notATraining(path: path, expected: "an embedder's") }
    let people = try file.counts("people", count: 1, limit: Self.mostPeople)[0]
    let steps = try file.counts("steps", count: 1, limit: mostTrainingSteps)[0]
    let ruleSteps = try file.counts("rule_steps", count: 2, limit: steps)
    guard people >= 2 else {
      throw TrainingStateError.notATraining(path: path, expected: "an embedder's")
    }
    let architecture = training.architecture
    try file.checkHolds(architecture.weightCount)
    try file.checkHolds(people * architecture.embedding)
    self.init(training, people: people)
    embedder = try file.table("embedder/", like: embedder)
    classifier = try file.table("classifier/", like: classifier)
    self.steps = steps
    try rule.load(file.table(under: "rule/"), steps: ruleSteps[0], matching: embedder)
    try classifierRule.load(
      file.table(under: "classifier_rule/"), steps: ruleSteps[1], matching: classifier)
  }

  /// More people than any data set has.
  private static let mostPeople = 1 << 30
}
