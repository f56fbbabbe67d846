private import Embedders
private import Glibc
internal import NeuralNetworks
internal import SeededRandom
public import Tensors
internal import Training

/// The state of an embedder's training: a value that can be saved and continued.
public struct EmbedderTrainer: Sendable {
  /// How it is trained.
  public let training: EmbedderTraining
  /// People in the training set.
  public let people: Int
  /// The network's parameters.
  public internal(set) var embedder: ParameterTable
  /// The classifier's: one row a person.
  public internal(set) var classifier: ParameterTable
  var rule: UpdateRule
  var classifierRule: UpdateRule
  /// Steps taken.
  public internal(set) var steps = 0

  /// What a step reports.
  public struct Report: Sendable {
    /// The mean loss over the people of the training set.
    public let loss: Float
    /// The mean loss of finding each picture's partner in the batch.
    public let pairLoss: Float
    /// The share of pictures whose person had the highest score, without margin.
    public let accuracy: Float
    /// The share of pictures whose partner was the nearest in the batch.
    public let pairAccuracy: Float
    /// The step's learning rate.
    public let learningRate: Float
  }

  /// Starts a training.
  ///
  /// - `weights`: what the network begins with, of its own shape; drawn from the seed if not given.
  ///   The classifier always begins anew.
  public init(_ training: EmbedderTraining, people: Int, weights: ParameterTable? = nil) {
    precondition(people >= 2, "\(people) people to tell apart; at least 2 are needed")
    (self.training, self.people) = (training, people)
    var generator = SplitMix64(seed: training.seed).derived(from: "weights")
    let drawn = training.architecture.initialParameters(using: &generator)
    embedder = weights ?? drawn
    precondition(embedder.names == drawn.names, "weights of another network")
    classifier = ParameterTable()
    let width = training.architecture.embedding
    classifier["classifier.weight"] = Tensor.normal(
      [people, width], deviation: 0.01, using: &generator)
    if training.loss == .softmax { classifier["classifier.bias"] = Tensor(zeros: [people]) }
    rule = UpdateRule(training)
    classifierRule = rule
  }

  /// The learning rate of step `step` of `total`.
  func learningRate(_ step: Int, of total: Int) -> Float {
    let warmup = min(500, max(1, total / 20))
    if step < warmup { return training.learningRate * Float(step + 1) / Float(warmup) }
    let progress = Float(step - warmup) / Float(max(1, total - warmup))
    return training.learningRate * max(0.002, 0.5 * (1 + cos(Float.pi * min(1, progress))))
  }

  /// Takes one step on a batch.
  ///
  /// - `pictures`: (batch, row, column, 3) in −1…1; neighbours (0, 1), (2, 3), … are one person.
  /// - `labels`: the person of each, 0 ..< people.
  /// - `total`: the steps of the whole training, for the schedules.
  public mutating func step(pictures: Tensor, labels: [Int], of total: Int) -> Report {
    let strength = hardening(of: total)
    let pictures =
      strength > 0
      ? hardened(pictures, strength: strength) {
        losses(of: $0, labels, total, tracksParameters: false).sum
      } : pictures
    let at = losses(of: Variable(pictures), labels, total, tracksParameters: true)
    let (pass, head) = (at.pass, at.head)
    let changes = gradients(of: at.sum, withRespectTo: pass.parameters + head.parameters)
    let rate = learningRate(steps, of: total)
    let split = pass.parameters.count
    rule.step(&embedder, gradients: Array(changes[..<split]), learningRate: rate)
    classifierRule.step(&classifier, gradients: Array(changes[split...]), learningRate: rate)
    embedder.update(runningStatistics: pass.statistics)
    steps += 1
    return Report(
      loss: at.identification.value[0], pairLoss: at.verification.value[0],
      accuracy: accuracy(at.scores.value, labels),
      pairAccuracy: accuracy(at.pairs.value, Self.partners(labels)), learningRate: rate)
  }

