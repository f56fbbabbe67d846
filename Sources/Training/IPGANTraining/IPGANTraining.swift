public import Reconstruction
private import Training

/// How an IP-GAN is trained.
public struct IPGANTraining: Codable, Equatable, Sendable {
  /// How the losses at x' are weighed against each other.
  public enum Balance: String, Codable, Sendable, CaseIterable {
    /// The gradients of L_GC and L_GD at x' get a fixed share of the norm of L_GR's: the losses'
    /// own scales hang on the networks' widths (a departure from the paper).
    case norms
    /// The losses are added as they are, times their strengths: Algorithm 1 to the letter.
    case sums
  }

  /// What D learns from.
  public enum DiscriminatorLoss: String, Codable, Sendable, CaseIterable {
    /// Equation (4), with 0.9 in the place of 1 for real pictures: D is never to be certain.
    case logistic
    /// max(0, 1 − D(x^a)) + max(0, 1 + D(x')), on logits (Lim and Ye, "Geometric GAN", 2017).
    case hinge
  }

  /// The networks.
  public var architecture: IPGANArchitecture
  /// Whether steps with x^s ≠ x^a take turns with reconstruction steps.
  public var usesTransformation = true
  /// λ of the reconstruction step, where x^s = x^a.
  public var reconstructionWeight: Float = 1
  /// λ of the transformation step, where x^s ≠ x^a.
  public var transformationWeight: Float = 0.1
  /// What L_KL is multiplied by, beside λ; 0 leaves it out.
  public var divergenceWeight: Float = 1
  /// Steps over which the divergence's weight rises from zero.
  public var divergenceWarmup = 500
  /// How the losses at x' are weighed against each other.
  public var balance = Balance.norms
  /// How strong L_GC is: its gradient's norm at x' over that of L_GR with λ = 1, or its factor; 0
  /// leaves it out.
  public var identityStrength: Float = 1
  /// The weight of a like loss on f_I beside L_GC in reconstruction steps, both relative to their
  /// networks' responses: ½‖f_I(x') − f_I(x^s)‖² (a departure from the paper).
  public var mapShare: Float = 0
  /// The weight of a like loss by the witness f_V beside L_GC, both relative to their networks' responses:
  /// ½‖f_V(x') − f_V(x^s)‖²; nil leaves it out (a departure from the paper).
  ///
  /// What two networks that learnt apart agree on is the person; a pattern that pleases one alone is not.
  public var witnessShare: Float?
  /// The checksum of that f_V; nil without one.
  public var witnessWeights: String?
  /// Whether L_GC looks at x' after a random small change, another one at each step.
  ///
  /// What survives changes is the face; a pattern that only pleases f_C does not (a departure from
  /// the paper).
  public var changesBeforeIdentity = false
  /// The standard deviation, in pixels, of the Gaussian that smooths L_GC's gradient at x' before G follows it; nil for
  /// none.
  ///
  /// f_C looks at few pixels through windows of a fixed stride: what its gradient says about finer lines than those is
  /// a pattern, whoever is in the picture (a departure from the paper).
  public var identityBlur: Float?
  /// How strong L_GD is, as ``identityStrength``; 0 leaves D out.
  public var realismStrength: Float = 0.3
  /// How strong G's own part in the game with D is, as ``identityStrength``: −log D(x'), or −D(x')
  /// with the hinge loss; 0 leaves it out as the paper does, whose G learns from f_D alone.
  public var adversarialStrength: Float = 0
  /// L_KL of an attribute below which it costs nothing (Kingma et al., "Improved variational inference
  /// with inverse autoregressive flow", 2016, appendix C: free bits).
  public var divergenceFloor: Float = 0
  /// Steps before L_GD and D take part.
  public var realismStart = 300
  /// What D learns from.
  public var discriminatorLoss = DiscriminatorLoss.logistic
  /// D's learning rate over that of A and G.
  public var discriminatorPace: Float = 0.5
  /// Pictures a step.
  public var batch = 32
  /// Adam's highest learning rate for A and G.
  public var learningRate: Float = 5e-4
  /// The share of all steps over which the learning rate falls to a fiftieth, along a cosine, at the
  /// end.
  public var decayShare: Float = 0.5
  /// How slowly the averaged weights of A and G follow.
  public var averageDecay: Float = 0.998
  /// The checksum of the A and G that the training began with; nil if from nothing.
  public var startingWeights: String?
  /// Where all randomness comes from.
  public var seed: UInt64 = 1

  /// Whether there is a D.
  var usesDiscriminator: Bool { realismStrength > 0 || adversarialStrength > 0 }

  /// Whether all settings are within reason: those of a file are not believed before.
  public var isConsistent: Bool {
    let factors = [
      reconstructionWeight, transformationWeight, divergenceWeight, identityStrength, mapShare,
      realismStrength, adversarialStrength, divergenceFloor, discriminatorPace, learningRate,
    ]
    return architecture.isConsistent && (1...65_536).contains(batch)
      && factors.allSatisfy { $0 >= 0 && $0.isFinite } && (0...1).contains(decayShare)
      && (0...1).contains(averageDecay) && (0.1...8).contains(identityBlur ?? 1)
      && (0...1000).contains(witnessShare ?? 0)
      && divergenceWarmup >= 0 && realismStart >= 0
      && divergenceWarmup <= mostTrainingSteps && realismStart <= mostTrainingSteps
  }

  /// Creates the defaults for an architecture.
  public init(_ architecture: IPGANArchitecture) { self.architecture = architecture }
}
