public import Reports

/// How much more an attack has to change that knows the detector.
public struct AdaptiveReport: ExperimentReport, Codable, Sendable {
  /// One pair.
  public struct Pair: Codable, Sendable {
    /// The pair's name.
    public var id: String
    /// The root mean square of the plain attack's change, in grey levels, and the probability of
    /// tampering that the detector gives it.
    public var plainRMS, plainProbability: Double
    /// The same of the attack that knows the detector; nil if it found nothing.
    public var adaptiveRMS, adaptiveProbability: Double?

    /// Creates a pair.
    public init(
      id: String, plainRMS: Double, plainProbability: Double, adaptiveRMS: Double?,
      adaptiveProbability: Double?
    ) {
      self.id = id
      (self.plainRMS, self.plainProbability) = (plainRMS, plainProbability)
      (self.adaptiveRMS, self.adaptiveProbability) = (adaptiveRMS, adaptiveProbability)
    }
  }

  /// The distance² to undercut.
  public var theta: Float
  /// The probability from which the detector refuses, and the name of its operating point.
  public var threshold: Double
  public var point: String
  /// Gradients for each pair.
  public var iterations: Int
  /// The pairs.
  public var pairs: [Pair]

  /// Creates a report.
  public init(
    theta: Float, threshold: Double, point: String, iterations: Int, pairs: [Pair]
  ) {
    (self.theta, self.threshold, self.point) = (theta, threshold, point)
    (self.iterations, self.pairs) = (iterations, pairs)
  }

  private func median(_ values: [Double]) -> Double {
    values.isEmpty ? .nan : values.sorted()[values.count / 2]
  }

  /// The median ratio of both changes, a pair on which nothing was found counting as infinite.
  public var medianRatio: Double {
    median(pairs.map { ($0.adaptiveRMS ?? .infinity) / $0.plainRMS })
  }

  /// The share of pairs accepted by the whole check at a change of at most this much.
  public func accepted(atRMS rms: Double) -> Double {
    Double(pairs.count { ($0.adaptiveRMS ?? .infinity) <= rms }) / Double(max(1, pairs.count))
  }

  /// The share accepted with no larger change than the plain attack's on the same pair.
  public var acceptedAtEqualBudget: Double {
    Double(pairs.count { ($0.adaptiveRMS ?? .infinity) <= $0.plainRMS })
      / Double(max(1, pairs.count))
  }

  public var title: String { "facewarden: an attack that knows the detector" }

  private var table: ReportTable {
    let found = pairs.compactMap(\.adaptiveRMS)
    return ReportTable(
      head: ["measure", "value"],
      rows: [
        ["pairs", "\(pairs.count)"], ["θ", fixed(Double(theta), 2)],
        ["detector refuses from", "\(fixed(threshold, 4)) (\(point))"],
        ["gradients a pair", "\(iterations)"],
        [
          "plain attack, accepted",
          percent(
            Double(pairs.count { $0.plainProbability <= threshold })
              / Double(max(1, pairs.count))),
        ],
        ["plain attack, median RMS", fixed(median(pairs.map(\.plainRMS)), 3)],
        ["adaptive attack, found", percent(Double(found.count) / Double(max(1, pairs.count)))],
        ["adaptive attack, median RMS of those found", fixed(median(found), 3)],
        ["median of adaptive / plain RMS, all pairs", fixed(medianRatio, 2)],
        ["accepted at the plain attack's RMS", percent(acceptedAtEqualBudget)],
      ]
        + [1.0, 2, 3, 4, 6, 8].map {
          ["accepted at RMS \(fixed($0, 0))", percent(accepted(atRMS: $0))]
        })
  }

  public var text: String { table.text }

  public var charts: [(name: String, svg: String)] { [("accepted", chart.svg)] }

  /// The share accepted against the change that it takes.
  public var chart: LineChart {
    func series(_ name: String, _ values: [Double]) -> LineChart.Series {
      let sorted = values.sorted()
      return LineChart.Series(
        name,
        [LineChart.Series.Point(0, 0)]
          + sorted.enumerated().map {
            LineChart.Series.Point($1, Double($0 + 1) / Double(max(1, pairs.count)))
          })
    }
    return LineChart(
      "Accepted by the whole check", x: Axis("RMS of the change, grey levels"),
      y: Axis("share of pairs", range: 0...1),
      series: [
        series("plain attack, distance alone", pairs.map(\.plainRMS)),
        series("attack that knows the detector, accepted", pairs.compactMap(\.adaptiveRMS)),
      ])
  }

  public var body: [HTMLPage.Part] {
    [
      .table(table),
      .figure(svg: chart.svg, caption: "How many pairs are accepted at which change."),
    ]
  }
}
