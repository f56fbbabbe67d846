import CommandLineArguments
import Embedders
import IPGANTraining
import Reconstruction

/// What `facewarden train ipgan` is told: all that its result depends on, and where things lie.
struct IPGANSettings: CommandSettings {
  /// Parts of the training that may be left out, for ablations.
  enum Part: String, CaseIterable {
    case GC, GD, T, KL
  }

  /// Whose faces, and where things lie.
  var common = TrainingSettings()
  /// The model that the training starts from; nil for nothing.
  private(set) var origin: String?
  private(set) var steps = 16_000
  private var sheet: String?
  private var latent = 128
  private var start: IPGANArchitecture.Start?
  private var knowledge = IPGANArchitecture.Knowledge.map
  private var generatorWidths: [Int]?
  private var generatorConvolutions: [Int]?
  private var without: [Part] = []
  /// What is the same for each embedder; the architecture's rest depends on f_I.
  private var training = IPGANTraining(IPGANArchitecture(for: EmbedderArchitecture().shape))

  init() { common.name = FaceReconstructor.modelName }

  /// Where the contact sheet goes.
  var sheetPath: String { sheet ?? common.stem + "-sheet.png" }

  static let settings: [Setting<Self>] =
    part(\.common) + [
      TrainingSettings.unlabelled().lifted(\.common),
      TrainingSettings.name("The model's name.").lifted(\.common),
      TrainingPlace.state(usual: "runs/NAME.state").lifted(\.common.place),
      .optional(
        "--from", "NAME",
        "Starts from this model of the folder, one of the same A and G, instead of from nothing; its f_C "
          + "may have been another one of the same shape, and G may have been told f_I where it is to be told f_C.",
        \.origin, .modelName),
      .value(
        "--steps", "N", "Steps of both kinds together.", \.steps, .integer(in: 1...100_000_000)),
      .value("--batch", "N", "Pictures a step.", \.training.batch, .integer(in: 2...1024)),
    ] + networks + losses + [
      .value(
        "--learning-rate", "R", "The highest learning rate.", \.training.learningRate,
        .float(in: 1e-7...1)),
      .value(
        "--decay-share", "P", "The share of all steps, at the end, over which it falls.",
        \.training.decayShare, .float(in: 0...1)),
      .value(
        "--average-decay", "P", "How slowly the averaged weights follow, 0…1.",
        \.training.averageDecay, .float(in: 0...0.99999)),
      TrainingSettings.seed.lifted(\.common),
      TrainingSettings.half.lifted(\.common),
      .optional(
        "--sheet", "FILE",
        "A PNG of inputs, reconstructions and recombinations, written with each state; "
          + "beside the state if not given.", \.sheet, .pictureToWrite, isRecorded: false),
    ] + part(\.common.place)

  private static let networks: [Setting<Self>] = [
    .value(
      "--identity", "NAME",
      "map tells G f_I, embedding f_C, which G unfolds into an f_I: it draws what the network believes, and "
        + "that alone.", \.knowledge, .choice),
    .value(
      "--latent", "N", "Numbers in the attribute vector.", \.latent, .integer(in: 1...4096)),
    .value(
      "--attribute-widths", "N,N,…", "Channels of A's blocks.",
      \.training.architecture.attributeWidths, .wholeNumbers(in: 1...2048)),
    .optional(
      "--generator-widths", "N,N,…",
      "Channels of G's first map and after each doubling; 256,256,128,64,32,16 if not given, from "
        + "8×8 on 256,128,64,48,24.", \.generatorWidths, .wholeNumbers(in: 1...2048)),
    .optional(
      "--generator-convolutions", "N,N,…",
      "Convolutions of G after each doubling, the one that doubles included; what a further one gives is "
        + "added to its input; one each if not given.",
      \.generatorConvolutions, .wholeNumbers(in: 1...8)),
    .optional(
      "--start", "NAME",
      "places begins G's first map by each place of f_I alone, overlapping by its neighbours as well, placed "
        + "likewise where it lies in the face; places if not given where f_I is a map of 4×4, overlapping "
        + "where it is another one.",
      \.start, .choice),
    .value(
      "--enlargement", "NAME",
      "nearest repeats pixels where G doubles a map, smooth has them fade into each other.",
      \.training.architecture.enlargement, .choice),
    .value(
      "--discriminator", "NAME",
      "dcgan judges pictures, patches has spectral norm 1 and judges patches.",
      \.training.architecture.discriminator, .choice),
    .value(
      "--discriminator-widths", "N,N,…", "Channels of D's blocks.",
      \.training.architecture.discriminatorWidths, .wholeNumbers(in: 1...2048)),
  ]

