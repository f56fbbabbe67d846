public import FaceVerification
internal import NeuralNetworks
internal import SeededRandom
public import Tensors

/// The state of an IP-GAN's training, and Algorithm 1's step.
///
/// I and C are one frozen embedder. A, G and D are updated by their own losses only (Table 1):
/// D by L_D; G by λL_GR + L_GD + L_GC; A by λL_KL + λL_GR.
public struct IPGANTrainer: Sendable {
  /// How it is trained.
  public let training: IPGANTraining
  /// I and C.
  public let embedder: FaceEmbedder
  /// The parameters of the attribute encoder A.
  public internal(set) var encoder: ParameterTable
  /// The parameters of the generator G.
  public internal(set) var generator: ParameterTable
  /// The parameters of the discriminator D.
  public internal(set) var discriminator: ParameterTable
  /// Moving averages of A's and G's parameters, which are used after training.
  public internal(set) var averagedEncoder, averagedGenerator: ParameterTable
  var encoderRule, generatorRule, discriminatorRule: Adam
  /// Moving averages of the gradient norms of L_GR, L_GC and L_GD at x'.
  var norms: [Float] = [0, 0, 0]
  /// Steps taken, of both kinds.
  public internal(set) var steps = 0

  /// The losses of a step, per picture.
  public struct Report: Sendable {
    /// L_GR, L_KL, L_GC, L_GD, L_D and the mean of D's probability for real and made pictures.
    public var reconstruction, divergence, identity, realism, discriminator: Float
    /// The cosine of f_C(x') and f_C(x^s), averaged.
    public var identityCosine: Float
  }

  /// Starts a training.
  public init(_ training: IPGANTraining, embedder: FaceEmbedder) {
    let architecture = training.architecture
    precondition(
      architecture.isConsistent && architecture.identity == embedder.architecture.identity
        && embedder.architecture.view.fits(side: architecture.side),
      "networks that do not fit: \(architecture) with \(embedder.architecture)")
    (self.training, self.embedder) = (training, embedder)
    var random = SplitMix64(seed: training.seed).derived(from: "weights")
    encoder = AttributeEncoder(architecture).initialParameters(using: &random)
    generator = FaceGenerator(architecture).initialParameters(using: &random)
    discriminator = FaceDiscriminator(architecture).initialParameters(using: &random)
    (averagedEncoder, averagedGenerator) = (encoder, generator)
    let rule = Adam(beta1: 0.5, beta2: 0.999)
    (encoderRule, generatorRule, discriminatorRule) = (rule, rule, rule)
  }

  /// One iteration of Algorithm 1.
  ///
  /// - `subjects`: x^s, (batch, side, side, 3) in −1…1.
  /// - `attributes`: x^a of a transformation step; `nil` for a reconstruction step, x^a = x^s.
  public mutating func step(subjects: Tensor, attributes: Tensor?) -> Report {
    let architecture = training.architecture
    let (A, G, D) = (
      AttributeEncoder(architecture), FaceGenerator(architecture), FaceDiscriminator(architecture)
    )
    let target = attributes ?? subjects
    let lambda = attributes == nil ? training.reconstructionWeight : training.transformationWeight
    let xa = Variable(target)

    // f_I(x^s), f_C(x^s), f_A(x^a) and x' = G([f_I, z])
    let known = embedder.features(of: Variable(subjects))
    let passA = ForwardPass(encoder, mode: .training, tracksParameters: true)
    let passG = ForwardPass(generator, mode: .training, tracksParameters: true)
    let (mean, logVariance) = A(xa, passA)
    let z = Variable(tracked: sample(mean.value, logVariance.value).z)
    let made = G(known.identity.detached, z, passG)

    // The losses at x', which is a leaf from here on: their gradients are weighed against each other.
    let x = Variable(tracked: made.value)
    let reconstruction = x.halfSquaredDistance(to: xa)
    let gradientGR = gradients(of: reconstruction, withRespectTo: [x])[0]
    let (identity, gradientGC, cosine) = identityLoss(x, known.embedding.detached)
    var total = gradientGR * lambda
    let weightGC = weight(1, gradientGC, gradientGR, training.identityStrength)
    total = total + gradientGC * weightGC

    var (realism, lossD): (Float, Float) = (0, 0)
    if steps >= training.realismStart {
      let passD = ForwardPass(discriminator, mode: .training, tracksParameters: true)
      let (featuresReal, logitReal) = D(xa, passD)
      let (featuresMade, logitMade) = D(x, passD)
      // 0.9 instead of 1 keeps D from being certain (one-sided label smoothing).
      let loss = logitReal.logisticLoss(target: 0.9) + logitMade.logisticLoss(target: 0)
      let matching = featuresMade.halfSquaredDistance(to: featuresReal.detached)
      let gradientGD = gradients(of: matching, withRespectTo: [x])[0]
      let weightGD = weight(2, gradientGD, gradientGR, training.realismStrength)
      total = total + gradientGD * weightGD
      discriminatorRule.step(
        &discriminator, gradients: gradients(of: loss, withRespectTo: passD.parameters),
        learningRate: training.learningRate * 0.5)
      discriminator.update(runningStatistics: passD.statistics)
      (realism, lossD) = (matching.value[0], loss.value[0])
    }

    // G learns from all three, A only from λL_GR and λL_KL.
    let changeG = gradients(of: made, withRespectTo: passG.parameters, seed: total)
    let changeZ = gradients(of: made, withRespectTo: [z], seed: gradientGR * lambda)[0]
    let divergence = mean.divergenceFromNormal(logVariance: logVariance)
    let changeA = encoderGradients(passA, mean, logVariance, divergence, changeZ, lambda)
    generatorRule.step(&generator, gradients: changeG, learningRate: training.learningRate)
    encoderRule.step(&encoder, gradients: changeA, learningRate: training.learningRate)
    generator.update(runningStatistics: passG.statistics)
    encoder.update(runningStatistics: passA.statistics)
    // The average follows closely at first, then slowly.
    let decay = min(training.averageDecay, Float(steps + 1) / Float(steps + 10))
    averagedEncoder.move(towards: encoder, decay: decay)
    averagedGenerator.move(towards: generator, decay: decay)
    steps += 1
    return Report(
      reconstruction: reconstruction.value[0], divergence: divergence.value[0],
      identity: identity, realism: realism, discriminator: lossD, identityCosine: cosine)
  }

