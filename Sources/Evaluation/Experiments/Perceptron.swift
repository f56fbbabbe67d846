private import NeuralNetworks
private import SeededRandom
public import Tensors

/// A multilayer perceptron that names classes: one hidden layer with batch normalisation and ReLU.
///
/// Columns of the input are brought to mean 0 and deviation 1 by the training rows, so that vectors of
/// any scale are read alike. Softmax cross-entropy, Adam, every epoch in another order.
public struct Perceptron: Sendable {
  /// How it is trained.
  public struct Training: Codable, Equatable, Sendable {
    /// Numbers in the hidden layer.
    public var hidden = 256
    /// Times that all rows are seen.
    public var epochs = 40
    /// Rows a step; fewer where there are fewer rows.
    public var batch = 64
    /// Adam's learning rate.
    public var learningRate: Float = 1e-3
    /// Adam's decoupled weight decay.
    public var weightDecay: Float = 0.01
    /// Where weights and orders come from.
    public var seed: UInt64 = 1

    /// Creates the defaults.
    public init() {}
  }

  private let layers: [DenseLayer]
  private let mean, factor: Tensor
  private var parameters = ParameterTable()
  private var optimizer: Adam
  private let training: Training

  /// Creates a perceptron for rows like these, untrained.
  ///
  /// - Precondition: there are at least two rows and classes.
  public init(rows: Tensor, classes: Int, training: Training) {
    precondition(rows.shape[0] >= 2 && classes >= 2, "\(rows.shape[0]) rows, \(classes) classes")
    let columns = rows.shape[1]
    layers = [
      DenseLayer("hidden", from: columns, to: training.hidden, isNormalized: true, slope: 0),
      DenseLayer("output", from: training.hidden, to: classes),
    ]
    (mean, factor) = Self.standardization(of: rows)
    var source = WeightSource(SplitMix64(seed: training.seed).derived(from: "weights"))
    for layer in layers { layer.addParameters(to: &parameters, using: &source) }
    optimizer = Adam(weightDecay: training.weightDecay)
    self.training = training
  }

  /// Trains for one epoch.
  ///
  /// - Parameters:
  ///   - rows: (count, columns).
  ///   - labels: the class of each row.
  ///   - epoch: which one it is, from 0; decides the order.
  /// - Returns: the mean cross-entropy over the epoch, in nats.
  public mutating func train(on rows: Tensor, labels: [Int], epoch: Int) -> Double {
    let x = standardized(rows)
    var random = SplitMix64(seed: training.seed).derived(from: "epoch", epoch)
    let order = random.shuffled(Array(labels.indices))
    let batch = min(training.batch, order.count)
    var losses: [Double] = []
    for first in stride(from: 0, through: order.count - batch, by: batch) {
      let places = Array(order[first..<first + batch])
      let pass = ForwardPass(parameters, mode: .training, tracksParameters: true)
      let loss = logits(x.rows(places), pass).softmaxCrossEntropy(
        labels: places.map { labels[$0] })
      let gradients = gradients(of: loss, withRespectTo: pass.parameters)
      optimizer.step(&parameters, gradients: gradients, learningRate: training.learningRate)
      parameters.update(runningStatistics: pass.statistics)
      losses.append(Double(loss.value[0]))
    }
    return losses.reduce(0, +) / Double(losses.count)
  }

  /// The likeliest class of each row; of several the first.
  public func classes(of rows: Tensor) -> [Int] {
    let pass = ForwardPass(parameters, mode: .inference, tracksParameters: false)
    let scores = logits(standardized(rows), pass).value
    let (numbers, count) = (scores.numbers, scores.shape[1])
    return (0..<rows.shape[0]).map { row in
      var best = 0
      for i in 1..<count where numbers[row * count + i] > numbers[row * count + best] { best = i }
      return best
    }
  }

  private func logits(_ rows: Tensor, _ pass: ForwardPass) -> Variable {
    layers.reduce(Variable(rows)) { $1($0, pass) }
  }

  private func standardized(_ rows: Tensor) -> Tensor {
    let (source, columns) = (rows.numbers, rows.shape[1])
    return Tensor(
      source.enumerated().map { ($1 - mean[$0 % columns]) * factor[$0 % columns] },
      shape: rows.shape)
  }

  /// The mean of each column, and 1/deviation; 0 where all rows have the same number.
  private static func standardization(of rows: Tensor) -> (mean: Tensor, factor: Tensor) {
    let (numbers, columns) = (rows.numbers, rows.shape[1])
    let count = Double(rows.shape[0])
    var (sums, squares) = (
      [Double](repeating: 0, count: columns), [Double](repeating: 0, count: columns)
    )
    for (index, value) in numbers.enumerated() { sums[index % columns] += Double(value) }
    for (index, value) in numbers.enumerated() {
      let d = Double(value) - sums[index % columns] / count
      squares[index % columns] += d * d
    }
    return (
      Tensor(sums.map { Float($0 / count) }, shape: [columns]),
      Tensor(
        squares.map { $0 > 0 ? Float(1 / ($0 / count).squareRoot()) : 0 }, shape: [columns])
    )
  }
}
