public import Reports

extension IdentityLeakage: ExperimentReport {
  public var title: String { "Identity left in the attribute vector (Figure 4)" }

  private var table: ReportTable {
    let first = curves.first?.top1 ?? .nan
    return ReportTable(
      head: ["vectors", "numbers", "top-1", "95 % interval", "of the first", "on learnt pictures"],
      rows: curves.map { curve in
        [
          Self.name(curve), "\(curve.length)", percent(curve.top1), interval(curve.top1CI95),
          first > 0 ? fixed(curve.top1 / first, 3) : "", percent(curve.learnt.last ?? .nan),
        ]
      })
  }

  private static func name(_ curve: Curve) -> String {
    "\(curve.isEmbedding ? "f_C" : "f_A") of \(curve.model)"
  }

  private var words: String {
    """
    \(people) \(group): \(learntPictures) pictures to learn from, \(heldBackPictures) kept back; \
    chance is \(percent(1 / Double(people))). A perceptron of \(training.hidden) hidden units, \
    \(training.epochs) epochs, seed \(training.seed).
    """
  }

  public var text: String {
    "\(words)\n\(table.text)\n(the paper's Figure 4 shows curves only, lower with L_KL than without)"
  }

  /// Top-1 over the training, of vectors named once each.
  private var chart: LineChart {
    LineChart(
      "Identity read from vectors", x: Axis("epoch"), y: Axis("top-1 on pictures kept back"),
      series: curves.map { curve in
        LineChart.Series(
          Self.name(curve),
          curve.heldBack.enumerated().map { LineChart.Series.Point(Double($0 + 1), $1) })
      })
  }

  public var charts: [(name: String, svg: String)] { [("attributes", chart.svg)] }

  public var body: [HTMLPage.Part] {
    [
      .paragraph(words), .table(table),
      .figure(
        svg: chart.svg,
        caption: "Less is better for f_A. f_C, made to hold the person, shows the other end."),
      .paragraph(
        "f_A is the mean μ, which reconstructions use, each number brought to mean 0 and deviation "
          + "1: what little L_KL leaves in a number is read as well as what is large. The paper's "
          + "Figure 4 (FaceScrub) shows curves without figures: with L_KL the perceptron reads less. "
          + "Intervals come from a bootstrap over people."),
    ]
  }
}