  /// L_GC at x', its gradient, and the mean cosine; what f_C remembers for it is forgotten here.
  private func identityLoss(_ x: Variable, _ known: Variable) -> (Float, Tensor, Float) {
    let seen = embedder.features(of: x).embedding
    let loss = seen.halfSquaredDistance(to: known)
    return (loss.value[0], gradients(of: loss, withRespectTo: [x])[0], meanCosine(seen, known))
  }

  /// r of this step and z = μ + r ⊙ exp(ε / 2), with ε = log σ².
  private func sample(_ mean: Tensor, _ logVariance: Tensor) -> (z: Tensor, noise: Tensor) {
    var random = SplitMix64(seed: training.seed).derived(from: "noise", steps)
    let noise = Tensor.normal(mean.shape, using: &random)
    let deviation = (Variable(logVariance) * 0.5).exponential().value
    return (mean + noise * deviation, noise)
  }

  /// ∂(λL_KL + λL_GR)/∂θ_A, given ∂(λL_GR)/∂z.
  private func encoderGradients(
    _ pass: ForwardPass, _ mean: Variable, _ logVariance: Variable, _ divergence: Variable,
    _ changeZ: Tensor, _ lambda: Float
  ) -> [Tensor] {
    let warmup = Float(max(1, training.divergenceWarmup))
    let weight = training.divergenceWeight * lambda * min(1, Float(steps) / warmup)
    let noise = sample(mean.value, logVariance.value).noise
    let z = mean + Variable(noise) * (logVariance * 0.5).exponential()
    // ⟨z, ∂L/∂z⟩ has the gradient that L has through z.
    let throughZ = (z * Variable(changeZ)).sum()
    return gradients(of: throughZ + divergence * weight, withRespectTo: pass.parameters)
  }

  /// The factor that gives a gradient at x' its share of the norm of L_GR's.
  private mutating func weight(
    _ index: Int, _ gradient: Tensor, _ reference: Tensor, _ strength: Float
  ) -> Float {
    func follow(_ index: Int, _ tensor: Tensor) {
      let norm = Float(tensor.dot(tensor).squareRoot())
      norms[index] = norms[index] == 0 ? norm : 0.98 * norms[index] + 0.02 * norm
    }
    if index == 1 { follow(0, reference) }
    follow(index, gradient)
    return strength * norms[0] / max(norms[index], 1e-12)
  }

  private func meanCosine(_ a: Variable, _ b: Variable) -> Float {
    let distances = a.unitRows().squaredRowDistances(to: b.unitRows()).value
    return 1 - Float(distances.sum) / Float(2 * max(1, distances.count))
  }
}
