import CommandLineArguments
import Experiments

/// `facewarden evaluate reconstruction`: how true x̂ is to x.
struct EvaluateReconstruction: Subcommand {
  static let command = Command(
    "evaluate reconstruction",
    "measures reconstructions of people never seen: picture, person, attributes",
    discussion: """
      PSNR and SSIM of x and x̂, cosines of f_C and f_V beside those of two photos of one person, \
      agreement of the attributes, and how well the identity gap tells reconstructions with the \
      picture's own identity from those with a stranger's.
      """,
    options: IPGANSelection.several + FaceSelection.options + [
      .flag("--in-training", "Measures the people in training, too."),
      .value("--pictures", "N", "The most pictures of each group; 2000 if not given."),
      .value("--seed", "N", "Which people, strangers and pairs; 1 if not given."),
    ] + ExperimentOutput.options)

  private let arguments: Arguments
  private let selection: FaceSelection
  private let pictures: Int
  private let seed: UInt64
  private let output: ExperimentOutput

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    try IPGANSelection.check(arguments)
    selection = try FaceSelection(
      arguments, for: .unseen(inTraining: arguments.flag("--in-training")))
    pictures = try arguments.optional("--pictures", .integer(in: 4...1_000_000)) ?? 2000
    seed = try arguments.optional("--seed", .unsignedInteger) ?? 1
    output = ExperimentOutput(arguments)
  }

  func run() throws -> Int32 {
    let models = try IPGANSelection(arguments)
    try output.prepare()
    let report = try ReconstructionReport(
      selection.groups(), networks: models.networks, judges: models.judges, pictureLimit: pictures,
      seed: seed,
      progress: ExperimentOutput.progress)
    try output.write(report, facts: models.words + [("data", selection.words)])
    return 0
  }
}
