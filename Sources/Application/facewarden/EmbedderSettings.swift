import Checkpoints
import CommandLineArguments
import EmbedderTraining
import Embedders
import FaceDatasets
import Files
import Foundation
import ModelStore
import Tensors

/// What `facewarden train embedder` is told: all that its result depends on, and where things lie.
struct EmbedderSettings {
  static let options: [CommandOption] =
    [
      SharedOptions.data, SharedOptions.unlabelled, SharedOptions.heldOut,
      SharedOptions.heldOutSeed,
      SharedOptions.models,
      .value(
        "--teacher", "FILE",
        "Names and embeddings of another network, which this one learns to give; pictures that the file "
          + "does not name are left out."),
      .value(
        "--cosine-weight", "W",
        "With a teacher: the weight of 1 − cos to its embedding; 2 if not given."
      ),
      .value(
        "--contrast-weight", "W",
        "With a teacher: the weight of telling its embeddings apart; 0.5 if not given."),
      .value("--contrast-scale", "S", "What cosines of that are multiplied by; 24 if not given."),
      .value(
        "--contrast-margin", "M", "What the right cosine of that is lowered by; 0.1 if not given."),
      .value(
        "--contrast-pictures", "N",
        "Further pictures a step whose embeddings are to be told apart; 0 if not given."),
      .value(
        "--people-weight", "W",
        "With a teacher: the weight of the loss over labelled people, whose classes begin as the "
          + "teacher's means; 0 if not given."),
      .value(
        "--name", "NAME",
        "The model's name: f_c, f_v for the witness, or another; f_c if not given."),
      .value(
        "--from", "NAME",
        "The published model whose weights the network begins with; its shape is taken, too."),
      .value(
        "--state", "FILE",
        "Where the training is kept while it runs, and continued from; "
          + "runs/embedder.state if not given, runs/NAME.state with --name."),
      .value("--omissions", "FILE", "Lists every picture that was left out, with the reason."),
      .value("--epochs", "N", "Passes over the data; 5 if not given."),
      .value("--batch", "N", "Pictures a step, even; 64 if not given."),
      .flag("--balanced", "Draws each person equally often, whoever has how many pictures."),
      .value(
        "--architecture", "NAME",
        "vgg, or residual: after the first convolution of a block, pairs are added to their input; "
          + "vgg if not given."),
      .value("--slope", "S", "The activations' slope below zero; 0 if not given."),
      .value(
        "--side", "PIXELS",
        "Rows and columns that the network gets; those of the view if not given. With --from the "
          + "convolutions go on from the published ones, and the head is fitted to the side."),
      .value("--widths", "N,N,…", "Channels of each block; 16,48,96,192,384 if not given."),
      .value("--convolutions", "N,N,…", "Convolutions in each block; two each if not given."),
      .value("--head", "NAME", "f_I as average or as map; map if not given."),
      .value(
        "--view", "NAME",
        "whole, middle (eyebrows to chin, 96×96 pixels) or grey-middle; whole if not given. With "
          + "--from another view of as many colours goes on from the published convolutions."),
      .value("--embedding", "N", "Numbers in f_C; 256 if not given."),
      .flag("--flip", "Verifies with a picture and its mirror image; no part of the training."),
      .value("--loss", "NAME", "softmax, cosface or arcface; cosface if not given."),
      .value(
        "--margin", "M",
        "What the right cosine is lowered by, or its angle raised by (arcface, radians); "
          + "0.25 if not given."),
      .value("--scale", "S", "What cosines are multiplied by; 24 if not given."),
      .value(
        "--softmax-share", "P", "The share of steps before the margin begins; 0.3 if not given."),
      .value("--margin-warmup", "P", "The share of steps while it grows; 0.3 if not given."),
      .value("--pair-weight", "W", "The weight of the verification signal; 1 if not given."),
      .value("--optimizer", "NAME", "adam or momentum; adam if not given."),
      .value("--learning-rate", "R", "The highest learning rate; 0.001 if not given."),
      .value("--weight-decay", "R", "The pull of weights towards zero; 0.0005 if not given."),
      .value("--dropout", "P", "How much of f_I is left out while training; 0 if not given."),
      .value(
        "--hardening", "RMS",
        "Adversarial training: the strongest perturbation to withstand, in grey levels; 0 if not given."
      ),
      .value("--hardening-steps", "N", "Steps of the search for a perturbation; 1 if not given."),
      .value(
        "--hardening-warmup", "P",
        "The share of steps over which the strength grows from zero; 0 if not given."),
      .value("--augmentation", "NAME", "none, flip, light, door or full; light if not given."),
      .value("--seed", "N", "Where all randomness comes from; 1 if not given."),
      .flag(
        "--half",
        "Publishes the weights in half precision: half the bytes; figures are measured with them."),
      .flag(
        "--publish",
        "Publishes the state as it is, for use or as a beginning, and trains no further."
      ),
    ] + CheckpointTimes.options + GroupOptions.options

