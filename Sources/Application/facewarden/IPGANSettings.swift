import CommandLineArguments
import Embedders
import IPGANTraining
import Reconstruction

/// What `facewarden train ipgan` is told: all that its result depends on, and where things lie.
struct IPGANSettings {
  static let options: [CommandOption] =
    [
      SharedOptions.data, SharedOptions.unlabelled, SharedOptions.heldOut,
      SharedOptions.heldOutSeed,
      SharedOptions.models,
      .value("--name", "NAME", "The model's name; ip_gan if not given."),
      .value(
        "--state", "FILE",
        "Where the training is kept while it runs, and continued from; runs/NAME.state if not given."
      ),
      .value(
        "--from", "NAME",
        "Starts from this model of the folder, one of the same A and G, instead of from nothing."),
      .value("--steps", "N", "Steps of both kinds together; 16000 if not given."),
      .value("--batch", "N", "Pictures a step; 32 if not given."),
      .value("--latent", "N", "Numbers in the attribute vector; 128 if not given."),
      .value(
        "--attribute-widths", "N,N,…", "Channels of A's blocks; 16,32,64,128,256 if not given."),
      .value(
        "--generator-widths", "N,N,…",
        "Channels of G's first map and after each doubling; 256,256,128,64,32,16 if not given, from "
          + "8×8 on 256,128,64,48,24."),
      .value(
        "--start", "NAME",
        "places begins G's first map by each place of f_I alone, overlapping by its neighbours as well; "
          + "places if not given where f_I is a map of 4×4, overlapping where it is another one."),
      .value(
        "--discriminator", "NAME",
        "dcgan judges pictures, patches has spectral norm 1 and judges patches; dcgan if not given."
      ),
      .value(
        "--discriminator-widths", "N,N,…", "Channels of D's blocks; 24,48,96,192,256 if not given."),
      .value(
        "--without", "PART,…",
        "Leaves parts out, for ablations: GC or GD (the losses), T (transformation steps), KL."),
      .value(
        "--balance", "NAME",
        "norms brings the gradients of L_GC and L_GD to a share of L_GR's, sums adds the losses; "
          + "norms if not given."),
      .value("--divergence-weight", "W", "What L_KL is multiplied by; 1 if not given."),
      .value("--identity-strength", "S", "The share, or factor, of L_GC; 1 if not given."),
      .value(
        "--map-share", "S",
        "The share of a like loss on f_I in reconstruction steps; 0 if not given."
      ),
      .flag(
        "--changes",
        "L_GC looks at x' after a random small change, another one at each step."),
      .value(
        "--adversarial-strength", "S",
        "The share, or factor, of G's own part in the game with D; 0 if not given."),
      .value(
        "--divergence-floor", "D",
        "L_KL of an attribute below which it costs nothing; 0 if not given."),
      .value("--realism-strength", "S", "The share, or factor, of L_GD; 0.3 if not given."),
      .value("--discriminator-loss", "NAME", "logistic or hinge; logistic if not given."),
      .value(
        "--discriminator-pace", "P", "D's learning rate over that of A and G; 0.5 if not given."),
      .value("--learning-rate", "R", "The highest learning rate; 0.0005 if not given."),
      .value(
        "--decay-share", "P",
        "The share of all steps, at the end, over which it falls; 0.5 if not given."),
      .value(
        "--average-decay", "P",
        "How slowly the averaged weights follow, 0…1; 0.998 if not given."),
      .value("--seed", "N", "Where all randomness comes from; 1 if not given."),
      .value(
        "--sheet", "FILE",
        "A PNG of inputs, reconstructions and recombinations, written with each state; "
          + "beside the state if not given."),
      .flag("--publish", "Publishes the state as it is, and trains no further."),
    ] + CheckpointTimes.options

