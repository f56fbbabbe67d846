public import Reports

extension DetectionReport {
  /// The receiver operating characteristics, BPCER on a logarithmic axis.
  public var rocChart: LineChart {
    LineChart(
      "Detected attacks against BPCER", x: Axis("BPCER", scale: .logarithmic, range: 1e-3...1),
      y: Axis("detected", range: 0...1),
      series: curves.map { curve in
        LineChart.Series(
          curve.species,
          zip(curve.bpcer, curve.detected).map { LineChart.Series.Point($0, $1) })
      })
  }

  /// The report as a page that needs nothing else.
  ///
  /// - `facts`: what was measured how, as pairs of a name and a text.
  public func page(facts: [(name: String, text: String)]) -> HTMLPage {
    func table(_ rows: [[String]]) -> HTMLPage.Part {
      .table(ReportTable(head: rows.first ?? [], rows: Array(rows.dropFirst())))
    }
    var parts: [HTMLPage.Part] = [
      .table(
        ReportTable(
          head: ["what", "value"],
          rows: facts.map { [$0.name, $0.text] } + [
            ["detector", detector], ["fitted to", training],
          ])),
      .heading("Attacks"),
      .paragraph(
        "Every picture was judged by a detector that saw none of its fold's people. APCER: the share "
          + "of attacks called bona fide, at thresholds set on the other folds' untouched pictures."
      ),
      table(attackTable),
      .figure(
        svg: rocChart.svg, caption: "A curve for each species; nearer to the upper left is better."),
    ]
    if !controls.isEmpty {
      parts += [.heading("Pictures without attack"), table(controlTable)]
    }
    return HTMLPage("facewarden: detection of adversarial pictures", parts)
  }
}
