public import Reports

extension DetectionReport: ExperimentReport {
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

  public var title: String { "facewarden: detection of adversarial pictures" }

  public var charts: [(name: String, svg: String)] { [("roc", rocChart.svg)] }

  public var body: [HTMLPage.Part] {
    var parts: [HTMLPage.Part] = [
      .paragraph(
        "The \(detector) detector, fitted to \(training). Every picture was judged by a detector that "
          + "saw none of its fold's people. APCER: the share of attacks called bona fide, at thresholds "
          + "set on the other folds' untouched pictures."), .table(attackTable),
      .figure(
        svg: rocChart.svg, caption: "A curve for each species; nearer to the upper left is better."),
    ]
    if !controls.isEmpty {
      parts += [.heading("Pictures without attack"), .table(controlTable)]
    }
    if let pairs {
      parts += [
        .heading("Pairs"),
        .paragraph(
          "A probe that claims to be who a reference shows: attacks against their targets, and "
            + "\(pairs.genuine) genuine and \(pairs.impostors) impostor pairs of untouched pictures."
        ),
        .table(pairs.attackTable), .table(pairs.checkTable),
      ]
    }
    return parts
  }
}
