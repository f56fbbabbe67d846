import LinearMachines
import Testing

@Suite struct CrossValidationTests {
  @Test(
    "each value comes from the model of the other folds",
    arguments: [nil, .standard] as [FeatureScaler.Method?], LinearSolver.allCases)
  func outOfFold(scaling: FeatureScaler.Method?, solver: LinearSolver) throws {
    let (features, labels) = clouds(rows: 60, columns: 4, distance: 0.2, seed: 11)
    let folds = (0..<60).map { $0 % 3 * 10 }
    let options = TrainingOptions(solver: solver)
    let values = try CrossValidation.decisionValues(
      features, labels: labels, folds: folds, options: options, scaling: scaling)
    for fold in [0, 10, 20] {
      let others = folds.indices.filter { folds[$0] != fold }
      let training = features.selecting(rows: others)
      let scaler = try scaling.map { try FeatureScaler(fitting: training, method: $0) }
      let model = try LinearSVM.train(
        scaler?.scaled(training) ?? training, labels: others.map { labels[$0] }, options: options)
      let scaled = scaler?.scaled(features) ?? features
      for row in folds.indices where folds[row] == fold {
        #expect(values[row] == model.decisionValue(scaled[row: row]))
      }
    }
  }

  @Test("a feature that names the fold does not help") func noLeak() throws {
    // Row r has a feature of its own group; labels follow the group, which no other fold shows.
    let rows = (0..<40).map { row in (0..<10).map { $0 == row / 4 ? Float(1) : 0 } }
    let labels = (0..<40).map { $0 / 4 % 2 == 0 }
    let values = try CrossValidation.decisionValues(
      FeatureMatrix(rows), labels: labels, folds: (0..<40).map { $0 / 4 },
      options: TrainingOptions())
    // The model knows only its bias, which leans to the class the fold was taken from least.
    #expect(zip(values, labels).count { ($0 > 0) == $1 } == 0)
  }

  @Test("the search returns every cost, the best of them and its values") func search() throws {
    let (features, labels) = clouds(rows: 200, columns: 3, distance: 0.2, seed: 12)
    let folds = (0..<200).map { $0 % 5 }
    var told: [CostSearch.Trial] = []
    let search = try CrossValidation.search(
      costs: [10, 1e-3, 0.1], features, labels: labels, folds: folds, options: TrainingOptions()
    ) { told.append($0) }
    #expect(search.trials.map(\.cost) == [1e-3, 0.1, 10])
    #expect(told == search.trials)
    #expect(
      try CrossValidation.decisionValues(
        features, labels: labels, folds: folds, options: TrainingOptions(cost: search.best.cost))
        == search.values)
    let accuracies = search.trials.map(\.balancedAccuracy)
    #expect(search.best.balancedAccuracy == accuracies.max())
    #expect(search.best.cost == search.trials.first { $0 == search.best }?.cost)
    #expect(search.best.balancedAccuracy > 0.8)
  }

  @Test(
    "a fit is the search and the model of the best cost from all rows",
    arguments: [[0.1], [10, 1e-3, 0.1]], [FeatureScaler.Method?.none, .standard])
  func fit(costs: [Double], scaling: FeatureScaler.Method?) throws {
    let (features, labels) = clouds(rows: 120, columns: 3, distance: 0.2, seed: 14)
    let folds = (0..<120).map { $0 % 4 }
    let options = TrainingOptions(solver: .l2RegularizedL2LossPrimal)
    let fit = try CrossValidation.fit(
      costs: costs, features, labels: labels, folds: folds, options: options, scaling: scaling)
    let search = try CrossValidation.search(
      costs: costs, features, labels: labels, folds: folds, options: options, scaling: scaling)
    #expect(fit.search == search)
    var best = options
    best.cost = search.best.cost
    let scaler = try scaling.map { try FeatureScaler(fitting: features, method: $0) }
    #expect(fit.scaler == scaler)
    #expect(
      fit.machine
        == (try LinearSVM.train(
          scaler?.scaled(features) ?? features, labels: labels, options: best)))
  }

  @Test("of equally good costs the smallest wins") func tie() throws {
    let (features, labels) = clouds(rows: 60, columns: 3, distance: 1.1, seed: 13)
    let search = try CrossValidation.search(
      costs: [100, 1, 10], features, labels: labels, folds: (0..<60).map { $0 % 2 },
      options: TrainingOptions())
    #expect(search.trials.map(\.balancedAccuracy) == [1, 1, 1])
    #expect(search.best.cost == 1)
  }

  @Test("folds that cannot work are refused") func refused() {
    let features = FeatureMatrix([[0], [1]])
    #expect(throws: SupportVectorMachineError.tooFewFolds(found: 1)) {
      try CrossValidation.decisionValues(
        features, labels: [true, false], folds: [4, 4], options: TrainingOptions())
    }
    #expect(throws: SupportVectorMachineError.emptyClass(isAdversarial: true, fold: 4)) {
      try CrossValidation.decisionValues(
        features, labels: [true, false], folds: [4, 5], options: TrainingOptions())
    }
    #expect(throws: SupportVectorMachineError.noCosts) {
      try CrossValidation.search(
        costs: [], features, labels: [true, false], folds: [4, 5], options: TrainingOptions())
    }
  }
}
