private import KernelSupport

/// Decision values for examples that the deciding model never saw.
public enum CrossValidation {
  /// Returns a decision value for each row, from a model trained on all other folds.
  ///
  /// Rows of one subject belong in one fold; random folds by row leak identities.
  ///
  /// - Parameters:
  ///   - features: the feature vectors.
  ///   - labels: true for adversarial rows.
  ///   - folds: the fold of each row; any numbers.
  ///   - options: the hyper-parameters of every fold's model.
  ///   - scaling: the scaler that is fitted anew to each fold's training rows, if any.
  /// - Returns: one value per row; larger is more suspicious.
  /// - Precondition: as many labels and folds as rows.
  /// - Throws: ``SupportVectorMachineError`` if there are fewer than two folds or the training
  ///   rows of one lack a class.
  public static func decisionValues(
    _ features: FeatureMatrix, labels: [Bool], folds: [Int], options: TrainingOptions,
    scaling: FeatureScaler.Method? = nil
  ) throws(SupportVectorMachineError) -> [Double] {
    try check(features, labels: labels, folds: folds)
    return try decisionValues(
      features, scaling == nil ? SparseExamples(features) : nil, labels: labels, folds: folds,
      options: options, scaling: scaling)
  }

  /// The same; `examples` are the features for the solver, which all folds share, and nil where each
  /// fold scales them anew.
  private static func decisionValues(
    _ features: FeatureMatrix, _ examples: SparseExamples?, labels: [Bool], folds: [Int],
    options: TrainingOptions, scaling: FeatureScaler.Method?
  ) throws(SupportVectorMachineError) -> [Double] {
    let numbers = Set(folds).sorted()
    let parts = try WorkerPool.shared.map(numbers.count) {
      number throws(SupportVectorMachineError) -> [(row: Int, value: Double)] in
      let fold = numbers[number]
      let training = folds.indices.filter { folds[$0] != fold }
      let trainingLabels = training.map { labels[$0] }
      for isAdversarial in [false, true] where !trainingLabels.contains(isAdversarial) {
        throw .emptyClass(isAdversarial: isAdversarial, fold: fold)
      }
      var scaler: FeatureScaler?
      let model: LinearSVM
      if let examples {
        model = try LinearSVM.train(
          examples, rows: training, labels: trainingLabels, options: options)
      } else {
        var own = features.selecting(rows: training)
        if let scaling {
          let fitted = try FeatureScaler(fitting: own, method: scaling)
          own = fitted.scaled(own)
          scaler = fitted
        }
        model = try LinearSVM.train(own, labels: trainingLabels, options: options)
      }
      return folds.indices.filter { folds[$0] == fold }.map { row in
        let vector = Array(features[row: row])
        return (row, model.decisionValue(scaler?.scaled(vector) ?? vector))
      }
    }
    var values = [Double](repeating: 0, count: features.rows)
    for (row, value) in parts.joined() { values[row] = value }
    return values
  }

  /// Tries each cost of a grid, and says how accurate it is on rows that its models never saw.
  ///
  /// - Parameters:
  ///   - costs: the grid.
  ///   - features: the feature vectors.
  ///   - labels: true for adversarial rows.
  ///   - folds: the fold of each row; any numbers.
  ///   - options: the other hyper-parameters.
  ///   - scaling: the scaler that is fitted anew to each fold's training rows, if any.
  ///   - progress: called after each trial.
  /// - Returns: every trial, the best of them, and its decision values.
  /// - Precondition: as many labels and folds as rows.
  /// - Throws: ``SupportVectorMachineError``, also if `costs` is empty.
  public static func search(
    costs: [Double], _ features: FeatureMatrix, labels: [Bool], folds: [Int],
    options: TrainingOptions, scaling: FeatureScaler.Method? = nil,
    progress: (CostSearch.Trial) -> Void = { _ in }
  ) throws(SupportVectorMachineError) -> CostSearch {
    try check(features, labels: labels, folds: folds)
    let examples = scaling == nil ? SparseExamples(features) : nil
    var trials: [CostSearch.Trial] = []
    var best: (trial: CostSearch.Trial, values: [Double])?
    for cost in costs.sorted() {
      var options = options
      options.cost = cost
      let values = try decisionValues(
        features, examples, labels: labels, folds: folds, options: options, scaling: scaling)
      let trial = CostSearch.Trial(
        cost: cost, balancedAccuracy: balancedAccuracy(of: values, labels: labels))
      trials.append(trial)
      // Of equally good costs the smallest: its model has the smallest weights.
      if trial.balancedAccuracy > best?.trial.balancedAccuracy ?? -1 { best = (trial, values) }
      progress(trial)
    }
    guard let best else { throw .noCosts }
    return CostSearch(trials: trials, best: best.trial, values: best.values)
  }

  /// Refuses what no folds can be made of.
  private static func check(
    _ features: FeatureMatrix, labels: [Bool], folds: [Int]
  ) throws(SupportVectorMachineError) {
    precondition(
      labels.count == features.rows && folds.count == features.rows,
      "\(features.rows) rows, \(labels.count) labels, \(folds.count) folds")
    let count = Set(folds).count
    guard count >= 2 else { throw .tooFewFolds(found: count) }
    try features.requireFinite()
  }

  /// The mean of the shares of rightly decided adversarial and bona fide rows, at threshold 0.
  static func balancedAccuracy(of values: [Double], labels: [Bool]) -> Double {
    let shares = [true, false].map { label in
      let own = labels.indices.filter { labels[$0] == label }
      return Double(own.count { (values[$0] > 0) == label }) / Double(own.count)
    }
    return (shares[0] + shares[1]) / 2
  }
}

/// The result of trying several costs.
public struct CostSearch: Equatable, Sendable {
  /// One cost and how well it did.
  public struct Trial: Equatable, Sendable {
    /// The cost C.
    public let cost: Double
    /// The cross-validated balanced accuracy at decision value 0; 0.5 is chance.
    public let balancedAccuracy: Double
  }

  /// All trials, by ascending cost.
  public let trials: [Trial]
  /// The most accurate trial; of several the one with the smallest cost.
  public let best: Trial
  /// The best trial's decision value for each row, from a model that never saw it.
  public let values: [Double]
}
