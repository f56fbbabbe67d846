public import Checkpoints
private import Foundation
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
  /// - Throws: ``TrainingStateError`` or ``CheckpointError``.
  public init(checkpoint file: SafeTensorsFile, path: String) throws {
    guard file.metadata["kind"] == Self.kind, let settings = file.metadata["training"],
      let training = try? JSONDecoder().decode(EmbedderTraining.self, from: Data(settings.utf8))
    else { throw TrainingStateError.notATraining(path: path, expected: "an embedder's") }
    let people = Int(clamping: try file.integers("people").elements.first ?? 0)
    guard people >= 2 else {
      throw TrainingStateError.notATraining(path: path, expected: "an embedder's")
    }
    self.init(training, people: people)
    embedder = try file.table("embedder/", like: embedder)
    classifier = try file.table("classifier/", like: classifier)
    steps = Int(clamping: try file.integers("steps").elements.first ?? 0)
    let ruleSteps = try file.integers("rule_steps").elements.map { Int(clamping: $0) }
    guard ruleSteps.count == 2 else {
      throw TrainingStateError.notATraining(path: path, expected: "an embedder's")
    }
    rule.state = (ruleSteps[0], file.table(under: "rule/"))
    classifierRule.state = (ruleSteps[1], file.table(under: "classifier_rule/"))
  }
}
