import CommandLineArguments
import EmbedderTraining
import Embedders
import FaceDatasets
import Files
import ModelStore
import Tensors

/// What `facewarden train embedder` is told: all that its result depends on, and where things lie.
struct EmbedderSettings: CommandSettings {
  /// Whose faces, and where things lie.
  var common = TrainingSettings()
  /// Strangers outside the training, whose groups set thresholds.
  private(set) var groups = GroupOptions()
  /// The teacher's file.
  private(set) var teacher: String?
  private var training = EmbedderTraining()
  private var distillation = Distillation(teacher: "")
  private var augmentation = "light"
  private var view = "whole"
  private var side: Int?
  private var convolutions: [Int]?
  private var from, omissionsPath: String?
  /// Those options of the shape that were given.
  private var shapeGiven: Set<String> = []
  private var isSideGiven = false
  private var isViewGiven = false

  static let settings: [Setting<Self>] =
    part(\.common) + teaching + [
      TrainingSettings.name("The model's name: f_c, f_v for the witness, or another.").lifted(
        \.common),
      .optional(
        "--from", "NAME",
        "The published model whose weights the network begins with; its shape is taken, too.",
        \.from, .modelName),
      TrainingPlace.state(usual: "runs/embedder.state, or runs/NAME.state with --name,").lifted(
        \.common.place),
      .optional(
        "--omissions", "FILE", "Lists every picture that was left out, with the reason.",
        \.omissionsPath, .text, isRecorded: false),
      .value("--epochs", "N", "Passes over the data.", \.training.epochs, .integer(in: 1...10_000)),
      .value(
        "--batch", "N", "Pictures a step, even.", \.training.batch, .integer(in: 4...4096)),
      .flag(
        "--balanced", "Draws each person equally often, whoever has how many pictures.",
        \.training.isBalanced),
    ] + shape + losses + [
      .value(
        "--augmentation", "NAME", "none, flip, light, door or full.", \.augmentation,
        .name(of: FaceAugmentation.named.keys.sorted())),
      TrainingSettings.seed.lifted(\.common),
      TrainingSettings.half.lifted(\.common),
    ] + part(\.common.place) + part(\.groups)

  private static let teaching: [Setting<Self>] = [
    TrainingSettings.unlabelled(needs: "--teacher").lifted(\.common),
    .optional(
      "--teacher", "FILE",
      "Names and embeddings of another network, which this one learns to give; pictures that the file "
        + "does not name are left out.", \.teacher, .text),
    .value(
      "--cosine-weight", "W", "The weight of 1 − cos to the teacher's embedding.",
      \.distillation.cosineWeight, .float(in: 0...100), needs: "--teacher"),
    .value(
      "--contrast-weight", "W", "The weight of telling the teacher's embeddings apart.",
      \.distillation.contrastWeight, .float(in: 0...100), needs: "--teacher"),
    .value(
      "--contrast-scale", "S", "What cosines of that are multiplied by.",
      \.distillation.contrastScale, .float(in: 1...128), needs: "--teacher"),
    .value(
      "--contrast-margin", "M", "What the right cosine of that is lowered by.",
      \.distillation.contrastMargin, .float(in: 0...0.9), needs: "--teacher"),
    .value(
      "--contrast-pictures", "N",
      "Further pictures a step whose embeddings are to be told apart.",
      \.distillation.contrastPictures, .integer(in: 0...65_536), needs: "--teacher"),
    .value(
      "--people-weight", "W",
      "The weight of the loss over labelled people, whose classes begin as the teacher's means.",
      \.distillation.peopleWeight, .float(in: 0...100), needs: "--teacher"),
  ]

