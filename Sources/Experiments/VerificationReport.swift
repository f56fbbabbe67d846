private import BiometricMetrics

/// How well distances tell pairs of one person from pairs of two.
public struct VerificationReport: Codable, Sendable {
  /// What was measured, in words.
  public var protocolName: String
  /// Pairs of one person and of two.
  public var genuinePairs, impostorPairs: Int
  /// Mean accuracy over the folds, each with the threshold of the others.
  public var accuracy: Double
  /// The standard error of that mean.
  public var standardError: Double
  /// The area under the receiver operating characteristic.
  public var areaUnderCurve: Double
  /// The rate at which false matches and false non-matches are equally frequent.
  public var equalErrorRate: Double
  /// The distance² at which they are.
  public var equalErrorThreshold: Double
  /// FNMR at fixed FMR, where there are enough pairs.
  public var falseNonMatchRates: [Rate]
  /// The mean distance² of pairs of one person and of two.
  public var genuineMean, impostorMean: Double

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
  }

  /// Measures distances of labelled pairs.
  ///
  /// - Throws: `MetricsError` if a class or a fold is empty or a distance is not finite.
  public init(
    _ protocolName: String, distances: [Double], same: [Bool], folds: [Int]
  ) throws {
    self.protocolName = protocolName
    let folded = try CrossValidatedAccuracy(
      scores: distances, labels: same, folds: folds, direction: .smallerIsPositive)
    let scores = try LabelledScores(
      scores: distances, labels: same, direction: .smallerIsPositive)
    (accuracy, standardError) = (folded.mean, folded.standardError)
    (genuinePairs, impostorPairs) = (scores.positiveCount, scores.negativeCount)
    areaUnderCurve = scores.areaUnderCurve
    equalErrorRate = scores.equalErrorRate.rate
    equalErrorThreshold = scores.equalErrorRate.threshold
    falseNonMatchRates = [1e-1, 1e-2, 1e-3].compactMap { rate in
      guard let threshold = try? scores.threshold(atFalseMatchRate: rate) else { return nil }
      let missed = scores.falseNonMatchRate(at: threshold)
      return Rate(
        fmr: rate, threshold: threshold, fnmr: missed.value, ci95: missed.clopperPearson95.ends)
    }
    func mean(_ label: Bool) -> Double {
      let chosen = zip(distances, same).filter { $0.1 == label }.map(\.0)
      return chosen.reduce(0, +) / Double(max(1, chosen.count))
    }
    (genuineMean, impostorMean) = (mean(true), mean(false))
  }

  /// The report as lines of text.
  public var text: String {
    var lines = [
      "\(protocolName): \(genuinePairs) genuine and \(impostorPairs) impostor pairs",
      "accuracy \(percent(accuracy)) ± \(percent(standardError)) (standard error over folds)",
      "AUC \(fixed(areaUnderCurve, 4)), EER \(percent(equalErrorRate)) at distance² "
        + fixed(equalErrorThreshold, 3),
      "mean distance²: genuine \(fixed(genuineMean, 3)), impostor \(fixed(impostorMean, 3))",
    ]
    for rate in falseNonMatchRates {
      lines.append(
        "FNMR \(percent(rate.fnmr)) [\(percent(rate.ci95[0])), \(percent(rate.ci95[1]))] at FMR "
          + "\(percent(rate.fmr)) (distance² < \(fixed(rate.threshold, 3)))")
    }
    return lines.joined(separator: "\n")
  }
}
