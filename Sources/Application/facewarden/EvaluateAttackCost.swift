import CommandLineArguments
import Experiments
import FaceDatasets
import Foundation

/// `facewarden evaluate attack-cost`: how much a picture has to change to fool an embedder.
struct EvaluateAttackCost: Subcommand, CommandSettings {
  static let command = Command(
    "evaluate attack-cost",
    "measures the change that a white-box attack on an embedder needs, and its accuracy",
    discussion: """
      Thresholds are measured on the same people: the distance² of FMR 1 %, the one that 99 % of genuine \
      pairs pass, and those of cosines .5 and .7. Give people that the embedder was not trained on.
      """,
    positionals: positionals, options: options)

  private var sources: [String] = []
  private var embedder = EmbedderSelection.Options()
  private var pairs = 60
  private var seed: UInt64 = 1
  private var output = ExperimentOutput()

  static let settings: [Setting<Self>] =
    [
      .arguments(
        "DATA", "folders or tars of identity/picture, aligned, 128×128", \.sources, .text)
    ] + part(\.embedder) + [
      .value("--pairs", "N", "Pairs of strangers to attack.", \.pairs, .integer(in: 1...10_000)),
      .value("--seed", "N", "Which pairs.", \.seed, .unsignedInteger),
    ] + part(\.output)

  func run() throws -> Int32 {
    let chosen = try embedder.load()
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
