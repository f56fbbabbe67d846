/// The words of ISO/IEC 19795-1: positives are mated pairs, negatives are non-mated pairs.
extension LabelledScores {
  /// Collects the scores of mated pairs (same person) and non-mated pairs (two people).
  ///
  /// - Throws: ``MetricsError`` if a class is empty or a score is not finite.
  public init(
    mated: [Double], nonMated: [Double], direction: ScoreDirection
  ) throws(MetricsError) {
    try self.init(positives: mated, negatives: nonMated, direction: direction)
  }

  /// Returns the false match rate: the share of non-mated pairs taken for one person.
  public func falseMatchRate(at threshold: Double) -> ErrorRate { falseAlarmRate(at: threshold) }

  /// Returns the false non-match rate: the share of mated pairs taken for two people.
  public func falseNonMatchRate(at threshold: Double) -> ErrorRate { missRate(at: threshold) }

  /// Returns the most lenient threshold whose false match rate is at most `rate`.
  ///
  /// - Throws: ``MetricsError/tooFewScores(className:rate:needed:found:)``, see ``ruleOf30``.
  public func threshold(
    atFalseMatchRate rate: Double, minimumErrors: Int = ruleOf30
  ) throws(MetricsError) -> Double {
    try threshold(atFalseAlarmRate: rate, minimumErrors: minimumErrors)
  }

  /// Returns the false non-match rate at the threshold for a false match rate.
  ///
  /// - Throws: ``MetricsError/tooFewScores(className:rate:needed:found:)``, see ``ruleOf30``.
  public func falseNonMatchRate(
    atFalseMatchRate rate: Double, minimumErrors: Int = ruleOf30
  ) throws(MetricsError) -> ErrorRate {
    missRate(at: try threshold(atFalseAlarmRate: rate, minimumErrors: minimumErrors))
  }
}
