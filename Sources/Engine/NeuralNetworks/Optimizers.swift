private import KernelSupport
private import Glibc
private import Kernels
public import Tensors

/// An update rule together with its state, a value that can be saved.
///
/// The state comes into being with the first step: a rule without steps has none.
public protocol Optimizer: Sendable {
  /// The steps taken so far.
  var steps: Int { get }
  /// The state beside the weights, by name; each tensor has the shape of its weights.
  var state: ParameterTable { get }
  /// Goes on from a state that was saved after `steps` steps on `table`.
  ///
  /// - Throws: ``OptimizerStateError`` if it is not the state of these parameters.
  mutating func load(
    _ state: ParameterTable, steps: Int, matching table: ParameterTable
  ) throws(OptimizerStateError)
  /// Changes the trained parameters of `table`, in the order of its `trainableNames`.
  ///
  /// - Precondition: each gradient has the shape of its parameter.
  mutating func step(_ table: inout ParameterTable, gradients: [Tensor], learningRate: Float)
}

/// The kernels write as many numbers as the gradient has, so all shapes have to be one.
private func checkShapes(_ name: String, _ gradient: Tensor, _ tensors: Tensor?...) {
  precondition(
    tensors.allSatisfy { $0?.shape == gradient.shape },
    "'\(name)' has shape \(tensors.map { $0?.shape }); its gradient has \(gradient.shape)")
}

/// Gradient descent with momentum and weight decay.
///
/// v ← momentum · v + g + decay · w;  w ← w − rate · v. Factors and biases of normalisation are
/// not decayed.
public struct MomentumDescent: Optimizer {
  public private(set) var steps = 0
  public private(set) var state = ParameterTable()
  /// How much of the last step goes on.
  public let momentum: Float
  /// The pull towards zero, of weights only.
  public let weightDecay: Float

  /// Creates the rule.
  public init(momentum: Float = 0.9, weightDecay: Float = 5e-4) {
    (self.momentum, self.weightDecay) = (momentum, weightDecay)
  }

  public mutating func load(
    _ state: ParameterTable, steps: Int, matching table: ParameterTable
  ) throws(OptimizerStateError) {
    try state.check(steps: steps, suffixes: [""], matching: table)
    (self.state, self.steps) = (state, steps)
  }

  public mutating func step(
    _ table: inout ParameterTable, gradients: [Tensor], learningRate: Float
  ) {
    steps += 1
    for (name, gradient) in zip(table.trainableNames, gradients) {
      if state[name] == nil { state[name] = Tensor(zeros: gradient.shape) }
      checkShapes(name, gradient, table[name], state[name])
      let decay = name.hasSuffix(".weight") ? weightDecay : 0
      let momentum = momentum
      state.updateNumbers(name) { v in
        table.updateNumbers(name) { w in
          gradient.read { g in
            Compute.kernels.momentumDescent(
              w, v, g, gradient.count, rate: learningRate, momentum: momentum, decay: decay)
          }
        }
      }
    }
  }
}

/// Adam with decoupled weight decay.
///
/// Reference: Kingma and Ba, "Adam", 2015, algorithm 1; Loshchilov and Hutter, 2019.
public struct Adam: Optimizer {
  public private(set) var steps = 0
  public private(set) var state = ParameterTable()
  /// How slowly the mean of gradients and that of their squares move.
  public let beta1, beta2: Float
  /// Stabilises the division.
  public let epsilon: Float
  /// The pull towards zero, of weights only.
  public let weightDecay: Float

  /// Creates the rule.
  public init(
    beta1: Float = 0.9, beta2: Float = 0.999, epsilon: Float = 1e-8, weightDecay: Float = 0
  ) {
    (self.beta1, self.beta2) = (beta1, beta2)
    (self.epsilon, self.weightDecay) = (epsilon, weightDecay)
  }

  public mutating func load(
    _ state: ParameterTable, steps: Int, matching table: ParameterTable
  ) throws(OptimizerStateError) {
    try state.check(steps: steps, suffixes: [".first", ".second"], matching: table)
    (self.state, self.steps) = (state, steps)
  }

  public mutating func step(
    _ table: inout ParameterTable, gradients: [Tensor], learningRate: Float
  ) {
    steps += 1
    let correction = (1 - pow(beta2, Float(steps))).squareRoot()
    let rate = learningRate * correction / (1 - pow(beta1, Float(steps)))
    for (name, gradient) in zip(table.trainableNames, gradients) {
      let (first, second) = (name + ".first", name + ".second")
      if state[first] == nil {
        state[first] = Tensor(zeros: gradient.shape)
        state[second] = Tensor(zeros: gradient.shape)
      }
      checkShapes(name, gradient, table[name], state[first], state[second])
      let decay = name.hasSuffix(".weight") ? weightDecay * learningRate : 0
      let (beta1, beta2, epsilon) = (beta1, beta2, epsilon * correction)
      state.updateNumbers(first, second) { mean, v in
        table.updateNumbers(name) { w in
          gradient.read { g in
            Compute.kernels.adam(
              w, mean, v, g, gradient.count, rate: rate, beta1: beta1, beta2: beta2,
              epsilon: epsilon, decay: decay)
          }
        }
      }
    }
  }
}
