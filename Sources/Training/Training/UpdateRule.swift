package import NeuralNetworks
package import Tensors

/// The optimiser of a training, one of two kinds.
package enum UpdateRule: Sendable {
  case adam(Adam)
  case momentum(MomentumDescent)

  /// The state beside the weights.
  package var state: (steps: Int, tables: ParameterTable) {
    switch self {
    case .adam(let rule): (rule.steps, rule.state)
    case .momentum(let rule): (rule.steps, rule.state)
    }
  }

  /// Goes on from a state that was saved after `steps` steps on `table`.
  package mutating func load(
    _ state: ParameterTable, steps: Int, matching table: ParameterTable
  ) throws(OptimizerStateError) {
    switch self {
    case .adam(var rule):
      try rule.load(state, steps: steps, matching: table)
      self = .adam(rule)
    case .momentum(var rule):
      try rule.load(state, steps: steps, matching: table)
      self = .momentum(rule)
    }
  }

  package mutating func step(
    _ table: inout ParameterTable, gradients: [Tensor], learningRate: Float
  ) {
    // Taken out of the enumeration while it works, so that its state is not copied.
    switch self {
    case .adam(var rule):
      self = .adam(Adam())
      rule.step(&table, gradients: gradients, learningRate: learningRate)
      self = .adam(rule)
    case .momentum(var rule):
      self = .momentum(MomentumDescent())
      rule.step(&table, gradients: gradients, learningRate: learningRate)
      self = .momentum(rule)
    }
  }
}
