extension LabelledScores {
  /// The errors that must be expected before a rate is trusted: the rule of 30.
  ///
  /// With at least 30 errors the true rate lies within ±30 % of the measured one with 90 %
  /// confidence.
  ///
  /// Reference: Doddington et al., "The NIST speaker recognition evaluation", 2000; ISO/IEC
  /// 19795-1, annex B.
  public static let ruleOf30 = 30

  /// Returns the number of scores that an error rate needs for `errors` expected errors.
  public static func scoresNeeded(for rate: Double, errors: Int = ruleOf30) -> Int {
    precondition(rate > 0 && rate <= 1, "error rate \(rate) is not in 0…1, 0 excluded")
    // 30 / 0.01 is a little above 3000 in binary; such dust must not cost a score.
    return Int((Double(errors) / rate * (1 - 1e-12)).rounded(.up))
  }

  /// Returns the most lenient threshold whose false alarm rate is at most `rate`.
  ///
  /// It is one of the negative scores, or lies just before all scores where `rate` is 1.
  ///
  /// - Throws: ``MetricsError/tooFewScores(className:rate:needed:found:)`` if fewer than
  ///   `minimumErrors` false alarms would be expected; 0 switches the refusal off.
  public func threshold(
    atFalseAlarmRate rate: Double, minimumErrors: Int = ruleOf30
  ) throws(MetricsError) -> Double {
    try requireScores(negatives.count, "negative", rate, minimumErrors)
    let score =
      try Self.threshold(ofNegatives: negatives, exceededByAtMost: rate)
      ?? min(positives[0], negatives[0]).nextDown
    return direction.oriented(score)
  }

  /// Returns the lowest of these scores that at most this share of them exceeds; nil if all may.
  ///
  /// The one rule for thresholds of a false alarm rate, where larger scores are positive.
  ///
  /// - `negatives`: ascending.
  /// - Throws: ``MetricsError/emptyClass(_:)`` if there is none.
  public static func threshold(
    ofNegatives negatives: [Double], exceededByAtMost rate: Double
  ) throws(MetricsError) -> Double? {
    guard !negatives.isEmpty else { throw .emptyClass("negative") }
    let allowed = allowedErrors(rate, of: negatives.count)
    // Above the score at this place lie exactly the allowed ones, or fewer if it is tied.
    return allowed == negatives.count ? nil : negatives[negatives.count - 1 - allowed]
  }

  /// Returns the strictest threshold whose miss rate is at most `rate`.
  ///
  /// - Throws: ``MetricsError/tooFewScores(className:rate:needed:found:)`` as above.
  public func threshold(
    atMissRate rate: Double, minimumErrors: Int = ruleOf30
  ) throws(MetricsError) -> Double {
    try requireScores(positives.count, "positive", rate, minimumErrors)
    let allowed = Self.allowedErrors(rate, of: positives.count)
    let score =
      allowed == positives.count
      ? max(positives[positives.count - 1], negatives[negatives.count - 1])
      : positives[allowed].nextDown
    return direction.oriented(score)
  }

  private func requireScores(
    _ found: Int, _ name: String, _ rate: Double, _ minimumErrors: Int
  ) throws(MetricsError) {
    let needed = Self.scoresNeeded(for: rate, errors: minimumErrors)
    guard found >= needed else {
      throw .tooFewScores(className: name, rate: rate, needed: needed, found: found)
    }
  }

  /// ⌊rate · count⌋, forgiving the dust of a product such as 0.29 · 100.
  private static func allowedErrors(_ rate: Double, of count: Int) -> Int {
    min(count, Int((rate * Double(count) * (1 + 1e-12)).rounded(.down)))
  }
}
