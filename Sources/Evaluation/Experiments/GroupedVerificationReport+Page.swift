public import Reports

extension GroupedVerificationReport: ExperimentReport {
  /// What was measured.
  public var title: String { "Verification by groups: \(source)" }

  /// The rates as lines of text.
  public var text: String {
    var lines = [source]
    for grouping in groupings {
      lines.append("by \(grouping.columns):")
      for threshold in grouping.thresholds {
        lines.append("  \(summary(threshold))")
        for (group, rate) in zip(grouping.groups, threshold.rates) {
          lines.append(
            "    \(group.name): FMR \(percent(rate.fmr)) \(interval(rate.fmrCI95)) of "
              + "\(group.strangers) pairs of strangers, \(group.pictures) pictures; "
              + "\(fixed(rate.differential, 2)) times the mean"
              + (rate.fnmr.map { "; FNMR \(percent($0)) of \(group.genuine) pairs" } ?? ""))
        }
      }
    }
    return lines.joined(separator: "\n")
  }

  private func summary(_ threshold: Threshold) -> String {
    "\(threshold.name), distance² < \(fixed(threshold.threshold, 3)): mean FMR of strangers of one "
      + "group \(percent(threshold.meanRate)), worst \(threshold.worstGroup), "
      + "\(fixed(threshold.worstRatio, 2)) times "
      + (threshold.promised.map { "the promised \(percent($0))" } ?? "the mean")
  }

  /// The rates between groups, a picture for each way of grouping and threshold.
  public var charts: [(name: String, svg: String)] {
    groupings.enumerated().flatMap { index, grouping in
      grouping.thresholds.map { threshold in
        (
          "groups-\(index + 1)-\(threshold.name)",
          MatrixChart(
            "FMR within and between groups at \(threshold.name)",
            names: grouping.groups.map(\.name), values: threshold.between,
            reference: threshold.promised ?? threshold.meanRate
          ).svg
        )
      }
    }
  }

  /// Tables and pictures.
  public var body: [HTMLPage.Part] {
    groupings.flatMap { grouping in
      [.heading("By \(grouping.columns)")]
        + grouping.thresholds.flatMap { part(grouping, $0) }
        + [
          .paragraph(
            "Intervals are Clopper–Pearson's and take pairs for independent; pairs share pictures, so "
              + "the true ones are wider. The mean counts each group the same.")
        ]
    }
  }

  private func part(_ grouping: Grouping, _ threshold: Threshold) -> [HTMLPage.Part] {
    let rows = zip(grouping.groups, threshold.rates).map { group, rate in
      [
        group.name, "\(group.pictures)", "\(group.people)", "\(group.strangers)",
        percent(rate.fmr), interval(rate.fmrCI95), fixed(rate.differential, 2),
        rate.fnmr.map(percent) ?? "–", rate.fnmrCI95.map(interval) ?? "–",
      ]
    }
    return [
      .paragraph(summary(threshold)),
      .table(
        ReportTable(
          head: [
            "group", "pictures", "people", "pairs of strangers", "FMR", "95 % interval",
            "times the mean", "FNMR", "95 % interval",
          ], rows: rows)),
      .figure(
        svg: MatrixChart(
          "FMR within and between groups at \(threshold.name)",
          names: grouping.groups.map(\.name), values: threshold.between,
          reference: threshold.promised ?? threshold.meanRate
        ).svg,
        caption:
          "False match rates in percent. White: a tenth of the reference or less; the darker, "
          + "the more; framed: more than three times the reference."),
    ]
  }
}
