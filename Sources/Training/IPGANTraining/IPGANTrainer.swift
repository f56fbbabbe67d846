public import Embedders
internal import NeuralNetworks
public import Reconstruction
internal import SeededRandom
public import Tensors

/// The state of an IP-GAN's training.
///
/// I and C are one frozen embedder. A, G and D are updated by their own losses only (Table 1):
/// D by L_D; G by λL_GR + L_GD + L_GC; A by λL_KL + λL_GR.
public struct IPGANTrainer: Sendable {
  /// How it is trained.
  public let training: IPGANTraining
  /// I and C.
  public let embedder: FaceEmbedder
  /// The witness f_V, frozen as well, where L_GC has a part by it.
  public let witness: FaceEmbedder?
  /// The parameters of the attribute encoder A.
  public internal(set) var encoder: ParameterTable
  /// The parameters of the generator G.
  public internal(set) var generator: ParameterTable
  /// The parameters of the discriminator D.
  public internal(set) var discriminator: ParameterTable
  /// Moving averages of A's and G's parameters, which are used after training.
  public internal(set) var averagedEncoder, averagedGenerator: ParameterTable
  var encoderRule, generatorRule, discriminatorRule: Adam
  /// Moving averages of the gradient norms at x': of L_GR, L_GC, L_GD and G's part in the game.
  var norms: [Float] = [0, 0, 0, 0]
  /// The norms of D's weights, where they are kept at 1.
  var spectral: SpectralNorms?
  /// What is known of the window of steps that the training is in.
  var health = IPGANHealth()
  /// Steps taken, of both kinds.
  public internal(set) var steps = 0
  /// How often the training went back to its last good state; each time on another path, with half
  /// the learning rate.
  public internal(set) var recoveries = 0

  /// Starts a training from weights that are drawn.
  ///
  /// - Precondition: the networks fit, and there is a witness where the training has a part for it.
  public init(_ training: IPGANTraining, embedder: FaceEmbedder, witness: FaceEmbedder? = nil) {
    let architecture = training.architecture
    precondition(
      architecture.fits(embedder.shape),
      "networks that do not fit: \(architecture) with \(embedder.shape)")
    precondition(training.witnessShare == nil || witness != nil, "a part for f_V, and no f_V")
    (self.training, self.embedder, self.witness) = (training, embedder, witness)
    var random = SplitMix64(seed: training.seed).derived(from: "weights")
    encoder = AttributeEncoder(architecture).initialParameters(using: &random)
    generator = FaceGenerator(architecture).initialParameters(using: &random)
    discriminator = FaceDiscriminator(architecture).initialParameters(using: &random)
    (averagedEncoder, averagedGenerator) = (encoder, generator)
    if architecture.discriminator == .patches {
      spectral = SpectralNorms(for: discriminator)
      spectral?.normalize(&discriminator, iterations: 20)
    }
    let rule = Adam(beta1: 0.5, beta2: 0.999)
    (encoderRule, generatorRule, discriminatorRule) = (rule, rule, rule)
  }

  /// Starts a training whose G, where it is told f_C, begins with the smallest f_I of that f_C.
  ///
  /// - Throws: `LinearAlgebraError` without LAPACK.
  public init(
    beginning training: IPGANTraining, embedder: FaceEmbedder, witness: FaceEmbedder? = nil
  ) throws {
    self.init(training, embedder: embedder, witness: witness)
    guard training.architecture.embedding != nil, let own = try embedder.smallestIdentity()
    else { return }
    generator[FaceGenerator.unfoldingName + ".weight"] = own.weight
    generator[FaceGenerator.unfoldingName + ".bias"] = own.bias
    averagedGenerator = generator
  }

  /// Starts a training from A and G of an earlier one; D, which no model keeps, begins anew.
  ///
  /// - Precondition: the model's A and G can become the training's.
  /// - Throws: `LinearAlgebraError` without LAPACK, where G is told f_C from now on.
  public init(
    _ training: IPGANTraining, from model: IPGANModel, embedder: FaceEmbedder,
    witness: FaceEmbedder? = nil
  ) throws {
    precondition(
      model.architecture.canBecome(training.architecture),
      "\(model.architecture) cannot become \(training.architecture)")
    try self.init(beginning: training, embedder: embedder, witness: witness)
    encoder = model.encoder
    for name in model.generator.names { generator[name] = model.generator[name] }
    (averagedEncoder, averagedGenerator) = (encoder, generator)
  }

  /// Where the chance of this training comes from since it last went back.
  var random: SplitMix64 {
    let root = SplitMix64(seed: training.seed)
    return recoveries == 0 ? root : root.derived(from: "recovery", recoveries)
  }
}
