import CommandLineArguments
import Experiments

/// `facewarden evaluate generation`: whether generated faces show whom they should.
struct EvaluateGeneration: Subcommand {
  static let command = Command(
    "evaluate generation",
    "measures how often generated faces are identified as their person (Tables 2 and 3)",
    discussion: """
      Each group of people (in training, held out, of LFW) has its own gallery of one real picture a \
      person. Faces with the identity of another picture and the attributes of somebody else's are \
      looked for in it by f_C, and by f_V if the manifest has it; real pictures are the ceiling. \
      Models trained with other losses are named by '--ipgan' and become rows of the same table.
      """,
    options: IPGANSelection.several + FaceSelection.options + [
      .value("--people", "N", "The most people of each group; 1000 if not given."),
      .value("--seed", "N", "Which people and pictures; 1 if not given."),
    ] + ExperimentOutput.options)

  private let arguments: Arguments
  private let selection: FaceSelection
  private let people: Int
  private let seed: UInt64
  private let output: ExperimentOutput

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    try IPGANSelection.check(arguments)
    selection = try FaceSelection(arguments)
    people = try arguments.optional("--people", .integer(in: 2...100_000)) ?? 1000
    seed = try arguments.optional("--seed", .unsignedInteger) ?? 1
    output = ExperimentOutput(arguments)
  }

  func run() throws -> Int32 {
    let models = try IPGANSelection(arguments)
    try output.prepare()
    let report = try GenerationReport(
      selection.groups(), networks: models.networks, judges: models.judges,
      peopleLimit: people, seed: seed, progress: ExperimentOutput.progress)
    try output.write(report, facts: models.words + [("data", selection.words)])
    return 0
  }
}