  /// Whose faces, and where things lie.
  let common: TrainingSettings
  /// Folders and tars of pictures of whoever.
  let unlabelled: [String]
  let sheetPath: String
  /// The model that the training starts from; nil for nothing.
  let origin: String?
  let steps: Int
  private let arguments: Arguments

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    common = try TrainingSettings(
      arguments, name: FaceReconstructor.modelName, state: FaceReconstructor.modelName)
    unlabelled = try arguments.all("--unlabelled", .text)
    origin = try arguments.optional("--from", .modelName)
    sheetPath = try arguments.optional("--sheet", .pictureToWrite) ?? common.stem + "-sheet.png"
    steps = try arguments.optional("--steps", .integer(in: 1...100_000_000)) ?? 16_000
    _ = try training(for: EmbedderArchitecture().shape)
  }

  /// The training of networks that fit an embedder.
  func training(for embedder: EmbedderShape) throws -> IPGANTraining {
    var training = IPGANTraining(try architecture(for: embedder))
    training.batch = try arguments.optional("--batch", .integer(in: 2...1024)) ?? training.batch
    training.balance = try arguments.optional("--balance", .choice) ?? training.balance
    training.discriminatorLoss =
      try arguments.optional("--discriminator-loss", .choice) ?? training.discriminatorLoss
    try arguments.read("--divergence-weight", in: 0...1000, into: &training.divergenceWeight)
    try arguments.read("--identity-strength", in: 0...1000, into: &training.identityStrength)
    try arguments.read("--map-share", in: 0...1000, into: &training.mapShare)
    try arguments.read("--realism-strength", in: 0...1000, into: &training.realismStrength)
    training.changesBeforeIdentity = arguments.flag("--changes")
    try arguments.read("--adversarial-strength", in: 0...1000, into: &training.adversarialStrength)
    try arguments.read("--divergence-floor", in: 0...1000, into: &training.divergenceFloor)
    try arguments.read("--discriminator-pace", in: 0...10, into: &training.discriminatorPace)
    try arguments.read("--learning-rate", in: 1e-7...1, into: &training.learningRate)
    try arguments.read("--decay-share", in: 0...1, into: &training.decayShare)
    try arguments.read("--average-decay", in: 0...0.99999, into: &training.averageDecay)
    training.seed = common.seed
    for part in arguments.text("--without")?.split(separator: ",") ?? [] {
      switch part {
      case "GC": training.identityStrength = 0
      case "GD": (training.realismStrength, training.adversarialStrength) = (0, 0)
      case "T": training.usesTransformation = false
      case "KL": training.divergenceWeight = 0
      default:
        throw UsageError.invalidValue(
          name: "option '--without'", value: String(part),
          expected: "GC, GD, T and KL, separated by commas")
      }
    }
    return training
  }

  private func architecture(for embedder: EmbedderShape) throws -> IPGANArchitecture {
    var shape = IPGANArchitecture(
      for: embedder, latent: try arguments.optional("--latent", .integer(in: 1...4096)) ?? 128,
      start: try arguments.optional("--start", .choice))
    shape.discriminator = try arguments.optional("--discriminator", .choice) ?? shape.discriminator
    func widths(_ name: String, _ value: inout [Int]) throws {
      value = try arguments.optional(name, .wholeNumbers(in: 1...2048)) ?? value
    }
    try widths("--attribute-widths", &shape.attributeWidths)
    try widths("--generator-widths", &shape.generatorWidths)
    try widths("--discriminator-widths", &shape.discriminatorWidths)
    guard shape.isConsistent, embedder.fits(side: shape.side), shape.side == 128 else {
      throw UsageError.conflict(
        "no such networks: G doubles \(shape.firstSide)×\(shape.firstSide) to 128×128 pixels and has a "
          + "width for each size, A has 5, D has 5 or, for patches, fewer")
    }
    return shape
  }

  /// What of the training is not as the paper has it, for the model's description.
  func departures(of training: IPGANTraining) -> [String] {
    var list = ["I and C are trained first and then fixed"]
    if training.balance == .norms {
      list.append(
        "the gradients of L_GC and L_GD at x' are brought to \(training.identityStrength) and "
          + "\(training.realismStrength) times the norm of L_GR's")
    }
    if training.mapShare > 0 && training.identityStrength > 0 {
      list.append("beside L_GC a like loss on f_I in reconstruction steps")
    }
    let (side, isOverlapping) = (
      training.architecture.identitySide, training.architecture.start == .overlapping
    )
    if side > 1 {
      list.append(
        "f_I stays a map of \(side)×\(side) places, which G continues"
          + (isOverlapping ? ", each with its neighbours" : ""))
    }
    if training.changesBeforeIdentity && training.identityStrength > 0 {
      list.append("L_GC looks at x' after a random small change")
    }
    if training.architecture.discriminator == .patches {
      list.append(
        "D judges patches, its weights have spectral norm 1, and L_GD is on all its layers")
    }
    if training.adversarialStrength > 0 {
      list.append(
        "G plays against D as well, at \(training.adversarialStrength) times the norm of L_GR's gradient"
      )
    }
    if training.divergenceFloor > 0 {
      list.append("L_KL of an attribute costs nothing below \(training.divergenceFloor)")
    }
    switch training.discriminatorLoss {
    case .logistic: list.append("D learns against 0.9 for real pictures")
    case .hinge: list.append("D learns from the hinge loss")
    }
    if let sum = training.startingWeights, let origin {
      list.append("A and G began as those of \(origin), sha256 \(sum)")
    }
    list.append(
      "weights are moving averages; normalisation statistics are gathered anew at the end")
    return list
  }
}
