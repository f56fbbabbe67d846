/// A share of errors among trials, with its confidence intervals.
public struct ErrorRate: Equatable, Sendable {
  /// The number of wrong decisions.
  public let errors: Int
  /// The number of decisions.
  public let trials: Int

  /// Creates a rate.
  ///
  /// - Precondition: `0 <= errors`, `errors <= trials` and `trials > 0`.
  public init(errors: Int, trials: Int) {
    precondition(
      trials > 0 && (0...trials).contains(errors), "\(errors) errors in \(trials) trials")
    (self.errors, self.trials) = (errors, trials)
  }

  /// The share itself, in 0…1.
  public var value: Double { Double(errors) / Double(trials) }

  /// The 95 % Wilson score interval: short, and right on average.
  ///
  /// Reference: Wilson, "Probable inference, the law of succession, and statistical inference",
  /// 1927.
  public var wilson95: ConfidenceInterval {
    let (n, p, z) = (Double(trials), value, 1.959963984540054)
    let denominator = 1 + z * z / n
    let centre = (p + z * z / (2 * n)) / denominator
    let half = z * (p * (1 - p) / n + z * z / (4 * n * n)).squareRoot() / denominator
    return ConfidenceInterval(
      lower: errors == 0 ? 0 : max(0, centre - half),
      upper: errors == trials ? 1 : min(1, centre + half))
  }

  /// The 95 % Clopper–Pearson interval: never covers less than 95 %, hence the one to publish.
  ///
  /// Its ends are the rates at which as many, or as few, errors have probability 2.5 %.
  ///
  /// Reference: Clopper and Pearson, "The use of confidence or fiducial limits illustrated in the
  /// case of the binomial", 1934.
  public var clopperPearson95: ConfidenceInterval {
    let (k, n) = (Double(errors), Double(trials))
    return ConfidenceInterval(
      lower: errors == 0 ? 0 : betaQuantile(0.025, k, n - k + 1),
      upper: errors == trials ? 1 : betaQuantile(0.975, k + 1, n - k))
  }
}

/// A range that holds the true value with the stated confidence.
public struct ConfidenceInterval: Equatable, Sendable, Codable {
  /// The lower end.
  public let lower: Double
  /// The upper end.
  public let upper: Double

  /// Creates an interval.
  public init(lower: Double, upper: Double) { (self.lower, self.upper) = (lower, upper) }

  /// Both ends, as manifests and verdicts write them.
  public var ends: [Double] { [lower, upper] }
}
