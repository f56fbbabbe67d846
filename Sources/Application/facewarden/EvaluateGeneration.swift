import CommandLineArguments
import Experiments

/// `facewarden evaluate generation`: whether generated faces show whom they should.
struct EvaluateGeneration: Subcommand, CommandSettings {
  static let command = Command(
    "evaluate generation",
    "measures how often generated faces are identified as their person (Tables 2 and 3)",
    discussion: """
      Each group of people (in training, held out, of LFW) has its own gallery of one real picture a \
      person. Faces with the identity of another picture and the attributes of somebody else's are \
      looked for in it by f_C, and by f_V if the manifest has it; real pictures are the ceiling. \
      Models trained with other losses are named by '--ipgan' and become rows of the same table.
      """,
    options: options)

  private var networks = IPGANSelection.Several()
  private var selection = FaceSelection()
  private var people = 1000
  private var seed: UInt64 = 1
  private var output = ExperimentOutput()

  static let settings: [Setting<Self>] =
    part(\.networks) + part(\.selection) + [
      .value(
        "--people", "N", "The most people of each group.", \.people, .integer(in: 2...100_000)),
      .value("--seed", "N", "Which people and pictures.", \.seed, .unsignedInteger),
    ] + part(\.output)

  mutating func check(_ arguments: Arguments) throws {
    try selection.use(.all)
  }

  func run() throws -> Int32 {
    let models = try networks.load()
    try output.prepare()
    let report = try GenerationReport(
      selection.groups(), networks: models.networks, judges: models.judges,
      peopleLimit: people, seed: seed, progress: ExperimentOutput.progress)
    try output.write(report, facts: models.words + [("data", selection.words)])
    return 0
  }
}
