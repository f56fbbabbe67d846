/// How an IP-GAN is trained.
public struct IPGANTraining: Codable, Equatable, Sendable {
  /// The networks.
  public var architecture: IPGANArchitecture
  /// λ of the reconstruction step, where x^s = x^a.
  public var reconstructionWeight: Float = 1
  /// λ of the transformation step, where x^s ≠ x^a.
  public var transformationWeight: Float = 0.1
  /// What L_KL is multiplied by, beside λ.
  public var divergenceWeight: Float = 1
  /// Steps over which the divergence's weight rises from zero.
  public var divergenceWarmup = 500
  /// How strong the gradient of L_GC at x' is, relative to that of L_GR with λ = 1.
  ///
  /// The paper adds the losses as they are; their scales hang on the networks' widths, so the
  /// gradients are brought to a fixed proportion instead (a departure from the paper).
  public var identityStrength: Float = 1
  /// The same for L_GD.
  public var realismStrength: Float = 0.3
  /// Steps before L_GD and D take part.
  public var realismStart = 300
  /// Pictures a step.
  public var batch = 32
  /// Adam's learning rate for all three networks.
  public var learningRate: Float = 5e-4
  /// How slowly the averaged weights of A and G follow.
  public var averageDecay: Float = 0.998
  /// Where all randomness comes from.
  public var seed: UInt64 = 1

  /// Creates the defaults for an architecture.
  public init(_ architecture: IPGANArchitecture) { self.architecture = architecture }
}