  /// Whose faces, and where things lie.
  let common: TrainingSettings
  private let training: EmbedderTraining
  private let augmentationName: String
  private let isShapeGiven, isSideGiven, isViewGiven: Bool
  private let from, omissionsPath: String?
  /// How the published weights are stored.
  let format: FloatFormat
  /// Strangers outside the training, whose groups set thresholds.
  let groups: GroupOptions
  /// Sources of pictures of whoever.
  let unlabelled: [String]
  /// The teacher's file.
  let teacher: String?
  private let distillation: Distillation

  init(_ arguments: Arguments) throws {
    var training = EmbedderTraining()
    training.epochs =
      try arguments.optional("--epochs", .integer(in: 1...10_000)) ?? training.epochs
    training.batch = try arguments.optional("--batch", .integer(in: 4...4096)) ?? training.batch
    guard training.batch % 2 == 0 else {
      throw UsageError.invalidValue(
        name: "option '--batch'", value: "\(training.batch)", expected: "an even number")
    }
    training.isBalanced = arguments.flag("--balanced")
    training.architecture = try Self.architecture(arguments)
    training.loss = try arguments.optional("--loss", .choice) ?? training.loss
    training.optimizer = try arguments.optional("--optimizer", .choice) ?? training.optimizer
    try arguments.read("--margin", in: 0...0.9, into: &training.margin)
    try arguments.read("--scale", in: 1...128, into: &training.scale)
    try arguments.read("--softmax-share", in: 0...1, into: &training.softmaxShare)
    try arguments.read("--margin-warmup", in: 0...1, into: &training.marginWarmup)
    try arguments.read("--pair-weight", in: 0...100, into: &training.pairWeight)
    try arguments.read("--learning-rate", in: 1e-7...10, into: &training.learningRate)
    try arguments.read("--weight-decay", in: 0...1, into: &training.weightDecay)
    try arguments.read("--dropout", in: 0...0.9, into: &training.dropout)
    try arguments.read("--hardening", in: 0...64, into: &training.hardening)
    training.hardeningSteps =
      try arguments.optional("--hardening-steps", .integer(in: 1...100)) ?? training.hardeningSteps
    try arguments.read("--hardening-warmup", in: 0...1, into: &training.hardeningWarmup)
    var distillation = Distillation(teacher: "")
    try arguments.read("--cosine-weight", in: 0...100, into: &distillation.cosineWeight)
    try arguments.read("--contrast-weight", in: 0...100, into: &distillation.contrastWeight)
    try arguments.read("--contrast-scale", in: 1...128, into: &distillation.contrastScale)
    try arguments.read("--contrast-margin", in: 0...0.9, into: &distillation.contrastMargin)
    try arguments.read("--people-weight", in: 0...100, into: &distillation.peopleWeight)
    distillation.contrastPictures =
      try arguments.optional("--contrast-pictures", .integer(in: 0...65_536)) ?? 0
    self.distillation = distillation
    teacher = arguments.text("--teacher")
    unlabelled = try arguments.all("--unlabelled", .text)
    if teacher == nil {
      let needy = [
        "--unlabelled", "--cosine-weight", "--contrast-weight", "--contrast-scale",
        "--contrast-margin", "--contrast-pictures", "--people-weight",
      ]
      if let option = needy.first(where: { arguments.has($0) }) {
        throw UsageError.conflict("'\(option)' is of use with '--teacher' only")
      }
    }
    augmentationName = try arguments.optional("--augmentation", .text) ?? "light"
    guard let augmentation = FaceAugmentation.named[augmentationName] else {
      throw UsageError.invalidValue(
        name: "option '--augmentation'", value: augmentationName,
        expected: "none, flip, light, door or full")
    }
    training.augmentation = augmentation
    common = try TrainingSettings(arguments, name: FaceEmbedder.modelName, state: "embedder")
    training.seed = common.seed
    self.training = training
    from = try arguments.optional("--from", .modelName)
    let given = [
      "--widths", "--convolutions", "--head", "--embedding", "--architecture", "--slope",
    ]
    isSideGiven = arguments.has("--side")
    isViewGiven = arguments.has("--view")
    isShapeGiven = given.contains { arguments.has($0) }
    omissionsPath = arguments.text("--omissions")
    groups = try GroupOptions(arguments)
    format = arguments.flag("--half") ? .float16 : .float32
  }

