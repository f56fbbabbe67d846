import Foundation
import LinearMachines
import Testing

@Suite struct LinearSVMTests {
  /// Two points at ±1: by symmetry the bias is 0 and the weight is the root of one equation.
  static let optima: [(solver: LinearSolver, cost: Double, weight: Double)] = [
    // w²/2 + 2C(1 − w)²: w = 4C/(1 + 4C).
    (.l2RegularizedL2LossPrimal, 1, 0.8), (.l2RegularizedL2LossPrimal, 0.25, 0.5),
    (.l2RegularizedL2LossDual, 1, 0.8), (.l2RegularizedL2LossDual, 0.25, 0.5),
    // w²/2 + 2C·max(0, 1 − w): w = min(1, 2C).
    (.l2RegularizedL1LossDual, 0.25, 0.5), (.l2RegularizedL1LossDual, 1, 1),
    // w²/2 + 2C·log(1 + e⁻ʷ): w(1 + eʷ) = 2C, solved by bisection to 0.674831.
    (.l2LogisticRegression, 1, 0.674831),
  ]

  @Test(
    "the optimum of two points, in both orders of the labels", arguments: optima, [true, false])
  func optimum(_ expected: (solver: LinearSolver, cost: Double, weight: Double), first: Bool)
    throws
  {
    let model = try LinearSVM.train(
      FeatureMatrix([[first ? 1 : -1], [first ? -1 : 1]]), labels: [first, !first],
      options: TrainingOptions(solver: expected.solver, cost: expected.cost, tolerance: 1e-6))
    #expect(abs(model.weights[0] - expected.weight) < 1e-4)
    #expect(abs(model.bias) < 1e-4)
  }

  @Test("the bias is a penalised weight of a constant feature") func bias() throws {
    // Points 0 and 2 with y = −1 and +1: both of w·x + b are penalised, C → ∞ gives the smallest
    // w² + b² with b ≤ −1 and 2w + b ≥ 1, which is w = 1, b = −1.
    let model = try LinearSVM.train(
      FeatureMatrix([[0], [2]]), labels: [false, true],
      options: TrainingOptions(cost: 1e4, tolerance: 1e-6))
    #expect(abs(model.weights[0] - 1) < 1e-3)
    #expect(abs(model.bias + 1) < 1e-3)
    #expect(model.decisionValue([3]) > model.decisionValue([2]))
  }

  @Test("separable clouds are separated by every solver", arguments: LinearSolver.allCases)
  func separable(solver: LinearSolver) throws {
    let (features, labels) = clouds(rows: 200, columns: 5, distance: 1.1, seed: 1)
    let model = try LinearSVM.train(
      features, labels: labels, options: TrainingOptions(solver: solver, cost: 10))
    #expect(model.decisionValues(features).map { $0 > 0 } == labels)
  }

  @Test("primal and dual find the same plane on noisy clouds") func agreement() throws {
    let (features, labels) = clouds(rows: 300, columns: 6, distance: 0.15, seed: 2)
    let models = try [LinearSolver.l2RegularizedL2LossPrimal, .l2RegularizedL2LossDual].map {
      try LinearSVM.train(features, labels: labels, options: TrainingOptions(solver: $0))
    }
    for (primal, dual) in zip(models[0].weights, models[1].weights) {
      #expect(abs(primal - dual) < 2e-3)
    }
    let right = zip(models[0].decisionValues(features), labels).count { ($0 > 0) == $1 }
    #expect((200..<300).contains(right))
  }

  @Test("a heavier adversarial class raises decision values") func weight() throws {
    let (features, labels) = clouds(rows: 300, columns: 2, distance: 0.1, seed: 3)
    let models = try [1, 5].map {
      try LinearSVM.train(
        features, labels: labels, options: TrainingOptions(adversarialWeight: $0))
    }
    #expect(models[1].bias > models[0].bias)
  }

  @Test("the same input gives the same model, on any thread", arguments: LinearSolver.allCases)
  func deterministic(solver: LinearSolver) async throws {
    let (features, labels) = clouds(rows: 120, columns: 40, distance: 0.1, seed: 4)
    let options = TrainingOptions(solver: solver, seed: 9)
    let expected = try LinearSVM.train(features, labels: labels, options: options)
    try await withThrowingTaskGroup(of: LinearSVM.self) { group in
      for _ in 0..<4 {
        group.addTask { try LinearSVM.train(features, labels: labels, options: options) }
      }
      for try await model in group { #expect(model == expected) }
    }
  }

  @Test("saving and loading is the identity, bitwise") func json() throws {
    let (features, labels) = clouds(rows: 80, columns: 30, distance: 0.1, seed: 5)
    let model = try LinearSVM.train(features, labels: labels)
    let loaded = try JSONDecoder().decode(
      LinearSVM.self, from: JSONEncoder().encode(model))
    #expect(loaded == model)
    #expect(loaded.weights.map(\.bitPattern) == model.weights.map(\.bitPattern))
    #expect(loaded.decisionValues(features) == model.decisionValues(features))
  }

  @Test("decision values equal the plain sum", arguments: [0, 1, 7, 8, 9, 16, 100])
  func decisionValue(count: Int) {
    var generator = SplitMix64(seed: UInt64(count))
    let weights = (0..<count).map { _ in Double(generator.noise()) }
    let features = (0..<count).map { _ in generator.noise() }
    let model = LinearSVM(weights: weights, bias: 0.5)
    let expected = zip(weights, features).reduce(0.5) { $0 + $1.0 * Double($1.1) }
    #expect(abs(model.decisionValue(features) - expected) < 1e-14 * Double(count + 1))
    #expect(model.decisionValue(features) == model.decisionValue(AnyCollection(features)))
  }

  @Test("zero features are left out without effect") func sparse() throws {
    let (features, labels) = clouds(rows: 60, columns: 3, distance: 0.3, seed: 6)
    let wide = FeatureMatrix((0..<60).map { Array(features[row: $0]) + [0, 0] })
    let model = try LinearSVM.train(features, labels: labels)
    let wideModel = try LinearSVM.train(wide, labels: labels)
    #expect(wideModel.weights == model.weights + [0, 0])
    #expect(wideModel.bias == model.bias)
  }

  @Test("features that are not finite are refused", arguments: [Float.nan, .infinity])
  func notFinite(value: Float) {
    #expect(throws: SupportVectorMachineError.notFinite(row: 1, column: 0)) {
      try LinearSVM.train(FeatureMatrix([[0, 1], [value, 2]]), labels: [true, false])
    }
  }

  @Test("a missing class is refused", arguments: [true, false]) func oneClass(label: Bool) {
    #expect(throws: SupportVectorMachineError.emptyClass(isAdversarial: !label, fold: nil)) {
      try LinearSVM.train(FeatureMatrix([[0], [1]]), labels: [label, label])
    }
  }
}
