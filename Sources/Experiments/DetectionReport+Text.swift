extension DetectionReport {
  /// The report as lines of text.
  public var text: String {
    let head = "\(detector) detector, fitted to \(training); ten folds that share no person"
    return ([head, ""] + Self.aligned(attackTable) + controlLines).joined(separator: "\n")
  }

  /// The attacks, a row each, under a head.
  var attackTable: [[String]] {
    let ablations = rows.first.map { $0.ablations.keys.sorted() } ?? []
    let head =
      [
        "species", "pictures", "RMS", "accuracy", "paper", "AUC", "EER",
      ] + Self.rates.map { "APCER@\(Self.short($0))" } + ablations
    return [head]
      + rows.map { row in
        [
          row.species, "\(row.pictures)", fixed(row.medianRMS, 2),
          "\(percent(row.accuracy)) ± \(percent(row.standardError))",
          row.paper.map { percent($0) } ?? "–", fixed(row.areaUnderCurve, 4),
          percent(row.equalErrorRate),
        ] + row.points.map { percent($0.apcer) }
          + ablations.map { percent(row.ablations[$0] ?? .nan) }
      }
  }

  /// The pictures without attack, a row each, under a head.
  var controlTable: [[String]] {
    [["no attack", "pictures"] + Self.rates.map { "BPCER@\(Self.short($0))" }]
      + controls.map { control in
        [control.species, "\(control.pictures)"]
          + control.rates.map {
            "\(percent($0.apcer)) [\(percent($0.ci95[0])), \(percent($0.ci95[1]))]"
          }
      }
  }

  private var controlLines: [String] {
    guard !controls.isEmpty else { return [] }
    var lines = [""] + Self.aligned(controlTable)
    if let worst {
      lines += [
        "",
        "worst species: \(worst.species), APCER \(percent(worst.points[1].apcer)) "
          + "[\(percent(worst.points[1].ci95[0])), \(percent(worst.points[1].ci95[1]))] "
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

  /// Columns padded to their widest cell.
  private static func aligned(_ table: [[String]]) -> [String] {
    let widths = (table.first ?? []).indices.map { column in
      table.map { $0[column].count }.max() ?? 0
    }
    return table.map { row in
      zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }
        .joined(separator: "  ")
    }
  }
}
