private import LinearMachines
private import Metrics
public import Screening

/// A pair's detector fitted to claims, with what it would have said of each had it not seen it.
public struct PairDetectorFit: Sendable {
  /// The detector, from all pairs.
  public let detector: PairDetector
  /// For each pair the probability of tampering, its claim judged by a machine that saw no pair of its
  /// fold.
  public let unseen: [Double]

  /// The share of genuine pairs at which both checks are brought to one scale.
  static let share = 0.005

  /// Fits the claim's machine, brings both checks to one scale, and calibrates the larger one.
  ///
  /// - `pairs`: their pictures' log-odds come from detectors that have not seen them.
  /// - Throws: `SupportVectorMachineError` if there are no attacks, no genuine pairs, or one fold only.
  public init(_ pairs: [ClaimedPairs.Pair]) throws {
    let labels = pairs.map(\.species.isAdversarial)
    let (attacks, genuine) = (labels.count { $0 }, pairs.count(where: \.isGenuine))
    guard attacks > 0, genuine > 0 else {
      throw SupportVectorMachineError.emptyClass(isAdversarial: attacks == 0, fold: nil)
    }
    var options = TrainingOptions(
      solver: .l2LogisticRegression, cost: 1,
      adversarialWeight: Double(labels.count - attacks) / Double(attacks))
    let folds = pairs.map(\.fold)
    let distances = FeatureMatrix(pairs.map { [$0.distance, $0.witnessDistance] })
    let claims = try CrossValidation.decisionValues(
      distances, labels: labels, folds: folds, options: options)
    let claim = try LinearSVM.train(distances, labels: labels, options: options)
    // Where so small a share of genuine pairs lies above, one check is as strict as the other.
    func limit(_ values: [Double]) -> Double {
      let own = zip(pairs, values).filter(\.0.isGenuine).map(\.1).sorted()
      return own[max(0, own.count - 1 - Int(Self.share * Double(own.count)))]
    }
    let offset = limit(claims) - limit(pairs.map(\.logOdds))
    let larger = zip(pairs, claims).map { max($0.logOdds + offset, $1) }
    options.adversarialWeight = 1
    let calibration = try LinearSVM.train(
      FeatureMatrix(rows: larger.count, columns: 1, elements: larger.map { Float($0) }),
      labels: labels, options: options)
    // Attacks that are no more suspicious than other pairs leave no scale to calibrate.
    let slope = max(1e-3, calibration.weights[0])
    detector = PairDetector(
      claim: claim, offset: offset, slope: slope, intercept: calibration.bias)
    let (kept, bias) = (detector.slope, detector.intercept)
    unseen = larger.map { TamperingScore.probability(logOdds: kept * $0 + bias) }
  }
}