  private static let shape: [Setting<Self>] = [
    .value(
      "--architecture", "NAME",
      "vgg, or residual: after the first convolution of a block, pairs are added to their input.",
      \.training.architecture.kind, .choice),
    .value(
      "--slope", "S", "The activations' slope below zero.", \.training.architecture.slope,
      .float(in: 0...1)),
    .optional(
      "--side", "PIXELS",
      "Rows and columns that the network gets; those of the view if not given. With --from the "
        + "convolutions go on from the published ones, and the head is fitted to the side.", \.side,
      .integer(in: 16...512)),
    .value(
      "--widths", "N,N,…", "Channels of each block.", \.training.architecture.widths,
      .wholeNumbers(in: 1...2048)),
    .optional(
      "--convolutions", "N,N,…",
      "Convolutions in each block; two each if not given. With --from a residual network may get further "
        + "pairs, which at first add nothing.",
      \.convolutions, .wholeNumbers(in: 1...2048)),
    .value("--head", "NAME", "f_I as average or as map.", \.training.architecture.head, .choice),
    .value(
      "--view", "NAME",
      "whole, middle (eyebrows to chin, 96×96 pixels) or grey-middle. With --from another view of as "
        + "many colours goes on from the published convolutions.", \.view,
      .name(of: FaceView.named.map(\.name))),
    .value(
      "--embedding", "N", "Numbers in f_C.", \.training.architecture.embedding,
      .integer(in: 2...2048)),
    .flag(
      "--flip", "Verifies with a picture and its mirror image; no part of the training.",
      \.training.architecture.averagesMirrorImages),
  ]

  private static let losses: [Setting<Self>] = [
    .value("--loss", "NAME", "softmax, cosface or arcface.", \.training.loss, .choice),
    .value(
      "--margin", "M",
      "What the right cosine is lowered by, or its angle raised by (arcface, radians).",
      \.training.margin, .float(in: 0...0.9)),
    .value(
      "--scale", "S", "What cosines are multiplied by.", \.training.scale, .float(in: 1...128)),
    .value(
      "--softmax-share", "P", "The share of steps before the margin begins.",
      \.training.softmaxShare, .float(in: 0...1)),
    .value(
      "--margin-warmup", "P", "The share of steps while it grows.", \.training.marginWarmup,
      .float(in: 0...1)),
    .value(
      "--pair-weight", "W", "The weight of the verification signal.", \.training.pairWeight,
      .float(in: 0...100)),
    .value("--optimizer", "NAME", "adam or momentum.", \.training.optimizer, .choice),
    .value(
      "--learning-rate", "R", "The highest learning rate.", \.training.learningRate,
      .float(in: 1e-7...10)),
    .value(
      "--weight-decay", "R", "The pull of weights towards zero.", \.training.weightDecay,
      .float(in: 0...1)),
    .value(
      "--dropout", "P", "How much of f_I is left out while training.", \.training.dropout,
      .float(in: 0...0.9)),
    .value(
      "--hardening", "RMS",
      "Adversarial training: the strongest perturbation to withstand, in grey levels.",
      \.training.hardening, .float(in: 0...64)),
    .value(
      "--hardening-steps", "N", "Steps of the search for a perturbation.",
      \.training.hardeningSteps, .integer(in: 1...100)),
    .value(
      "--hardening-warmup", "P", "The share of steps over which the strength grows from zero.",
      \.training.hardeningWarmup, .float(in: 0...1)),
  ]

  mutating func check(_ arguments: Arguments) throws {
    guard training.batch % 2 == 0 else {
      throw UsageError.invalidValue(
        name: "option '--batch'", value: "\(training.batch)", expected: "an even number")
    }
    try common.check(name: FaceEmbedder.modelName, state: "embedder")
    training.seed = common.seed
    training.augmentation = FaceAugmentation.named[augmentation] ?? training.augmentation
    isSideGiven = arguments.has("--side")
    isViewGiven = arguments.has("--view")
    shapeGiven = Set(
      ["--widths", "--convolutions", "--head", "--embedding", "--architecture", "--slope"]
        .filter { arguments.has($0) })
    try checkShape()
  }

  private mutating func checkShape() throws(UsageError) {
    var shape = training.architecture
    shape.convolutions = convolutions ?? shape.widths.map { _ in 2 }
    if let named = FaceView.named.first(where: { $0.name == view })?.view { shape.view = named }
    shape.view.resolution = side == shape.view.side ? nil : side
    // A published network brings its own shape, which is checked once it is read.
    guard shape.isBuildable || from != nil else {
      throw .conflict(
        "no such network: 1 to 8 widths, as many '--convolutions' of 1 to 16 (odd ones for a residual "
          + "network), and a side of \(shape.view.pixels) pixels that can be halved for each block")
    }
    training.architecture = shape
  }

