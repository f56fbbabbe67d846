import CommandLineArguments
import Experiments

/// `facewarden evaluate attributes`: what the attribute vector tells of the person.
struct EvaluateAttributes: Subcommand, CommandSettings {
  static let command = Command(
    "evaluate attributes",
    "measures how well a perceptron reads the person from attribute vectors (Figure 4)",
    discussion: """
      It learns one half of each person's pictures and names the people of the other. Compare models \
      trained with L_KL and without: '--ipgan ip_gan --ipgan without_kl'.
      """,
    options: options)

  private var networks = IPGANSelection.Several()
  private var selection = FaceSelection()
  private var isInTraining = false
  private var pictures = 4000
  private var training = Perceptron.Training()
  private var output = ExperimentOutput()

  static let settings: [Setting<Self>] =
    part(\.networks) + part(\.selection) + [
      .flag(
        "--in-training", "Takes the people in training instead of those held out or of LFW.",
        \.isInTraining),
      .value("--pictures", "N", "The most pictures.", \.pictures, .integer(in: 8...1_000_000)),
      .value(
        "--epochs", "N", "Epochs of the perceptron.", \.training.epochs, .integer(in: 1...10_000)),
      .value("--hidden", "N", "Its hidden units.", \.training.hidden, .integer(in: 1...4096)),
      .value(
        "--seed", "N", "Which pictures, weights and orders.", \.training.seed, .unsignedInteger),
    ] + part(\.output)

  mutating func check(_ arguments: Arguments) throws {
    try selection.use(.one(inTraining: isInTraining))
  }

  func run() throws -> Int32 {
    let models = try networks.load(withWitness: false)
    try output.prepare()
    let report = try IdentityLeakage(
      selection.groups()[0], networks: models.networks, embedder: models.judges[0],
      pictureLimit: pictures,
      training: training, progress: ExperimentOutput.progress)
    try output.write(report, facts: models.words + [("data", selection.words)])
    return 0
  }
}
