internal import Reports

extension DetectionReport {
  /// The report as lines of text.
  public var text: String {
    let head = "\(detector) detector, fitted to \(training); folds that share no person"
    return ([head, "", attackTable.text] + controlLines + (pairs.map { ["", $0.text] } ?? []))
      .joined(separator: "\n")
  }

  /// The attacks, a row each, under a head.
  var attackTable: ReportTable {
    let ablations = rows.first.map { $0.ablations.keys.sorted() } ?? []
    let head =
      [
        "species", "pictures", "RMS", "accuracy", "paper", "AUC", "EER",
      ] + Self.rates.map { "APCER@\(Self.short($0))" } + ablations
    return ReportTable(
      head: head,
      rows: rows.map { row in
        [
          row.species, "\(row.pictures)", fixed(row.medianRMS, 2),
          "\(percent(row.accuracy)) ± \(percent(row.standardError))",
          row.paper.map { percent($0) } ?? "–", fixed(row.areaUnderCurve, 4),
          percent(row.equalErrorRate),
        ] + row.points.map { percent($0.apcer) }
          + ablations.map { percent(row.ablations[$0] ?? .nan) }
      })
  }

  /// The pictures without attack, a row each, under a head.
  var controlTable: ReportTable {
    ReportTable(
      head: ["no attack", "pictures"] + Self.rates.map { "BPCER@\(Self.short($0))" },
      rows: controls.map { control in
        [control.species, "\(control.pictures)"]
          + control.rates.map { "\(percent($0.apcer)) \(interval($0.ci95))" }
      })
  }

  private var controlLines: [String] {
    guard !controls.isEmpty else { return [] }
    var lines = ["", controlTable.text]
    if let worst {
      lines += [
        "",
        "worst species: \(worst.species), APCER \(percent(worst.points[1].apcer)) "
          + "\(interval(worst.points[1].ci95)) "
          + "at BPCER \(percent(worst.points[1].bpcer))",
      ]
    }
    return lines
  }

  /// A rate without needless zeros: `1%`.
  static func short(_ rate: Double) -> String {
    let percent = rate * 100
    return percent == percent.rounded() ? "\(Int(percent))%" : "\(percent)%"
  }
}
