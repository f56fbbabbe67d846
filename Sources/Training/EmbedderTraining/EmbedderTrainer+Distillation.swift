internal import Embedders
internal import NeuralNetworks
internal import SeededRandom
public import Tensors
private import Training

extension EmbedderTrainer {
  /// What a step with a teacher reports.
  public struct DistillationReport: Sendable {
    /// The mean of 1 − cos(student, teacher).
    public let distance: Float
    /// The mean loss of telling the teacher's embeddings apart.
    public let contrast: Float
    /// The share of pictures whose own teacher's embedding was the nearest, without margin.
    public let contrastAccuracy: Float
    /// The mean loss over people; 0 if it has no weight.
    public let people: Float
    /// The strongest perturbation of this step, root mean square in grey levels.
    public let hardening: Float
    /// The step's learning rate.
    public let learningRate: Float
  }

  /// Starts a training with a teacher.
  ///
  /// - `weights`: what the network begins with; drawn from the seed if not given.
  /// - Precondition: the training names the teacher, whose width is the embedding's.
  public init(
    _ training: EmbedderTraining, examples: DistillationExamples, weights: ParameterTable? = nil
  ) {
    self.init(training, people: max(2, examples.people), weights: weights)
    if examples.people >= 2 { classifier["classifier.weight"] = examples.classMeans() }
  }

  /// Takes one step on a batch.
  mutating func step(
    _ batch: DistillationExamples.Batch, _ distillation: Distillation, of total: Int
  ) -> DistillationReport {
    let strength = hardening(of: total)
    var batch = batch
    if strength > 0 {
      let pictures = hardened(batch.pictures, strength: strength) {
        losses(of: $0, batch, distillation, tracksParameters: false).sum
      }
      batch = DistillationExamples.Batch(
        pictures: pictures, labels: batch.labels, targets: batch.targets,
        exclusions: batch.exclusions)
    }
    let at = losses(of: Variable(batch.pictures), batch, distillation, tracksParameters: true)
    let head = at.people == nil ? [] : at.head.parameters
    let changes = gradients(of: at.sum, withRespectTo: at.pass.parameters + head)
    let rate = learningRate(steps, of: total)
    let split = at.pass.parameters.count
    rule.step(&embedder, gradients: Array(changes[..<split]), learningRate: rate)
    if !head.isEmpty {
      classifierRule.step(&classifier, gradients: Array(changes[split...]), learningRate: rate)
    }
    embedder.update(runningStatistics: at.pass.statistics)
    steps += 1
    return DistillationReport(
      distance: at.distance.value[0], contrast: at.contrast.value[0],
      contrastAccuracy: accuracy(at.scores.value, Array(0..<batch.pictures.shape[0])),
      people: at.people?.value[0] ?? 0, hardening: strength, learningRate: rate)
  }

  /// What a batch comes to.
  private struct Losses {
    let pass, head: ForwardPass
    /// The cosines of pictures and teacher's embeddings.
    let scores: Variable
    let distance, contrast: Variable
    let people: Variable?
    let sum: Variable
  }

  private func losses(
    of pictures: Variable, _ batch: DistillationExamples.Batch, _ distillation: Distillation,
    tracksParameters: Bool
  ) -> Losses {
    let pass = ForwardPass(embedder, mode: .training, tracksParameters: tracksParameters)
    let head = ForwardPass(classifier, mode: .training, tracksParameters: tracksParameters)
    let count = pictures.value.shape[0]
    let student = training.architecture(
      pictures, pass, keeping: dropoutFactors(batch: count)
    ).embedding.unitRows()
    let own = Variable(batch.targets.entries(0..<count))
    let one = Variable(Tensor([1], shape: [1]))
    let distance = one - (student * own).sum() * (1 / Float(count))
    let scores =
      student.products(with: Variable(batch.targets)) + Variable(batch.exclusions)
    let contrast = scores.softmaxCrossEntropy(
      labels: Array(0..<count), scale: distillation.contrastScale,
      margin: distillation.contrastMargin)
    var sum = distance * distillation.cosineWeight + contrast * distillation.contrastWeight
    var people: Variable?
    if distillation.peopleWeight > 0, !batch.labels.isEmpty {
      let loss = peopleLoss(student.entries(0..<batch.labels.count), head, batch.labels)
      sum = sum + loss * distillation.peopleWeight
      people = loss
    }
    return Losses(
      pass: pass, head: head, scores: scores, distance: distance, contrast: contrast,
      people: people, sum: sum)
  }

  /// The loss over people, on unit-length embeddings; classes that begin as the teacher's means need no
  /// softmax before the margin.
  private func peopleLoss(_ student: Variable, _ head: ForwardPass, _ labels: [Int]) -> Variable {
    let scores = student.products(with: head["classifier.weight"].unitRows())
    switch training.loss {
    case .softmax: return scores.softmaxCrossEntropy(labels: labels, scale: training.scale)
    case .cosface:
      return scores.softmaxCrossEntropy(
        labels: labels, scale: training.scale, margin: training.margin)
    case .arcface:
      return scores.addingAngularMargin(training.margin, labels: labels)
        .softmaxCrossEntropy(labels: labels, scale: training.scale)
    }
  }
}
