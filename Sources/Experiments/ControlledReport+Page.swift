public import Reports

extension ControlledReport: ExperimentReport {
  public var title: String { "Controlled attributes of drawn people" }

  private var table: ReportTable {
    ReportTable(
      head: ["attribute", "value", "genuine d²", "impostor d²", "AUC", "d² to x̂"],
      rows: rows.map {
        [
          $0.attribute, fixed($0.value, 1), fixed($0.genuine, 3), fixed($0.impostor, 3),
          fixed($0.areaUnderCurve, 4), fixed($0.reconstruction, 3),
        ]
      })
  }

  private var probeTable: ReportTable {
    ReportTable(
      head: ["read by a linear probe", "from f_I", "from f_A"],
      rows: probes.map { [$0.name, fixed($0.identity, 3), fixed($0.attributes, 3)] })
  }

  private var words: String {
    """
    \(people) drawn people of seed \(seed). Above: plain pictures against pictures with one change. \
    Below: R² of attributes, on people that the probe has not seen, and top-1 of the person, on \
    pictures it has not seen (chance is \(fixed(1 / Double(people), 3))), from \(pictures) pictures each.
    """
  }

  public var text: String { "\(words)\n\(table.text)\n\n\(probeTable.text)" }

  public var charts: [(name: String, svg: String)] { [] }

  public var body: [HTMLPage.Part] {
    [.paragraph(words), .table(table), .heading("Linear probes"), .table(probeTable)]
  }
}
