public import Reports

extension TemplateReport: ExperimentReport {
  public var title: String { "Verification against templates: \(source)" }

  private var head: [String] {
    ["pictures", "rule", "FNMR at FMR 1 %", "at 0.1 %"]
      + (rows.first?.points.map { "\($0.name): FMR, FNMR" } ?? [])
  }

  private var cells: [[String]] {
    rows.map { row in
      [
        "\(row.pictures)", row.rule.rawValue, row.fnmrAt1e2.map(percent) ?? "–",
        row.fnmrAt1e3.map(percent) ?? "–",
      ]
        + row.points.map { "\(percent($0.fmr)), \(percent($0.fnmr))" }
    }
  }

  /// The rates as lines of text.
  public var text: String {
    let count = rows.first.map { "\($0.genuine) genuine and \($0.impostor) impostor trials" } ?? ""
    return
      ([source, count, head.joined(separator: " | ")] + cells.map { $0.joined(separator: " | ") })
      .joined(separator: "\n")
  }

  public var charts: [(name: String, svg: String)] { [] }

  public var body: [HTMLPage.Part] { [.table(ReportTable(head: head, rows: cells))] }
}
