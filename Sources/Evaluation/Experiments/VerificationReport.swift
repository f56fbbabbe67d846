public import Metrics
public import ModelStore

/// How well distances tell pairs of one person from pairs of two.
public struct VerificationReport: Codable, Sendable {
  /// What was measured, in words.
  public var protocolName: String
  /// People behind the pairs, where known: pairs that share people say less than as many others.
  public var people: Int?
  /// Pairs of one person and of two.
  public var genuinePairs, impostorPairs: Int
  /// Mean accuracy over the folds, each with the threshold of the others.
  public var accuracy: Double
  /// The standard error of that mean.
  public var standardError: Double
  /// The distance² that decided each fold.
  public var foldThresholds: [Double]
  /// The area under the receiver operating characteristic.
  public var areaUnderCurve: Double
  /// The rate at which false matches and false non-matches are equally frequent.
  public var equalErrorRate: Double
  /// The distance² at which they are.
  public var equalErrorThreshold: Double
  /// FNMR at fixed FMR, where there is at least one false match to be expected.
  public var falseNonMatchRates: [Rate]
  /// Both error rates at the model's own thresholds.
  public var operatingPoints: [PointRates]
  /// The mean distance² of pairs of one person and of two.
  public var genuineMean, impostorMean: Double
  /// The distances² of pairs of one person and of two, 0…4.
  public var genuineHistogram, impostorHistogram: Histogram
  /// All thresholds with their error rates; not part of the JSON.
  public var curve: [RatePoint] = []

  private enum CodingKeys: String, CodingKey {
    case protocolName, people, genuinePairs, impostorPairs, accuracy, standardError
    case foldThresholds, areaUnderCurve, equalErrorRate, equalErrorThreshold
    case falseNonMatchRates, operatingPoints, genuineMean, impostorMean
    case genuineHistogram, impostorHistogram
  }

  /// An error rate at a fixed other one.
  public struct Rate: Codable, Sendable {
    /// The false match rate.
    public var fmr: Double
    /// The distance² at which it was measured.
    public var threshold: Double
    /// The false non-match rate there.
    public var fnmr: Double
    /// Its 95 % confidence interval (Clopper–Pearson).
    public var ci95: [Double]
    /// Pairs of two people that the false match rate needs by the rule of 30.
    public var impostorPairsNeeded: Int
    /// Whether there are as many.
    public var isSupported: Bool
  }

  /// What one of the model's thresholds comes to on these pairs.
  public struct PointRates: Codable, Sendable {
    /// The name of the operating point.
    public var name: String
    /// Its distance².
    public var threshold: Double
    /// The false match rate here, and its 95 % confidence interval (Clopper–Pearson).
    public var fmr: Double, fmrCI95: [Double]
    /// The false non-match rate here, and its interval.
    public var fnmr: Double, fnmrCI95: [Double]
  }

  /// The mean of the distances² that decided the folds.
  public var threshold: Double {
    foldThresholds.reduce(0, +) / Double(max(1, foldThresholds.count))
  }

  /// Measures distances of labelled pairs.
  ///
  /// - Parameters:
  ///   - protocolName: what was measured, in words.
  ///   - distances: distance² of each pair.
  ///   - same: whether it shows one person.
  ///   - folds: the fold of each pair.
  ///   - balanced: the places of the pairs that the accuracy is measured on; all if nil.
  ///   - people: how many people there are behind the pairs, if known.
  ///   - points: the model's own operating points.
  /// - Throws: `MetricsError` if a class or a fold is empty or a distance is not finite.
  public init(
    _ protocolName: String, distances: [Double], same: [Bool], folds: [Int],
    balanced: [Int]? = nil, people: Int? = nil, points: [OperatingPoint] = []
  ) throws {
    (self.protocolName, self.people) = (protocolName, people)
    let chosen = balanced ?? Array(distances.indices)
    let folded = try CrossValidatedAccuracy(
      scores: chosen.map { distances[$0] }, labels: chosen.map { same[$0] },
      folds: chosen.map { folds[$0] }, direction: .smallerIsPositive)
    let scores = try LabelledScores(
      scores: distances, labels: same, direction: .smallerIsPositive)
    (accuracy, standardError) = (folded.mean, folded.standardError)
    foldThresholds = folded.thresholds
    (genuinePairs, impostorPairs) = (scores.positiveCount, scores.negativeCount)
    areaUnderCurve = scores.areaUnderCurve
    (equalErrorRate, equalErrorThreshold) = (
      scores.equalErrorRate.rate, scores.equalErrorRate.threshold
    )
    curve = scores.curve()
    falseNonMatchRates = [1e-1, 1e-2, 1e-3].compactMap { rate in
      guard let threshold = try? scores.threshold(atFalseMatchRate: rate, minimumErrors: 1)
      else { return nil }
      let missed = scores.falseNonMatchRate(at: threshold)
      let needed = LabelledScores.scoresNeeded(for: rate)
      return Rate(
        fmr: rate, threshold: threshold, fnmr: missed.value, ci95: missed.clopperPearson95.ends,
        impostorPairsNeeded: needed, isSupported: scores.negativeCount >= needed)
    }
    operatingPoints = points.map { point in
      let (matched, missed) = (
        scores.falseMatchRate(at: point.threshold), scores.falseNonMatchRate(at: point.threshold)
      )
      return PointRates(
        name: point.name, threshold: point.threshold, fmr: matched.value,
        fmrCI95: matched.clopperPearson95.ends, fnmr: missed.value,
        fnmrCI95: missed.clopperPearson95.ends)
    }
    func ofPairs(_ label: Bool) -> [Double] {
      zip(distances, same).filter { $0.1 == label }.map(\.0)
    }
    func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }
    (genuineMean, impostorMean) = (mean(ofPairs(true)), mean(ofPairs(false)))
    genuineHistogram = Histogram(ofPairs(true), binCount: 80, range: 0...4)
    impostorHistogram = Histogram(ofPairs(false), binCount: 80, range: 0...4)
  }

  /// The report as lines of text.
  public var text: String {
    var lines = [
      "\(protocolName): \(genuinePairs) genuine and \(impostorPairs) impostor pairs"
        + (people.map { " of \($0) people" } ?? ""),
      "accuracy \(percent(accuracy)) ± \(percent(standardError)) (standard error over folds)",
      "AUC \(fixed(areaUnderCurve, 4)), EER \(percent(equalErrorRate)) at distance² "
        + fixed(equalErrorThreshold, 3),
      "mean distance²: genuine \(fixed(genuineMean, 3)), impostor \(fixed(impostorMean, 3))",
    ]
    for rate in falseNonMatchRates {
      lines.append(
        "FNMR \(percent(rate.fnmr)) \(interval(rate.ci95)) at FMR \(percent(rate.fmr)) "
          + "(distance² < \(fixed(rate.threshold, 3)))"
          + (rate.isSupported
            ? "" : "; few: \(impostorPairs) impostor pairs, \(rate.impostorPairsNeeded) needed"))
    }
    for point in operatingPoints {
      lines.append(
        "at \(point.name) (distance² < \(fixed(point.threshold, 3))): FMR \(percent(point.fmr)) "
          + "\(interval(point.fmrCI95)), FNMR \(percent(point.fnmr)) \(interval(point.fnmrCI95))")
    }
    return lines.joined(separator: "\n")
  }
}
