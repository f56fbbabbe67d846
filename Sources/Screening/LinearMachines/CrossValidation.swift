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
    return try decide(
      CrossValidatedProblem(features, labels: labels, scaling: scaling), folds, options
    ).values
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
  ///   - progress: called after each cost.
  /// - Returns: every trial, the best of them, and its decision values.
  /// - Precondition: as many labels and folds as rows.
  /// - Throws: ``SupportVectorMachineError``, also if `costs` is empty.
  public static func search(
    costs: [Double], _ features: FeatureMatrix, labels: [Bool], folds: [Int],
    options: TrainingOptions, scaling: FeatureScaler.Method? = nil,
    progress: (CostSearch.Trial) -> Void = { _ in }
  ) throws(SupportVectorMachineError) -> CostSearch {
    try check(features, labels: labels, folds: folds)
    return try search(
      costs, CrossValidatedProblem(features, labels: labels, scaling: scaling), folds, options,
      fitsAll: false, progress
    ).search
  }

  /// The same, and a model of the best cost from all rows, with the scaler that belongs to it.
  ///
  /// Of one cost alone, that model is fitted beside those of the folds.
  ///
  /// - Throws: ``SupportVectorMachineError``, also if `costs` is empty.
  public static func fit(
    costs: [Double], _ features: FeatureMatrix, labels: [Bool], folds: [Int],
    options: TrainingOptions, scaling: FeatureScaler.Method? = nil,
    progress: (CostSearch.Trial) -> Void = { _ in }
  ) throws(SupportVectorMachineError) -> (
    search: CostSearch, machine: LinearSVM, scaler: FeatureScaler?
  ) {
    try check(features, labels: labels, folds: folds)
    let problem = CrossValidatedProblem(features, labels: labels, scaling: scaling)
    let (search, whole) = try search(
      costs, problem, folds, options, fitsAll: costs.count == 1, progress)
    if let whole { return (search, whole.machine, whole.scaler) }
    var options = options
    options.cost = search.best.cost
    let chosen = try problem.model(of: Array(labels.indices), options)
    return (search, chosen.machine, chosen.scaler)
  }

  private static func search(
    _ costs: [Double], _ problem: CrossValidatedProblem, _ folds: [Int],
    _ options: TrainingOptions, fitsAll: Bool, _ progress: (CostSearch.Trial) -> Void
  ) throws(SupportVectorMachineError) -> (
    search: CostSearch, whole: CrossValidatedProblem.Model?
  ) {
    var trials: [CostSearch.Trial] = []
    var best: (trial: CostSearch.Trial, values: [Double])?
    var whole: CrossValidatedProblem.Model?
    for cost in costs.sorted() {
      var options = options
      options.cost = cost
      let decided = try decide(problem, folds, options, fitsAll: fitsAll)
      let trial = CostSearch.Trial(
        cost: cost,
        balancedAccuracy: balancedAccuracy(of: decided.values, labels: problem.labels))
      trials.append(trial)
      // Of equally good costs the smallest: its model has the smallest weights.
      if trial.balancedAccuracy > best?.trial.balancedAccuracy ?? -1 {
        (best, whole) = ((trial, decided.values), decided.whole)
      }
      progress(trial)
    }
    guard let best else { throw .noCosts }
    return (CostSearch(trials: trials, best: best.trial, values: best.values), whole)
  }

  /// A value for each row from a model of the other folds, and, where asked, a model of all rows.
  private static func decide(
    _ problem: CrossValidatedProblem, _ folds: [Int], _ options: TrainingOptions,
    fitsAll: Bool = false
  ) throws(SupportVectorMachineError) -> (values: [Double], whole: CrossValidatedProblem.Model?) {
    let numbers = Set(folds).sorted()
    let models = try WorkerPool.shared.map(numbers.count + (fitsAll ? 1 : 0)) {
      number throws(SupportVectorMachineError) -> CrossValidatedProblem.Model in
      guard number < numbers.count else {
        return try problem.model(of: Array(folds.indices), options)
      }
      let fold = numbers[number]
      return try problem.model(
        of: folds.indices.filter { folds[$0] != fold }, options, outside: fold)
    }
    let places = Dictionary(uniqueKeysWithValues: numbers.enumerated().map { ($1, $0) })
    let values = folds.indices.map { row in
      guard let place = places[folds[row]] else { preconditionFailure("a row of no fold") }
      return models[place].decisionValue(Array(problem.features[row: row]))
    }
    return (values, fitsAll ? models.last : nil)
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