  /// What a batch comes to.
  private struct Losses {
    let pass, head: ForwardPass
    /// The scores of the people, and of the pairs.
    let scores, pairs: Variable
    /// The losses of both, and what is made small.
    let identification, verification, sum: Variable
  }

  private func losses(
    of pictures: Variable, _ labels: [Int], _ total: Int, tracksParameters: Bool
  ) -> Losses {
    let pass = ForwardPass(embedder, mode: .training, tracksParameters: tracksParameters)
    let head = ForwardPass(classifier, mode: .training, tracksParameters: tracksParameters)
    let embedding = training.architecture(
      pictures, pass, keeping: dropoutFactors(batch: labels.count)
    ).embedding
    let weights = head["classifier.weight"]
    let (scores, identification) = score(embedding, weights, head, labels, total)
    let pairs = pairScores(embedding, labels)
    let verification = pairs.softmaxCrossEntropy(
      labels: Self.partners(labels), scale: training.pairScale)
    return Losses(
      pass: pass, head: head, scores: scores, pairs: pairs, identification: identification,
      verification: verification, sum: identification + verification * training.pairWeight)
  }

  /// The place of each picture's partner.
  private static func partners(_ labels: [Int]) -> [Int] { labels.indices.map { $0 ^ 1 } }

  /// Zeros where f_I is left out, and what keeps its mean elsewhere.
  func dropoutFactors(batch: Int) -> Tensor? {
    guard training.dropout > 0 else { return nil }
    var random = SplitMix64(seed: training.seed).derived(from: "dropout", steps)
    let kept = 1 / (1 - training.dropout)
    let shape = [batch, training.architecture.identity]
    return Tensor(shape: shape) {
      for i in 0..<shape[0] * shape[1] {
        $0[i] = random.happens(withProbability: training.dropout) ? 0 : kept
      }
    }
  }

  /// The cosines of all pairs of a batch, those that are no question ruled out: a picture with
  /// itself, and with others of its person than its partner.
  private func pairScores(_ embedding: Variable, _ labels: [Int]) -> Variable {
    let unit = embedding.unitRows()
    let count = labels.count
    var excluded = [Float](repeating: 0, count: count * count)
    for i in 0..<count {
      for j in 0..<count where labels[i] == labels[j] && j != i ^ 1 {
        excluded[i * count + j] = -100
      }
    }
    return unit.products(with: unit) + Variable(Tensor(excluded, shape: [count, count]))
  }

  private func score(
    _ embedding: Variable, _ weights: Variable, _ head: ForwardPass, _ labels: [Int], _ total: Int
  ) -> (scores: Variable, loss: Variable) {
    switch training.loss {
    case .softmax:
      let scores = embedding.products(with: weights).biased(head["classifier.bias"])
      return (scores, scores.softmaxCrossEntropy(labels: labels))
    case .cosface, .arcface:
      // Without margin until something is learnt, then slowly to all of it.
      let progress = Float(steps) / Float(max(1, total))
      let rise = (progress - training.softmaxShare) / max(1e-6, training.marginWarmup)
      let margin = training.margin * min(1, max(0, rise))
      if progress < training.softmaxShare {
        let scores = embedding.products(with: weights)
        return (scores, scores.softmaxCrossEntropy(labels: labels))
      }
      let scores = embedding.unitRows().products(with: weights.unitRows())
      guard training.loss == .arcface else {
        return (
          scores, scores.softmaxCrossEntropy(labels: labels, scale: training.scale, margin: margin)
        )
      }
      let widened = scores.addingAngularMargin(margin, labels: labels)
      return (scores, widened.softmaxCrossEntropy(labels: labels, scale: training.scale))
    }
  }

  func accuracy(_ scores: Tensor, _ labels: [Int]) -> Float {
    let classes = scores.shape[1]
    return scores.read { numbers in
      var right = 0
      for (row, label) in labels.enumerated() {
        let base = numbers + row * classes
        var best = 0
        for i in 1..<classes where base[i] > base[best] { best = i }
        if best == label { right += 1 }
      }
      return Float(right) / Float(max(1, labels.count))
    }
  }
}
