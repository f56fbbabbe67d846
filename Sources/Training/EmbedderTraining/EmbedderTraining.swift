public import Embedders
public import FaceDatasets

/// How an embedder is trained.
public struct EmbedderTraining: Codable, Equatable, Sendable {
  /// The loss over the people in the training set.
  public enum Loss: String, Codable, Sendable, CaseIterable {
    /// Softmax over f_C · W + b: equations (1) and (6).
    case softmax
    /// Softmax over cosines with an additive margin (CosFace).
    case cosface
    /// Softmax over cosines with a margin added to the angle (ArcFace).
    case arcface
  }

  /// How gradients change weights.
  public enum Optimizer: String, Codable, Sendable, CaseIterable {
    /// Adam with decoupled weight decay.
    case adam
    /// Descent with momentum 0.9.
    case momentum
  }

  /// The network.
  public var architecture = EmbedderArchitecture()
  /// How gradients change weights.
  public var optimizer = Optimizer.adam
  /// The loss.
  public var loss = Loss.cosface
  /// What cosines are multiplied by.
  public var scale: Float = 24
  /// What the right cosine is lowered by (CosFace), or its angle raised by in radians (ArcFace), once
  /// warmed up.
  public var margin: Float = 0.25
  /// The share of all steps that are trained with plain softmax, also for `cosface` and
  /// `arcface`: from random weights cosines times a scale are confident noise.
  public var softmaxShare: Float = 0.3
  /// The share of all steps over which the margin then grows from zero.
  public var marginWarmup: Float = 0.3
  /// The weight of the verification signal: each picture has to find its partner, another picture
  /// of the same person, among the batch (softmax over cosines; Sohn, "N-pair loss", 2016). With few
  /// pictures a person it teaches long before the classifier's rows mean anything.
  public var pairWeight: Float = 1
  /// What the cosines of pairs are multiplied by.
  public var pairScale: Float = 16
  /// Pictures a step, in pairs of one person.
  public var batch = 64
  /// Whether each person is drawn equally often, however many pictures there are of them.
  public var isBalanced = false
  /// The checksum of the published weights that the network begins with; drawn from the seed if nil.
  public var startingWeights: String?
  /// Passes over the training set; if balanced, as many steps as such passes have.
  public var epochs = 5
  /// The highest learning rate: it rises over the first steps and falls along a cosine.
  public var learningRate: Float = 1e-3
  /// The probability that a number of f_I is left out on its way to f_C.
  public var dropout: Float = 0
  /// The pull of weights towards zero.
  public var weightDecay: Float = 5e-4
  /// The strongest perturbation that the network learns to withstand, root mean square in grey levels;
  /// none if 0. A robust network is harder to fool and a little less accurate.
  public var hardening: Float = 0
  /// The steps by which a perturbation is searched for.
  public var hardeningSteps = 1
  /// The share of all steps over which the strength grows from zero.
  public var hardeningWarmup: Float = 0
  /// How it learns from a teacher, if it has one.
  public var distillation: Distillation?
  /// How pictures vary.
  public var augmentation = FaceAugmentation.light
  /// Where all randomness comes from.
  public var seed: UInt64 = 1

  /// Creates the defaults.
  public init() {}

  /// Whether all settings are within reason: those of a file are not believed before.
  public var isConsistent: Bool {
    let shares = [softmaxShare, marginWarmup, hardeningWarmup]
    let factors = [scale, pairScale, pairWeight, learningRate, hardening, weightDecay]
    return architecture.isBuildable && (2...65_536).contains(batch) && batch % 2 == 0
      && (1...1_000_000).contains(epochs) && (1...1000).contains(hardeningSteps)
      && shares.allSatisfy { (0...1).contains($0) }
      && factors.allSatisfy { $0 >= 0 && $0.isFinite } && margin.isFinite
      && (0..<1).contains(dropout) && distillation?.isConsistent != false
  }

  /// Whether a training with these settings may be continued with `others`: only what is done with
  /// the weights afterwards may differ.
  public func continues(_ others: EmbedderTraining) -> Bool {
    var same = others
    same.architecture.averagesMirrorImages = architecture.averagesMirrorImages
    return self == same
  }
}

extension EmbedderTraining {
  /// Reads settings; those that older states do not have keep their defaults.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func read<Value: Decodable>(_ key: CodingKeys) throws -> Value {
      try values.decode(Value.self, forKey: key)
    }
    self.init()
    architecture = try read(.architecture)
    optimizer = try read(.optimizer)
    loss = try read(.loss)
    scale = try read(.scale)
    margin = try read(.margin)
    softmaxShare = try read(.softmaxShare)
    marginWarmup = try read(.marginWarmup)
    pairWeight = try read(.pairWeight)
    pairScale = try read(.pairScale)
    batch = try read(.batch)
    epochs = try read(.epochs)
    learningRate = try read(.learningRate)
    dropout = try read(.dropout)
    weightDecay = try read(.weightDecay)
    augmentation = try read(.augmentation)
    seed = try read(.seed)
    isBalanced = try values.decodeIfPresent(Bool.self, forKey: .isBalanced) ?? isBalanced
    hardening = try values.decodeIfPresent(Float.self, forKey: .hardening) ?? hardening
    hardeningSteps =
      try values.decodeIfPresent(Int.self, forKey: .hardeningSteps) ?? hardeningSteps
    hardeningWarmup =
      try values.decodeIfPresent(Float.self, forKey: .hardeningWarmup) ?? hardeningWarmup
    distillation = try values.decodeIfPresent(Distillation.self, forKey: .distillation)
    startingWeights = try values.decodeIfPresent(String.self, forKey: .startingWeights)
  }
}
