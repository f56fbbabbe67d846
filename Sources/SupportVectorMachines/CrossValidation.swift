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
    precondition(
      labels.count == features.rows && folds.count == features.rows,
      "\(features.rows) rows, \(labels.count) labels, \(folds.count) folds")
    let numbers = Set(folds).sorted()
    guard numbers.count >= 2 else { throw .tooFewFolds(found: numbers.count) }
    var values = [Double](repeating: 0, count: features.rows)
    for fold in numbers {
      let training = folds.indices.filter { folds[$0] != fold }
      let trainingLabels = training.map { labels[$0] }
      for isAdversarial in [false, true] where !trainingLabels.contains(isAdversarial) {
        throw .emptyClass(isAdversarial: isAdversarial, fold: fold)
      }
      var examples = features.selecting(rows: training)
      var scaler: FeatureScaler?
      if let scaling {
        let fitted = try FeatureScaler(fitting: examples, method: scaling)
        examples = fitted.scaled(examples)
        scaler = fitted
      }
      let model = try LinearSVM.train(examples, labels: trainingLabels, options: options)
      for row in folds.indices where folds[row] == fold {
        let vector = Array(features[row: row])
        values[row] = model.decisionValue(scaler?.scaled(vector) ?? vector)
      }
    }
    return values
  }

  /// Tries each cost of a grid and returns them with their cross-validated accuracy.
  ///
  /// - Precondition: as many labels and folds as rows.
  /// - Throws: ``SupportVectorMachineError``, also if `costs` is empty.
  public static func search(
    costs: [Double], _ features: FeatureMatrix, labels: [Bool], folds: [Int],
    options: TrainingOptions, scaling: FeatureScaler.Method? = nil
  ) throws(SupportVectorMachineError) -> CostSearch {
    var trials: [CostSearch.Trial] = []
    for cost in costs.sorted() {
      var options = options
      options.cost = cost
      let values = try decisionValues(
        features, labels: labels, folds: folds, options: options, scaling: scaling)
      trials.append(
        CostSearch.Trial(
          cost: cost, balancedAccuracy: balancedAccuracy(of: values, labels: labels)))
    }
    guard let first = trials.first else { throw .noCosts }
    // Of equally good costs the smallest: its model has the smallest weights.
    let best = trials.reduce(first) { $1.balancedAccuracy > $0.balancedAccuracy ? $1 : $0 }
    return CostSearch(trials: trials, best: best)
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
public struct CostSearch: Equatable, Sendable, Codable {
  /// One cost and how well it did.
  public struct Trial: Equatable, Sendable, Codable {
    /// The cost C.
    public let cost: Double
    /// The cross-validated balanced accuracy at decision value 0; 0.5 is chance.
    public let balancedAccuracy: Double
  }

  /// All trials, by ascending cost.
  public let trials: [Trial]
  /// The most accurate trial; of several the one with the smallest cost.
  public let best: Trial
}
