private import Embedders
private import Glibc
internal import NeuralNetworks
private import Reconstruction
internal import SeededRandom
public import Tensors

extension IPGANTrainer {
  /// What a step measured, per picture.
  public struct Report: Sendable {
    /// L_GR (5), L_KL (3), L_GC (7), L_GD (2) and L_D (4); 0 where a loss has no part.
    public var reconstruction, divergence, identity, realism, discriminator: Float
    /// The cosine of f_C(x') and f_C(x^s), averaged; 0 without L_GC.
    public var identityCosine: Float
    /// The share of attributes whose divergence, over the batch, is at least 0.01.
    public var activeAttributes: Float
    /// The norms of the gradients of L_GR, L_GC and L_GD at x', each over the batch.
    public var norms: [Float]
    /// D's probability of "real" for real and for made pictures, averaged; 0.5 without D.
    public var realProbability, madeProbability: Float
    /// The step's learning rate.
    public var learningRate: Float
  }

  /// One iteration of Algorithm 1.
  ///
  /// - `subjects`: x^s, (batch, side, side, 3) in −1…1.
  /// - `attributes`: x^a of a transformation step; `nil` for a reconstruction step, x^a = x^s.
  /// - `total`: the steps of the whole training, for the learning rate.
  public mutating func step(subjects: Tensor, attributes: Tensor?, of total: Int) -> Report {
    let (A, G) = (AttributeEncoder(training.architecture), FaceGenerator(training.architecture))
    let xa = Variable(attributes ?? subjects)
    let lambda = attributes == nil ? training.reconstructionWeight : training.transformationWeight
    let rate = learningRate(of: total)

    // f_I(x^s), f_C(x^s), f_A(x^a) and x' = G([f_I, z])
    let known = embedder.features(of: Variable(subjects))
    let passA = ForwardPass(encoder, mode: .training, tracksParameters: true)
    let passG = ForwardPass(generator, mode: .training, tracksParameters: true)
    let (mean, logVariance) = A(xa, passA)
    let noise = noise(mean.value.shape)
    let z = Variable(tracked: sample(mean, logVariance, noise).value)
    let made = G(known.identity.detached, z, passG)

    // The losses at x', which is a leaf from here on: their gradients are weighed against each other.
    let x = Variable(tracked: made.value)
    let reconstruction = x.halfSquaredDistance(to: xa)
    let towardsPicture = gradients(of: reconstruction, withRespectTo: [x])[0]
    follow(0, towardsPicture)
    var total = towardsPicture * lambda
    var (identity, cosine): (Float, Float) = (0, 0)
    if training.identityStrength > 0 {
      let result = identityLoss(x, known, isReconstruction: attributes == nil)
      (identity, cosine) = (result.loss, result.cosine)
      total = total + result.gradient * weight(1, result.gradient, training.identityStrength)
    }
    var realism = Realism()
    if training.realismStrength > 0 && steps >= training.realismStart {
      realism = judge(xa, x, rate: rate * training.discriminatorPace)
      if let gradient = realism.gradient {
        total = total + gradient * weight(2, gradient, training.realismStrength)
      }
    }

    // G learns from all three, A only from λL_GR and λL_KL.
    let changeG = gradients(of: made, withRespectTo: passG.parameters, seed: total)
    let changeZ = gradients(of: made, withRespectTo: [z], seed: towardsPicture * lambda)[0]
    let divergence = mean.divergenceFromNormal(logVariance: logVariance)
    let warmup = min(1, Float(steps) / Float(max(1, training.divergenceWarmup)))
    // ⟨z, ∂L/∂z⟩ has the gradient that L has through z.
    let throughZ = (sample(mean, logVariance, noise) * Variable(changeZ)).sum()
    let changeA = gradients(
      of: throughZ + divergence * (training.divergenceWeight * lambda * warmup),
      withRespectTo: passA.parameters)
    generatorRule.step(&generator, gradients: changeG, learningRate: rate)
    encoderRule.step(&encoder, gradients: changeA, learningRate: rate)
    generator.update(runningStatistics: passG.statistics)
    encoder.update(runningStatistics: passA.statistics)
    average()
    steps += 1
    return Report(
      reconstruction: reconstruction.value[0], divergence: divergence.value[0],
      identity: identity, realism: realism.matching, discriminator: realism.loss,
      identityCosine: cosine, activeAttributes: activeShare(mean.value, logVariance.value),
      norms: norms, realProbability: realism.real, madeProbability: realism.made,
      learningRate: rate)
  }

