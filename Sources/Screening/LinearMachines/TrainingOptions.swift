/// The formulation that is optimised; all have a squared (L2) penalty on the weights.
public enum LinearSolver: String, Sendable, Codable, CaseIterable {
  /// Squared hinge loss, by a trust-region Newton method on the weights; uses no random numbers.
  case l2RegularizedL2LossPrimal
  /// Squared hinge loss, by coordinate descent on the multipliers: the same optimum, faster where
  /// there are more features than examples.
  case l2RegularizedL2LossDual
  /// Hinge loss, by coordinate descent on the multipliers: the textbook machine.
  case l2RegularizedL1LossDual
  /// Logistic loss; decision values are log-odds.
  case l2LogisticRegression
}

/// The hyper-parameters of a linear model.
public struct TrainingOptions: Equatable, Sendable, Codable {
  /// The formulation.
  public var solver: LinearSolver
  /// The cost C of a training error against the penalty ½‖w‖².
  public var cost: Double
  /// The factor on the cost of adversarial examples; above 1 misses of attacks count more.
  public var adversarialWeight: Double
  /// The relative tolerance at which the solver stops.
  public var tolerance: Double
  /// The seed of the order in which coordinate descent visits examples.
  public var seed: UInt32

  /// Creates options.
  ///
  /// The tolerance is stricter than the library's own (0.01, and 0.1 for the dual), so that the
  /// solvers of one problem agree to about three digits.
  ///
  /// - Precondition: cost, weight and tolerance are positive and finite.
  public init(
    solver: LinearSolver = .l2RegularizedL2LossDual, cost: Double = 1,
    adversarialWeight: Double = 1, tolerance: Double = 0.001, seed: UInt32 = 1
  ) {
    for value in [cost, adversarialWeight, tolerance] {
      precondition(value > 0 && value.isFinite, "hyper-parameter \(value) is not positive")
    }
    (self.solver, self.cost, self.adversarialWeight) = (solver, cost, adversarialWeight)
    (self.tolerance, self.seed) = (tolerance, seed)
  }
}
