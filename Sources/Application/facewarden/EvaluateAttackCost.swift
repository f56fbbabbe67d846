import CommandLineArguments
import Experiments
import FaceDatasets
import Foundation

/// `facewarden evaluate attack-cost`: how much a picture has to change to fool an embedder.
struct EvaluateAttackCost: Subcommand {
  static let command = Command(
    "evaluate attack-cost",
    "measures the change that a white-box attack on an embedder needs, and its accuracy",
    discussion: """
      Thresholds are measured on the same people: the distance² of FMR 1 %, the one that 99 % of genuine \
      pairs pass, and those of cosines .5 and .7. Give people that the embedder was not trained on.
      """,
    positionals: [
      Positional("DATA", "folders or tars of identity/picture, aligned, 128×128", arity: .some)
    ],
    options: EmbedderSelection.options + [
      .value("--pairs", "N", "Pairs of strangers to attack; 60 if not given."),
      .value("--seed", "N", "Which pairs; 1 if not given."),
    ] + ExperimentOutput.options)

  private let arguments: Arguments
  private let sources: [String]
  private let pairs: Int
  private let seed: UInt64
  private let output: ExperimentOutput

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    sources = try arguments.all("DATA", .text)
    pairs = try arguments.optional("--pairs", .integer(in: 1...10_000)) ?? 60
    seed = try arguments.optional("--seed", .unsignedInteger) ?? 1
    output = ExperimentOutput(arguments)
    try EmbedderSelection.check(arguments)
  }

  func run() throws -> Int32 {
    let chosen = try EmbedderSelection(arguments)
    try output.prepare()
    let data = try IdentityDataset(sources: sources)
    Console.say(data.report)
    let cost = try AttackCost(
      data, embedder: chosen.embedder, pairs: pairs, seed: seed
    ) { ExperimentOutput.progress("attacked", $0, $1) }
    try output.write(cost, facts: [("model", chosen.words)])
    return 0
  }
}
