/// A table of texts with a head.
public struct ReportTable: Equatable, Sendable {
  /// The names of the columns.
  public var head: [String]
  /// The rows, each as long as the head.
  public var rows: [[String]]

  /// Creates a table.
  ///
  /// - Precondition: every row is as long as the head.
  public init(head: [String], rows: [[String]]) {
    precondition(
      rows.allSatisfy { $0.count == head.count }, "a row has not \(head.count) columns")
    (self.head, self.rows) = (head, rows)
  }

  var html: String {
    func row(_ cells: [String], _ tag: String) -> String {
      "<tr>" + cells.map { "<\(tag)>\(Markup.escaped($0))</\(tag)>" }.joined() + "</tr>"
    }
    return "<table>\n<thead>\(row(head, "th"))</thead>\n<tbody>\n"
      + rows.map { row($0, "td") }.joined(separator: "\n") + "\n</tbody>\n</table>"
  }
}
