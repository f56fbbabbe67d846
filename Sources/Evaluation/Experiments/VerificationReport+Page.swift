private import Metrics
public import Reports

extension VerificationReport: ExperimentReport {
  /// The attack's usual thresholds, marked in the histogram.
  private static let thetas = [0.4, 0.6, 0.8, 1.0]

  /// The receiver operating characteristic.
  public var rocChart: LineChart {
    LineChart(
      "ROC: \(protocolName)", x: Axis("false match rate", range: 0...1),
      y: Axis("true match rate", range: 0...1),
      series: [
        LineChart.Series(
          "ROC", curve.map { LineChart.Series.Point($0.falseAlarmRate, $0.detectionRate) })
      ])
  }

  /// The detection error trade-off, on logarithmic axes; rates of zero have no place on them.
  public var detChart: LineChart {
    LineChart(
      "DET: \(protocolName)",
      x: Axis("false match rate", scale: .logarithmic, range: Self.smallest(impostorPairs)...1),
      y: Axis("false non-match rate", scale: .logarithmic, range: Self.smallest(genuinePairs)...1),
      series: [
        LineChart.Series(
          "DET", curve.map { LineChart.Series.Point($0.falseAlarmRate, $0.missRate) })
      ])
  }

  /// A rate that so many pairs can just not show.
  private static func smallest(_ pairs: Int) -> Double { min(0.1, 1 / Double(max(1, pairs))) }

  /// The distances² of both kinds of pairs, with θ of the attacks and the threshold marked.
  public var distanceChart: HistogramChart {
    let marks =
      Self.thetas.map { ChartMark($0, "θ \(fixed($0, 1))") } + [
        ChartMark(threshold, "threshold \(fixed(threshold, 3))", isStrong: true)
      ]
    return HistogramChart(
      "Distances: \(protocolName)", axisTitle: "distance² of unit-length embeddings",
      edges: genuineHistogram.edges,
      groups: [
        HistogramChart.Group("one person", genuineHistogram.counts, total: genuinePairs),
        HistogramChart.Group("two people", impostorHistogram.counts, total: impostorPairs),
      ], marks: marks)
  }

  /// What was measured.
  public var title: String { "Verification: \(protocolName)" }

  /// The curves and the distances as files.
  public var charts: [(name: String, svg: String)] {
    [("roc", rocChart.svg), ("det", detChart.svg), ("distances", distanceChart.svg)]
  }

  /// Figures, thresholds and curves.
  public var body: [HTMLPage.Part] {
    let rates = falseNonMatchRates.map { rate in
      [
        percent(rate.fmr), fixed(rate.threshold, 3), percent(rate.fnmr), interval(rate.ci95),
        rate.isSupported ? "enough" : "\(impostorPairs) of \(rate.impostorPairsNeeded)",
      ]
    }
    var parts: [HTMLPage.Part] = [
      .table(
        ReportTable(
          head: ["measure", "value"],
          rows: [
            ["pairs", "\(genuinePairs) genuine, \(impostorPairs) impostor"],
            ["people", people.map(String.init) ?? "not counted"],
            [
              "accuracy, mean over \(foldThresholds.count) folds",
              "\(percent(accuracy)) ± \(percent(standardError)) (standard error)",
            ],
            ["threshold, mean over folds", "distance² < \(fixed(threshold, 3))"],
            ["AUC", fixed(areaUnderCurve, 4)],
            [
              "EER", "\(percent(equalErrorRate)) at distance² \(fixed(equalErrorThreshold, 3))",
            ],
            [
              "mean distance²",
              "genuine \(fixed(genuineMean, 3)), impostor \(fixed(impostorMean, 3))",
            ],
          ])),
      .heading("FNMR at fixed FMR"),
      .table(
        ReportTable(
          head: ["FMR", "distance² below", "FNMR", "95 % interval", "impostor pairs"],
          rows: rates)),
      .paragraph(
        "Intervals are Clopper–Pearson's and take pairs for independent; pairs that share people are "
          + "not, so the true ones are wider. A false match rate needs 30/FMR impostor pairs."),
    ]
    if !operatingPoints.isEmpty {
      parts += [
        .heading("The model's own thresholds"),
        .table(
          ReportTable(
            head: ["point", "distance² below", "FMR", "95 % interval", "FNMR", "95 % interval"],
            rows: operatingPoints.map {
              [
                $0.name, fixed($0.threshold, 3), percent($0.fmr), interval($0.fmrCI95),
                percent($0.fnmr), interval($0.fnmrCI95),
              ]
            })),
      ]
    }
    parts += [
      .heading("Curves"),
      .figure(svg: rocChart.svg, caption: "Receiver operating characteristic."),
      .figure(
        svg: detChart.svg, caption: "Detection error trade-off; further left and down is better."),
      .figure(
        svg: distanceChart.svg,
        caption: "Distances² of pairs of one person and of two, as shares of each. Dashed: θ of "
          + "the attacks. Solid: the mean threshold of the folds."),
    ]
    return parts
  }
}
