import CommandLineArguments
import Experiments

/// `facewarden evaluate attributes`: what the attribute vector tells of the person.
struct EvaluateAttributes: Subcommand {
  static let command = Command(
    "evaluate attributes",
    "measures how well a perceptron reads the person from attribute vectors (Figure 4)",
    discussion: """
      It learns one half of each person's pictures and names the people of the other. Compare models \
      trained with L_KL and without: '--ipgan ip_gan --ipgan without_kl'.
      """,
    options: IPGANSelection.several + FaceSelection.options + [
      .flag("--in-training", "Takes the people in training instead of those held out or of LFW."),
      .value("--pictures", "N", "The most pictures; 4000 if not given."),
      .value("--epochs", "N", "Epochs of the perceptron; 40 if not given."),
      .value("--hidden", "N", "Its hidden units; 256 if not given."),
      .value("--seed", "N", "Which pictures, weights and orders; 1 if not given."),
    ] + ExperimentOutput.options)

  private let arguments: Arguments
  private let selection: FaceSelection
  private let pictures: Int
  private let training: Perceptron.Training
  private let output: ExperimentOutput

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    try IPGANSelection.check(arguments)
    selection = try FaceSelection(
      arguments, for: .one(inTraining: arguments.flag("--in-training")))
    pictures = try arguments.optional("--pictures", .integer(in: 8...1_000_000)) ?? 4000
    var training = Perceptron.Training()
    training.epochs = try arguments.optional("--epochs", .integer(in: 1...10_000)) ?? 40
    training.hidden = try arguments.optional("--hidden", .integer(in: 1...4096)) ?? 256
    training.seed = try arguments.optional("--seed", .unsignedInteger) ?? 1
    self.training = training
    output = ExperimentOutput(arguments)
  }

  func run() throws -> Int32 {
    let models = try IPGANSelection(arguments, withWitness: false)
    try output.prepare()
    let report = try IdentityLeakage(
      selection.groups()[0], networks: models.networks, embedder: models.judges[0],
      pictureLimit: pictures,
      training: training, progress: ExperimentOutput.progress)
    try output.write(report, facts: models.words + [("data", selection.words)])
    return 0
  }
}
