import CommandLineArguments
import Experiments

/// `facewarden evaluate controlled`: one attribute of drawn people changed at a time.
struct EvaluateControlled: Subcommand {
  static let command = Command(
    "evaluate controlled",
    "measures drawn people: verification by attribute, and what f_I and f_A tell (linear probes)",
    options: IPGANSelection.one + [
      .value("--people", "N", "How many people; 100 if not given."),
      .value("--pictures", "N", "Pictures of each for the probes; 10 if not given."),
      .value("--seed", "N", "Which people; 1 if not given."),
    ] + ExperimentOutput.options)

  private let arguments: Arguments
  private let people, pictures: Int
  private let seed: UInt64
  private let output: ExperimentOutput

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    try IPGANSelection.check(arguments)
    people = try arguments.optional("--people", .integer(in: 4...1000)) ?? 100
    pictures = try arguments.optional("--pictures", .integer(in: 2...100)) ?? 10
    seed = try arguments.optional("--seed", .unsignedInteger) ?? 1
    output = ExperimentOutput(arguments)
  }

  func run() throws -> Int32 {
    let models = try IPGANSelection(arguments, withWitness: false)
    try output.prepare()
    let report = try ControlledReport(
      networks: models.networks[0], embedder: models.judges[0], people: people,
      pictures: pictures, seed: seed, progress: ExperimentOutput.progress)
    try output.write(report, facts: models.words)
    return 0
  }
}