  /// What a training begins with.
  struct Start {
    /// The settings, complete.
    var training: EmbedderTraining
    /// The weights of a published model, or nil to draw them.
    var weights: ParameterTable?
  }

  /// Reads the weights to begin with, if there are to be any.
  ///
  /// - `teacher`: what the teacher's file holds, if there is one.
  func start(_ teacher: TeacherEmbeddings?) throws -> Start {
    var training = training
    if let teacher {
      training.distillation = distillation
      training.distillation?.teacher = teacher.sha256
    }
    guard let from else { return Start(training: training) }
    let manifest = try ModelManifest(folder: common.models.path)
    var (found, weights) = try FaceEmbedder.weights(
      of: from, in: manifest, folder: common.models.path)
    found.averagesMirrorImages = training.architecture.averagesMirrorImages
    if isSideGiven || isViewGiven {
      var resized = found
      let asked = training.architecture.view
      let view = isViewGiven ? asked : found.view
      resized.view = view.with(resolution: isSideGiven ? asked.pixels : found.view.pixels)
      guard resized.isBuildable, resized.view.channels == found.view.channels else {
        throw ModelError.otherArchitecture(
          model: from, asked: resized.summary, found: found.summary)
      }
      weights = found.weights(weights, fittedTo: resized)
      found = resized
    }
    let asked = shape(askedOf: found)
    guard asked.isBuildable, asked == found || found.isDeepened(by: asked) else {
      throw ModelError.otherArchitecture(
        model: from, asked: asked.summary, found: found.summary)
    }
    weights = found.weights(weights, deepenedTo: asked, seed: training.seed)
    training.architecture = asked
    training.startingWeights = try manifest.entry(from).sha256
    return Start(training: training, weights: weights)
  }

  /// A published network's shape with what was given of another one.
  private func shape(askedOf found: EmbedderArchitecture) -> EmbedderArchitecture {
    let given = training.architecture
    var shape = found
    if shapeGiven.contains("--widths") { shape.widths = given.widths }
    if shapeGiven.contains("--convolutions") { shape.convolutions = given.convolutions }
    if shapeGiven.contains("--head") { shape.head = given.head }
    if shapeGiven.contains("--embedding") { shape.embedding = given.embedding }
    if shapeGiven.contains("--architecture") { shape.kind = given.kind }
    if shapeGiven.contains("--slope") { shape.slope = given.slope }
    return shape
  }

  /// Writes the names of pictures that were left out, if asked for.
  func writeOmissions(_ report: DatasetReport) throws {
    guard let omissionsPath else { return }
    let lines = report.omissions.map { "\($0)\n" }.joined()
    try AtomicFile.write(Array(lines.utf8), to: omissionsPath)
  }

  /// The command that makes the same weights, with every option that they depend on, defaults too.
  func text(of training: EmbedderTraining) -> String {
    var complete = self
    complete.training = training
    complete.distillation = training.distillation ?? distillation
    complete.convolutions = training.architecture.convolutions
    complete.view = training.architecture.view.name ?? "whole"
    complete.side = training.architecture.view.pixels
    return Invocation.text(of: ["train", "embedder"] + complete.words)
  }

  /// Where the training departs from the paper's, one sentence each.
  func departures(of training: EmbedderTraining) -> [String] {
    var departures: [String] = []
    if let way = training.distillation {
      departures.append(
        "distilled from the embeddings of another network, sha256 \(way.teacher), instead of (6)")
    } else if training.pairWeight > 0 {
      departures.append(
        "each batch is made of pairs of one person, with a softmax over their cosines beside (6)")
    }
    switch training.loss {
    case _ where training.distillation != nil: break
    case .softmax: break
    case .cosface:
      departures.append("after a start with plain softmax the margin of CosFace takes its place")
    case .arcface:
      departures.append("after a start with plain softmax the margin of ArcFace takes its place")
    }
    if training.hardening > 0 {
      departures.append(
        "adversarial training: one picture of each pair is perturbed by up to "
          + "\(training.hardening) grey levels")
    }
    if training.isBalanced { departures.append("each person is drawn equally often") }
    if let sum = training.startingWeights, let from {
      departures.append("the weights began as those of \(from), sha256 \(sum)")
    }
    return departures
  }
}
