/// One point of a ROC or DET curve.
public struct RatePoint: Equatable, Sendable, Codable {
  /// The threshold, on the caller's scale.
  public let threshold: Double
  /// The share of positives decided as negative: FNMR or APCER.
  public let missRate: Double
  /// The share of negatives decided as positive: FMR or BPCER.
  public let falseAlarmRate: Double

  /// Creates a point.
  public init(threshold: Double, missRate: Double, falseAlarmRate: Double) {
    (self.threshold, self.missRate, self.falseAlarmRate) = (threshold, missRate, falseAlarmRate)
  }

  /// The share of positives decided as positive: the ROC curve's ordinate.
  public var detectionRate: Double { 1 - missRate }
}

/// The rate at which misses and false alarms are equally frequent.
public struct EqualErrorRate: Equatable, Sendable, Codable {
  /// The rate, in 0…1.
  public let rate: Double
  /// A threshold between the two curve points that enclose it, on the caller's scale.
  public let threshold: Double

  /// Creates a rate.
  public init(rate: Double, threshold: Double) { (self.rate, self.threshold) = (rate, threshold) }
}
