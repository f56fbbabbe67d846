/// Which end of a score's scale speaks for the positive class.
///
/// The decision is strict at either end: a score equal to the threshold is negative.
public enum ScoreDirection: String, Sendable, Codable {
  /// Positive where score > threshold: similarities, suspicion.
  case largerIsPositive
  /// Positive where score < threshold: distances.
  case smallerIsPositive

  /// Returns whether `score` is decided as positive at `threshold`.
  public func isPositive(_ score: Double, threshold: Double) -> Bool {
    switch self {
    case .largerIsPositive: score > threshold
    case .smallerIsPositive: score < threshold
    }
  }

  /// The score on a scale where larger is positive; its own inverse.
  func oriented(_ score: Double) -> Double {
    // A subtraction, because −0 would be written as "-0" wherever a threshold is printed.
    self == .largerIsPositive ? score : 0 - score
  }
}