  private static let losses: [Setting<Self>] = [
    .optional(
      "--without", "PART,…",
      "Leaves parts out, for ablations: GC or GD (the losses), T (transformation steps), KL.",
      \.omitted, parts),
    .value(
      "--balance", "NAME",
      "norms brings the gradients of L_GC and L_GD to a share of L_GR's, sums adds the losses.",
      \.training.balance, .choice),
    .value(
      "--divergence-weight", "W", "What L_KL is multiplied by.", \.training.divergenceWeight,
      .float(in: 0...1000)),
    .value(
      "--identity-strength", "S", "The share, or factor, of L_GC.", \.training.identityStrength,
      .float(in: 0...1000)),
    .value(
      "--map-share", "S", "The share of a like loss on f_I in reconstruction steps.",
      \.training.mapShare, .float(in: 0...1000)),
    .optional(
      "--witness-share", "S",
      "The share of a like loss by the folder's f_v beside L_GC; none if not given.",
      \.training.witnessShare, .float(in: 0.001...1000)),
    .flag(
      "--changes", "L_GC looks at x' after a random small change, another one at each step.",
      \.training.changesBeforeIdentity),
    .optional(
      "--identity-blur", "PIXELS",
      "The standard deviation of a Gaussian that smooths L_GC's gradient at x'; none if not given.",
      \.training.identityBlur, .float(in: 0.1...8)),
    .value(
      "--adversarial-strength", "S", "The share, or factor, of G's own part in the game with D.",
      \.training.adversarialStrength, .float(in: 0...1000)),
    .value(
      "--divergence-floor", "D", "L_KL of an attribute below which it costs nothing.",
      \.training.divergenceFloor, .float(in: 0...1000)),
    .value(
      "--realism-strength", "S", "The share, or factor, of L_GD.", \.training.realismStrength,
      .float(in: 0...1000)),
    .value(
      "--discriminator-loss", "NAME", "logistic or hinge.", \.training.discriminatorLoss, .choice),
    .value(
      "--discriminator-pace", "P", "D's learning rate over that of A and G.",
      \.training.discriminatorPace, .float(in: 0...10)),
  ]

  /// `GC,KL`.
  private static let parts = ValueReader<[Part]>(
    expected: "GC, GD, T and KL, separated by commas"
  ) { text in
    let words = text.split(separator: ",")
    let parts = words.compactMap { Part(rawValue: String($0)) }
    return parts.count == words.count ? parts : nil
  } word: {
    $0.map(\.rawValue).joined(separator: ",")
  }

  /// The parts that are left out, if any are.
  private var omitted: [Part]? {
    get { without.isEmpty ? nil : without }
    set { without = newValue ?? [] }
  }

  mutating func check(_ arguments: Arguments) throws {
    try common.check(name: FaceReconstructor.modelName, state: FaceReconstructor.modelName)
    training.seed = common.seed
    // What f_I is, its embedder tells; G begins at 4×4 or at 8×8.
    let usual = EmbedderArchitecture().shape
    var larger = usual
    (larger.mapSide, larger.identity) = (5, 25 * usual.identity / (usual.mapSide * usual.mapSide))
    do {
      _ = try training(for: usual)
    } catch let refusal {
      guard (try? training(for: larger)) != nil else { throw refusal }
    }
  }

  /// The training of networks that fit an embedder.
  func training(for embedder: EmbedderShape) throws -> IPGANTraining {
    var training = training
    training.architecture = try architecture(for: embedder)
    for part in without {
      switch part {
      case .GC: training.identityStrength = 0
      case .GD: (training.realismStrength, training.adversarialStrength) = (0, 0)
      case .T: training.usesTransformation = false
      case .KL: training.divergenceWeight = 0
      }
    }
    // There is nothing beside an L_GC that has no part.
    if training.identityStrength == 0 { training.witnessShare = nil }
    return training
  }

  private func architecture(for embedder: EmbedderShape) throws -> IPGANArchitecture {
    var shape = IPGANArchitecture(
      for: embedder, latent: latent, start: start, knowledge: knowledge)
    shape.enlargement = training.architecture.enlargement
    shape.discriminator = training.architecture.discriminator
    shape.attributeWidths = training.architecture.attributeWidths
    shape.generatorWidths = generatorWidths ?? shape.generatorWidths
    shape.generatorConvolutions = generatorConvolutions ?? []
    shape.discriminatorWidths = training.architecture.discriminatorWidths
    guard shape.isConsistent, embedder.fits(side: shape.side), shape.side == 128 else {
      throw UsageError.conflict(
        "no such networks: G doubles \(shape.firstSide)×\(shape.firstSide) to 128×128 pixels and has a "
          + "width for each size, and convolutions for each doubling or for none, A has 5, D has 5 or, "
          + "for patches, fewer")
    }
    return shape
  }

  /// The command that makes the same networks, with every option that they depend on, defaults too.
  func text(of training: IPGANTraining) -> String {
    var complete = self
    complete.start = training.architecture.start
    complete.generatorWidths = training.architecture.generatorWidths
    return Invocation.text(of: ["train", "ipgan"] + complete.words)
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
    if let share = training.witnessShare, let sum = training.witnessWeights {
      list.append("beside L_GC a like loss by f_V, sha256 \(sum), of \(share) times its weight")
    }
    if training.architecture.embedding != nil {
      list.append("G is told f_C, before it is brought to unit length, and unfolds it into f_I")
    }
    let side = training.architecture.identitySide
    if side > 1 {
      let way =
        switch training.architecture.start {
        case .places: ""
        case .overlapping: ", each with its neighbours"
        case .placed: ", each with its neighbours where it lies in the face"
        }
      list.append("f_I stays a map of \(side)×\(side) places, which G continues" + way)
    }
    if training.architecture.enlargement == .smooth {
      list.append("G smooths what it has doubled in size, against a grid")
    }
    if training.architecture.generatorConvolutions.contains(where: { $0 > 1 }) {
      list.append(
        "G has \(training.architecture.generatorConvolutions) convolutions after its doublings, the further ones added to their input"
      )
    }
    if training.changesBeforeIdentity && training.identityStrength > 0 {
      list.append("L_GC looks at x' after a random small change")
    }
    if let blur = training.identityBlur, training.identityStrength > 0 {
      list.append("L_GC's gradient at x' is smoothed by a Gaussian of \(blur) pixels")
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
