public import Reports

/// What an experiment found, ready to be printed, stored and shown.
public protocol ExperimentReport: Encodable {
  /// The experiment's name.
  var title: String { get }
  /// The results as lines of text, the paper's figures beside them.
  var text: String { get }
  /// Charts as SVG by the name of their file, without its ending.
  var charts: [(name: String, svg: String)] { get }
  /// The parts of the page below the facts.
  var body: [HTMLPage.Part] { get }
}

extension ExperimentReport {
  /// The report as a page that needs nothing else.
  ///
  /// - `facts`: what was measured how, as pairs of a name and a text: models, command, data.
  public func page(facts: [(name: String, text: String)]) -> HTMLPage {
    HTMLPage(
      title,
      [.table(ReportTable(head: ["what", "value"], rows: facts.map { [$0.name, $0.text] }))]
        + [.heading("Results")] + body)
  }
}