  private static func architecture(_ arguments: Arguments) throws -> EmbedderArchitecture {
    func counts(_ name: String) throws -> [Int]? {
      try arguments.optional(name, .wholeNumbers(in: 1...2048))
    }
    let name = try arguments.optional("--view", .text) ?? "whole"
    guard var view = FaceView.named.first(where: { $0.name == name })?.view else {
      throw UsageError.invalidValue(
        name: "option '--view'", value: name, expected: "whole, middle or grey-middle")
    }
    view.resolution = try arguments.optional("--side", .integer(in: 16...512))
    if view.resolution == view.side { view.resolution = nil }
    let standard = EmbedderArchitecture()
    var slope = standard.slope
    try arguments.read("--slope", in: 0...1, into: &slope)
    var architecture = EmbedderArchitecture(
      widths: try counts("--widths") ?? standard.widths, convolutions: try counts("--convolutions"),
      head: try arguments.optional("--head", .choice) ?? standard.head,
      embedding: try arguments.optional("--embedding", .integer(in: 2...2048))
        ?? standard.embedding, view: view,
      kind: try arguments.optional("--architecture", .choice) ?? standard.kind, slope: slope)
    architecture.averagesMirrorImages = arguments.flag("--flip")
    // A published network brings its own shape, which is checked once it is read.
    guard architecture.isBuildable || arguments.has("--from") else {
      throw UsageError.conflict(
        "no such network: 1 to 8 widths, as many '--convolutions' of 1 to 8 (odd ones for a residual "
          + "network), and a side of \(view.pixels) pixels that can be halved for each block")
    }
    return architecture
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
    let manifest = try ModelManifest(folder: common.models)
    var (found, weights) = try FaceEmbedder.weights(of: from, in: manifest, folder: common.models)
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
    guard !isShapeGiven || found == training.architecture else {
      throw ModelError.otherArchitecture(
        model: from, asked: training.architecture.summary, found: found.summary)
    }
    training.architecture = found
    training.startingWeights = try manifest.entry(from).sha256
    return Start(training: training, weights: weights)
  }

  /// Writes the names of pictures that were left out, if asked for.
  func writeOmissions(_ report: DatasetReport) throws {
    guard let omissionsPath else { return }
    let lines = report.omissions.map { "\($0)\n" }.joined()
    try AtomicFile.write(Array(lines.utf8), to: omissionsPath)
  }

  /// The command that makes the same weights, with every option that they depend on, defaults too.
  func text(of training: EmbedderTraining) -> String {
    func list(_ numbers: [Int]) -> String { numbers.map(String.init).joined(separator: ",") }
    let shape = training.architecture
    var words = ["train", "embedder"]
    for source in common.sources { words += ["--data", source] }
    for source in unlabelled { words += ["--unlabelled", source] }
    if let teacher, let way = training.distillation {
      words += ["--teacher", teacher, "--cosine-weight", "\(way.cosineWeight)"]
      words += ["--contrast-weight", "\(way.contrastWeight)"]
      words += ["--contrast-scale", "\(way.contrastScale)"]
      words += ["--contrast-margin", "\(way.contrastMargin)"]
      words += ["--contrast-pictures", "\(way.contrastPictures)"]
      words += ["--people-weight", "\(way.peopleWeight)"]
    }
    words += ["--held-out", "\(common.heldOut)", "--held-out-seed", "\(common.heldOutSeed)"]
    words += ["--name", common.name]
    if let from { words += ["--from", from] }
    words += ["--epochs", "\(training.epochs)", "--batch", "\(training.batch)"]
    if training.isBalanced { words.append("--balanced") }
    words += ["--architecture", shape.kind.rawValue, "--slope", "\(shape.slope)"]
    words += ["--side", "\(shape.view.pixels)"]
    words += ["--widths", list(shape.widths), "--convolutions", list(shape.convolutions)]
    words += ["--head", shape.head.rawValue, "--embedding", "\(shape.embedding)"]
    words += ["--view", shape.view.name ?? "whole"]
    if shape.averagesMirrorImages { words.append("--flip") }
    if format == .float16 { words.append("--half") }
    words += ["--loss", training.loss.rawValue, "--margin", "\(training.margin)"]
    words += ["--scale", "\(training.scale)", "--softmax-share", "\(training.softmaxShare)"]
    words += ["--margin-warmup", "\(training.marginWarmup)"]
    words += ["--pair-weight", "\(training.pairWeight)"]
    words += ["--optimizer", training.optimizer.rawValue]
    words += ["--learning-rate", "\(training.learningRate)"]
    words += ["--weight-decay", "\(training.weightDecay)", "--dropout", "\(training.dropout)"]
    if training.hardening > 0 {
      words += ["--hardening", "\(training.hardening)"]
      words += ["--hardening-steps", "\(training.hardeningSteps)"]
      words += ["--hardening-warmup", "\(training.hardeningWarmup)"]
    }
    words += ["--augmentation", augmentationName, "--seed", "\(training.seed)"]
    return Invocation.text(of: words)
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
