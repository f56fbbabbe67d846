public import Reports

extension QualityReport: ExperimentReport {
  public var title: String { "Picture quality: \(source)" }

  private var head: [String] {
    ["condition", "strength", "FMR", "FMR of what is decided", "pictures refused", "most by"]
  }

  private var cells: [[String]] {
    conditions.map { condition in
      [
        condition.kind ?? "untouched", condition.strength.map { fixed($0, 1) } ?? "–",
        percent(condition.fmr), percent(condition.fmrDecided), percent(condition.discarded),
        condition.worst ?? "–",
      ]
    }
  }

  /// The largest rate of strangers who match and of whom both pictures say enough.
  public var largestDecided: Double { conditions.map(\.fmrDecided).max() ?? 0 }

  /// The rates as lines of text.
  public var text: String {
    let lines = [
      "\(source): \(pictures) pictures of \(people) people, distance² < \(threshold)",
      head.joined(separator: " | "),
    ]
    let shares = curve.map { "\(percent($0.discarded)): \(percent($0.fnmr))" }
    return
      (lines + cells.map { $0.joined(separator: " | ") }
      + ["largest FMR of what is decided: \(percent(largestDecided))"]
      + (curve.isEmpty
        ? [] : ["FNMR by the share of pairs left out: " + shares.joined(separator: ", ")]))
      .joined(separator: "\n")
  }

  /// The error against discard curve.
  private var chart: LineChart {
    func series(_ name: String, _ points: [DiscardPoint]) -> LineChart.Series {
      LineChart.Series(name, points.map { LineChart.Series.Point($0.discarded, $0.fnmr) })
    }
    return LineChart(
      "Error against discard: \(source)", x: Axis("share of pairs left out", range: 0...0.5),
      y: Axis("false non-match rate", range: 0...max(0.01, curve.first?.fnmr ?? 0)),
      series: [series("by quality", curve), series("by the distance itself", ideal)])
  }

  public var charts: [(name: String, svg: String)] {
    curve.isEmpty ? [] : [("error-against-discard", chart.svg)]
  }

  public var body: [HTMLPage.Part] {
    [.table(ReportTable(head: head, rows: cells))]
      + (curve.isEmpty
        ? []
        : [
          .figure(
            svg: chart.svg,
            caption: "False non-match rate at the threshold, where the poorest pairs are left out.")
        ])
  }
}
