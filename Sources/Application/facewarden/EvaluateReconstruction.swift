import CommandLineArguments
import Experiments

/// `facewarden evaluate reconstruction`: how true x̂ is to x.
struct EvaluateReconstruction: Subcommand, CommandSettings {
  static let command = Command(
    "evaluate reconstruction",
    "measures reconstructions of people never seen: picture, person, attributes",
    discussion: """
      PSNR and SSIM of x and x̂, cosines of f_C and f_V beside those of two photos of one person, \
      agreement of the attributes, and how well the identity gap tells reconstructions with the \
      picture's own identity from those with a stranger's.
      """,
    options: options)

  private var networks = IPGANSelection.Several()
  private var selection = FaceSelection()
  private var isInTraining = false
  private var pictures = 2000
  private var seed: UInt64 = 1
  private var output = ExperimentOutput()

  static let settings: [Setting<Self>] =
    part(\.networks) + part(\.selection) + [
      .flag("--in-training", "Measures the people in training, too.", \.isInTraining),
      .value(
        "--pictures", "N", "The most pictures of each group.", \.pictures,
        .integer(in: 4...1_000_000)),
      .value("--seed", "N", "Which people, strangers and pairs.", \.seed, .unsignedInteger),
    ] + part(\.output)

  mutating func check(_ arguments: Arguments) throws {
    try selection.use(.unseen(inTraining: isInTraining))
  }

  func run() throws -> Int32 {
    let models = try networks.load()
    try output.prepare()
    let report = try ReconstructionReport(
      selection.groups(), networks: models.networks, judges: models.judges, pictureLimit: pictures,
      seed: seed,
      progress: ExperimentOutput.progress)
    try output.write(report, facts: models.words + [("data", selection.words)])
    return 0
  }
}
