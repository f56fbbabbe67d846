import CommandLineArguments
import Experiments

/// `facewarden evaluate controlled`: one attribute of drawn people changed at a time.
struct EvaluateControlled: Subcommand, CommandSettings {
  static let command = Command(
    "evaluate controlled",
    "measures drawn people: verification by attribute, and what f_I and f_A tell (linear probes)",
    options: options)

  private var networks = IPGANSelection.One()
  private var people = 100
  private var pictures = 10
  private var seed: UInt64 = 1
  private var output = ExperimentOutput()

  static let settings: [Setting<Self>] =
    part(\.networks) + [
      .value("--people", "N", "How many people.", \.people, .integer(in: 4...1000)),
      .value(
        "--pictures", "N", "Pictures of each for the probes.", \.pictures, .integer(in: 2...100)),
      .value("--seed", "N", "Which people.", \.seed, .unsignedInteger),
    ] + part(\.output)

  func run() throws -> Int32 {
    let models = try networks.load(withWitness: false)
    try output.prepare()
    let report = try ControlledReport(
      networks: models.networks[0], embedder: models.judges[0], people: people,
      pictures: pictures, seed: seed, progress: ExperimentOutput.progress)
    try output.write(report, facts: models.words)
    return 0
  }
}
