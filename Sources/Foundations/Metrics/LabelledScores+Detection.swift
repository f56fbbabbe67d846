/// The words of ISO/IEC 30107-3: positives are attacks, negatives are bona fide pictures.
///
/// The standard speaks of presentations to a sensor; here its arithmetic is used for adversarial
/// pictures that are injected behind it. APCER is stated per attack species, never pooled.
extension LabelledScores {
  /// Collects the scores of adversarial pictures of one species and of bona fide pictures.
  ///
  /// - Throws: ``MetricsError`` if a class is empty or a score is not finite.
  public init(
    adversarial: [Double], bonaFide: [Double], direction: ScoreDirection
  ) throws(MetricsError) {
    try self.init(positives: adversarial, negatives: bonaFide, direction: direction)
  }

  /// Returns the share of adversarial pictures taken for bona fide ones.
  public func apcer(at threshold: Double) -> ErrorRate { missRate(at: threshold) }

  /// Returns the share of bona fide pictures taken for adversarial ones.
  public func bpcer(at threshold: Double) -> ErrorRate { falseAlarmRate(at: threshold) }

  /// Returns the most suspicious threshold that refuses at most this share of bona fide pictures.
  ///
  /// - Throws: ``MetricsError/tooFewScores(className:rate:needed:found:)``, see ``ruleOf30``.
  public func threshold(
    atBPCER rate: Double, minimumErrors: Int = ruleOf30
  ) throws(MetricsError) -> Double {
    try threshold(atFalseAlarmRate: rate, minimumErrors: minimumErrors)
  }

  /// Returns the APCER at the threshold for a BPCER.
  ///
  /// - Throws: ``MetricsError/tooFewScores(className:rate:needed:found:)``, see ``ruleOf30``.
  public func apcer(
    atBPCER rate: Double, minimumErrors: Int = ruleOf30
  ) throws(MetricsError) -> ErrorRate {
    missRate(at: try threshold(atFalseAlarmRate: rate, minimumErrors: minimumErrors))
  }
}
