private import AdversarialAttacks
private import AdversarialDetection
private import BiometricMetrics
public import SupportVectorMachines

/// Table 4: the detector on an attack set, fold by fold.
public struct DetectionReport: Codable, Sendable {
  /// What was measured at one threshold of the attacks.
  public struct Row: Codable, Sendable {
    /// The threshold.
    public var theta: Float
    /// Adversarial pictures, and as many sources.
    public var pictures: Int
    /// The accuracy of the machine's own decisions on folds it has not seen.
    public var accuracy: Double
    /// The standard error of the mean over the folds.
    public var standardError: Double
    /// The area under the receiver operating characteristic.
    public var areaUnderCurve: Double
    /// The equal error rate.
    public var equalErrorRate: Double
    /// APCER at BPCER 5 %, with the threshold on the pooled scores of the unseen folds, if the
    /// pictures suffice.
    public var apcerAtBPCER5: Double?
    /// The same machine on LBP(x) alone and on LBP(x̂) alone: accuracy.
    public var accuracyOfPictures, accuracyOfReconstructions: Double
    /// The accuracy of the identity gap alone, threshold from the other folds.
    public var accuracyOfIdentityGap: Double
    /// The paper's accuracy; nil where its table gives none.
    public var paper: Double?
  }

  /// A row for each threshold.
  public var rows: [Row]
  /// C of the machines.
  public var cost: Double

  /// The accuracies of the paper's Table 4; those of 0.6 and 0.8 are read into a damaged head.
  public static let paper: [Float: Double] = [0.4: 0.9241, 0.6: 0.8718, 0.8: 0.8258]

  /// Trains on all folds but one and decides that one, for each threshold on its own.
  ///
  /// - Throws: `SupportVectorMachineError` or `MetricsError` if a fold lacks examples.
  public init(
    _ examples: DetectionExamples, thetas: [Float], options: TrainingOptions
  ) throws {
    cost = options.cost
    rows = try thetas.sorted().map { theta in
      let chosen = examples.balanced(theta: theta)
      let labels = chosen.map { $0.theta != nil }
      let folds = chosen.map { $0.pair.fold ?? 0 }
      func accuracy(_ columns: (Int) -> Range<Int>) throws -> (values: [Double], folds: [Double]) {
        let matrix = FeatureMatrix(chosen.map { Array($0.features[columns($0.features.count)]) })
        let values = try CrossValidation.decisionValues(
          matrix, labels: labels, folds: folds, options: options)
        let byFold = Set(folds).sorted().map { fold in
          let own = folds.indices.filter { folds[$0] == fold }
          return Double(own.count { (values[$0] > 0) == labels[$0] }) / Double(own.count)
        }
        return (values, byFold)
      }
      let both = try accuracy { 0..<$0 }
      let mean = both.folds.reduce(0, +) / Double(both.folds.count)
      let spread = both.folds.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
      let count = Double(both.folds.count)
      let scores = try LabelledScores(
        scores: both.values, labels: labels, direction: .largerIsPositive)
      func average(_ folds: [Double]) -> Double { folds.reduce(0, +) / Double(folds.count) }
      return Row(
        theta: theta, pictures: labels.count { $0 }, accuracy: mean,
        standardError: (spread / (count - 1) / count).squareRoot(),
        areaUnderCurve: scores.areaUnderCurve, equalErrorRate: scores.equalErrorRate.rate,
        apcerAtBPCER5: try? scores.apcer(atBPCER: 0.05).value,
        accuracyOfPictures: average(try accuracy { 0..<$0 / 2 }.folds),
        accuracyOfReconstructions: average(try accuracy { $0 / 2..<$0 }.folds),
        accuracyOfIdentityGap: try CrossValidatedAccuracy(
          scores: chosen.map(\.identityGap), labels: labels, folds: folds,
          direction: .largerIsPositive
        ).mean,
        paper: Self.paper[theta])
    }
  }

  /// The report as lines of text.
  public var text: String {
    var lines = [
      "LBP(x), LBP(x̂) and a linear machine, C = \(cost); ten folds, balanced classes",
      "theta  pictures  accuracy          paper    AUC     EER      APCER@BPCER5%  "
        + "LBP(x)   LBP(x̂)  identity gap",
    ]
    for row in rows {
      lines.append(
        "\(fixed(Double(row.theta), 1))    \(row.pictures)       "
          + "\(percent(row.accuracy)) ± \(percent(row.standardError))  "
          + (row.paper.map { percent($0) } ?? "–      ") + "  \(fixed(row.areaUnderCurve, 4))  "
          + "\(percent(row.equalErrorRate))  "
          + (row.apcerAtBPCER5.map { percent($0) } ?? "too few") + "        "
          + "\(percent(row.accuracyOfPictures))  \(percent(row.accuracyOfReconstructions))  "
          + percent(row.accuracyOfIdentityGap))
    }
    return lines.joined(separator: "\n")
  }
}
