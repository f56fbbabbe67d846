/// Labelled rows that several models are fitted to, each to some of them.
struct CrossValidatedProblem {
  /// A model, and what brings features to its scale.
  struct Model {
    let machine: LinearSVM
    let scaler: FeatureScaler?

    func decisionValue(_ features: [Float]) -> Double {
      machine.decisionValue(scaler?.scaled(features) ?? features)
    }
  }

  let features: FeatureMatrix
  let labels: [Bool]
  private let scaling: FeatureScaler.Method?
  /// The features for the solver, which all models share; nil where each scales them anew.
  private let examples: SparseExamples?

  init(_ features: FeatureMatrix, labels: [Bool], scaling: FeatureScaler.Method?) {
    (self.features, self.labels, self.scaling) = (features, labels, scaling)
    examples = scaling == nil ? SparseExamples(features) : nil
  }

  /// Fits a model to some rows.
  ///
  /// - `outside`: the fold that is left out, if one is, for the error's sake.
  /// - Throws: ``SupportVectorMachineError``, also if a class is empty.
  func model(
    of rows: [Int], _ options: TrainingOptions, outside fold: Int? = nil
  ) throws(SupportVectorMachineError) -> Model {
    let ownLabels = rows.map { labels[$0] }
    for isAdversarial in [false, true] where !ownLabels.contains(isAdversarial) {
      throw .emptyClass(isAdversarial: isAdversarial, fold: fold)
    }
    if let examples {
      return Model(
        machine: try LinearSVM.train(examples, rows: rows, labels: ownLabels, options: options),
        scaler: nil)
    }
    var own = features.selecting(rows: rows)
    var scaler: FeatureScaler?
    if let scaling {
      let fitted = try FeatureScaler(fitting: own, method: scaling)
      own = fitted.scaled(own)
      scaler = fitted
    }
    return Model(
      machine: try LinearSVM.train(own, labels: ownLabels, options: options), scaler: scaler)
  }
}
