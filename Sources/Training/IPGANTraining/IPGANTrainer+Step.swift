private import Attacks
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
    /// The norms of the gradients at x', each over the batch: of L_GR, L_GC, L_GD and of G's part in
    /// the game with D.
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
    let known = embedder.features(of: Variable(subjects), fitsTiles: true)
    let passA = ForwardPass(encoder, mode: .training, tracksParameters: true)
    let passG = ForwardPass(generator, mode: .training, tracksParameters: true)
    let (mean, logVariance) = A(xa, passA)
    let noise = noise(mean.value.shape)
    let z = Variable(tracked: sample(mean, logVariance, noise).value)
    let made = G(training.architecture.known(of: known).detached, z, passG)

    // The losses at x', which is a leaf from here on: their gradients are weighed against each other.
    let x = Variable(tracked: made.value)
    let reconstruction = x.halfSquaredDistance(to: xa)
    let towardsPicture = gradients(of: reconstruction, withRespectTo: [x])[0]
    follow(0, towardsPicture)
    var total = towardsPicture * lambda
    var (identity, cosine): (Float, Float) = (0, 0)
    if training.identityStrength > 0 {
      let result = identityLoss(
        x, subjects, known, isReconstruction: attributes == nil)
      (identity, cosine) = (result.loss, result.cosine)
      total = total + result.gradient * weight(1, result.gradient, training.identityStrength)
    }
    var realism = Realism()
    if training.usesDiscriminator && steps >= training.realismStart {
      realism = judge(xa, x, rate: rate * training.discriminatorPace)
      if let gradient = realism.gradient {
        total = total + gradient * weight(2, gradient, training.realismStrength)
      }
      if let gradient = realism.game {
        total = total + gradient * weight(3, gradient, training.adversarialStrength)
      }
    }

    // G learns from all three, A only from λL_GR and λL_KL.
    let changeG = gradients(of: made, withRespectTo: passG.parameters, seed: total)
    let changeZ = gradients(of: made, withRespectTo: [z], seed: towardsPicture * lambda)[0]
    let divergence = mean.divergenceFromNormal(
      logVariance: logVariance, floor: training.divergenceFloor)
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
    _ x: Variable, _ subjects: Tensor, _ known: EmbedderArchitecture.Output, isReconstruction: Bool
  ) -> (loss: Float, gradient: Tensor, cosine: Float) {
    let comparesMaps = training.mapShare > 0 && isReconstruction
    var (shown, seenBefore) = (x, known)
    if training.changesBeforeIdentity {
      let draws = (0..<x.value.shape[0]).map {
        random.derived(from: "change", steps).derived(from: "picture", $0)
      }
      let change = Self.changes.drawn(for: x.value.shape, using: draws)
      shown = change(x)
      // Maps are compared place by place, so both pictures are changed alike.
      if comparesMaps {
        seenBefore = embedder.features(of: change(Variable(subjects)), fitsTiles: true)
      }
    }
    let seen = embedder.features(of: shown, fitsTiles: true)
    let loss = seen.embedding.halfSquaredDistance(to: known.embedding.detached)
    var sum = loss
    if comparesMaps {
      // Both are distances over the size of what is compared.
      let (map, embedding) = (seenBefore.identity.value, known.embedding.value)
      let scale = Float(embedding.dot(embedding) / max(1e-12, map.dot(map)))
      sum =
        sum + seen.identity.halfSquaredDistance(to: seenBefore.identity.detached)
        * (scale * training.mapShare)
    }
    if let witness, let share = training.witnessShare {
      let goal = witness.features(of: Variable(subjects), fitsTiles: true).embedding.detached
      let (own, other) = (known.embedding.value, goal.value)
      let scale = Float(own.dot(own) / max(1e-12, other.dot(other)))
      let shownToWitness = witness.features(of: shown, fitsTiles: true).embedding
      sum = sum + shownToWitness.halfSquaredDistance(to: goal) * (scale * share)
    }
    let distances = seen.embedding.unitRows().squaredRowDistances(to: known.embedding.unitRows())
    let slope = Variable(gradients(of: sum, withRespectTo: [x])[0])
    let smooth = training.identityBlur.map { slope.blurred(deviation: $0) } ?? slope
    return (
      loss.value[0], smooth.value,
      1 - Float(distances.value.sum) / Float(2 * max(1, distances.value.count))
    )
  }

  /// What may happen to a picture before f_C looks at it.
  private static let changes = RandomTransforms(
    turn: 6, zoom: 0.06, shift: 4 / 128, blur: 0.3 / 128...1.2 / 128, blurProbability: 0.5,
    contrast: 0.15, brightness: 0.06, jpegProbability: 0, mirrorProbability: 0.5, noise: 6)

  /// What D says, and how made pictures are to change.
  private struct Realism {
    var (matching, loss): (Float, Float) = (0, 0)
    var (real, made): (Float, Float) = (0.5, 0.5)
    /// Of L_GD, and of G's part in the game, at x'.
    var gradient, game: Tensor?
  }

  /// L_GD and G's part in the game at x' with their gradients, and a step of D along L_D.
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
    var matching = Self.difference(featuresMade[0], featuresReal[0], of: featuresMade.count)
    for layer in featuresMade.indices.dropFirst() {
      matching =
        matching
        + Self.difference(featuresMade[layer], featuresReal[layer], of: featuresMade.count)
    }
    var realism = Realism()
    if training.realismStrength > 0 {
      realism.gradient = gradients(of: matching, withRespectTo: [x])[0]
    }
    if training.adversarialStrength > 0 {
      let game =
        switch training.discriminatorLoss {
        case .logistic: logitMade.logisticLoss(target: 1)
        case .hinge: logitMade.sum() * (-1 / Float(max(1, logitMade.value.count)))
        }
      realism.game = gradients(of: game, withRespectTo: [x])[0]
    }
    discriminatorRule.step(
      &discriminator, gradients: gradients(of: loss, withRespectTo: pass.parameters),
      learningRate: rate)
    discriminator.update(runningStatistics: pass.statistics)
    spectral?.normalize(&discriminator)
    func probability(_ logit: Tensor) -> Float {
      Float(logit.map { 1 / (1 + expf(-$0)) }.sum) / Float(max(1, logit.count))
    }
    (realism.matching, realism.loss) = (matching.value[0], loss.value[0])
    (realism.real, realism.made) = (probability(logitReal.value), probability(logitMade.value))
    return realism
  }

  /// ½‖f − f'‖² a picture; of several layers each in units of its own size.
  private static func difference(_ made: Variable, _ real: Variable, of layers: Int) -> Variable {
    let distance = made.halfSquaredDistance(to: real.detached)
    guard layers > 1 else { return distance }
    let size = real.value.dot(real.value) / Double(max(1, real.value.shape[0]))
    return distance * Float(1 / max(1e-12, size))
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