  /// L_GC at x', its gradient, and the mean cosine; what f_C remembers for it is forgotten here.
  private func identityLoss(
    _ x: Variable, _ known: EmbedderArchitecture.Output, isReconstruction: Bool
  ) -> (loss: Float, gradient: Tensor, cosine: Float) {
    let seen = embedder.features(of: x)
    let loss = seen.embedding.halfSquaredDistance(to: known.embedding.detached)
    var sum = loss
    if training.mapShare > 0 && isReconstruction {
      // Both are distances over the size of what is compared.
      let (map, embedding) = (known.identity.value, known.embedding.value)
      let scale = Float(embedding.dot(embedding) / max(1e-12, map.dot(map)))
      sum =
        sum + seen.identity.halfSquaredDistance(to: known.identity.detached)
        * (scale * training.mapShare)
    }
    let distances = seen.embedding.unitRows().squaredRowDistances(to: known.embedding.unitRows())
    return (
      loss.value[0], gradients(of: sum, withRespectTo: [x])[0],
      1 - Float(distances.value.sum) / Float(2 * max(1, distances.value.count))
    )
  }

  /// What D says, and how its features of made pictures are to change.
  private struct Realism {
    var (matching, loss): (Float, Float) = (0, 0)
    var (real, made): (Float, Float) = (0.5, 0.5)
    var gradient: Tensor?
  }

  /// L_GD at x' with its gradient, and a step of D along L_D.
  private mutating func judge(_ xa: Variable, _ x: Variable, rate: Float) -> Realism {
    let D = FaceDiscriminator(training.architecture)
    let pass = ForwardPass(discriminator, mode: .training, tracksParameters: true)
    let (featuresReal, logitReal) = D(xa, pass)
    let (featuresMade, logitMade) = D(x, pass)
    let loss =
      switch training.discriminatorLoss {
      case .logistic: logitReal.logisticLoss(target: 0.9) + logitMade.logisticLoss(target: 0)
      case .hinge: logitReal.hingeLoss(isAbove: true) + logitMade.hingeLoss(isAbove: false)
      }
    let matching = featuresMade.halfSquaredDistance(to: featuresReal.detached)
    let gradient = gradients(of: matching, withRespectTo: [x])[0]
    discriminatorRule.step(
      &discriminator, gradients: gradients(of: loss, withRespectTo: pass.parameters),
      learningRate: rate)
    discriminator.update(runningStatistics: pass.statistics)
    func probability(_ logit: Tensor) -> Float {
      Float(logit.map { 1 / (1 + expf(-$0)) }.sum) / Float(max(1, logit.count))
    }
    return Realism(
      matching: matching.value[0], loss: loss.value[0], real: probability(logitReal.value),
      made: probability(logitMade.value), gradient: gradient)
  }

  /// r of this step.
  private func noise(_ shape: [Int]) -> Variable {
    var random = random.derived(from: "noise", steps)
    return Variable(Tensor.normal(shape, using: &random))
  }

  /// z = μ + r ⊙ exp(ε / 2), with ε = log σ².
  private func sample(_ mean: Variable, _ logVariance: Variable, _ noise: Variable) -> Variable {
    mean + noise * (logVariance * 0.5).exponential()
  }

  /// The share of attributes that say something: a divergence of at least 0.01 over the batch.
  private func activeShare(_ mean: Tensor, _ logVariance: Tensor) -> Float {
    let (batch, latent) = (mean.shape[0], mean.shape[1])
    let active = (0..<latent).count { attribute in
      var sum: Float = 0
      for row in 0..<batch {
        let (m, log) = (mean[row * latent + attribute], logVariance[row * latent + attribute])
        sum += 0.5 * (m * m + expf(log) - log - 1)
      }
      return sum >= 0.01 * Float(batch)
    }
    return Float(active) / Float(max(1, latent))
  }

  private mutating func average() {
    // The average follows closely at first, then slowly.
    let decay = min(training.averageDecay, Float(steps + 1) / Float(steps + 10))
    averagedEncoder.move(towards: encoder, decay: decay)
    averagedGenerator.move(towards: generator, decay: decay)
  }

  /// Adam's learning rate for A and G at this step.
  func learningRate(of total: Int) -> Float {
    let start = Float(total) * (1 - training.decayShare)
    let progress = (Float(steps) - start) / max(1, Float(total) - start)
    let factor = progress <= 0 ? 1 : max(0.02, 0.5 * (1 + cosf(.pi * min(1, progress))))
    return training.learningRate * factor * powf(0.5, Float(recoveries))
  }

  private mutating func follow(_ index: Int, _ gradient: Tensor) {
    let norm = Float(gradient.dot(gradient).squareRoot())
    norms[index] = norms[index] == 0 ? norm : 0.98 * norms[index] + 0.02 * norm
  }

  /// The factor of a gradient at x'.
  private mutating func weight(_ index: Int, _ gradient: Tensor, _ strength: Float) -> Float {
    follow(index, gradient)
    return switch training.balance {
    case .norms: strength * norms[0] / max(norms[index], 1e-12)
    case .sums: strength
    }
  }
}
