private import Foundation

/// Rates within and between groups as a triangle of coloured cells, drawn as a self-contained SVG.
public struct MatrixChart: Equatable, Sendable {
  /// What the chart shows.
  public var title: String
  /// The groups.
  public var names: [String]
  /// For each group the rates with the ones before it and, last, within it.
  public var values: [[Double]]
  /// The rate that colours are relative to.
  public var reference: Double

  /// Creates a chart.
  ///
  /// - Precondition: row i has i + 1 finite rates.
  public init(_ title: String, names: [String], values: [[Double]], reference: Double) {
    precondition(
      values.count == names.count
        && values.enumerated().allSatisfy { $1.count == $0 + 1 && $1.allSatisfy(\.isFinite) },
      "the rates are no triangle of \(names.count) rows")
    (self.title, self.names, self.values, self.reference) = (title, names, values, reference)
  }

  /// The chart as an SVG document.
  public var svg: String {
    let longest = names.map(\.count).max() ?? 0
    let (cell, left, top) = (56, 20 + 7 * longest, 48)
    let (width, height) = (
      max(420, left + cell * names.count + 30), top + 34 * names.count + 20 + 5 * longest
    )
    var parts: [String] = []
    for (row, name) in names.enumerated() {
      let y = top + 34 * row
      parts.append(text(name, left - 8, y + 21, anchor: "end"))
      for (column, value) in values[row].enumerated() {
        let x = left + cell * column
        let ratio = reference > 0 ? value / reference : 0
        // From a tenth of the reference to ten times it, on a logarithmic scale.
        let depth = min(1, max(0, (log10(max(ratio, 1e-9)) + 1) / 2))
        let light = Int(255 - 150 * depth)
        let frame =
          ratio > 3 ? "stroke=\"#000000\" stroke-width=\"2\"" : "stroke=\"#cccccc\""
        parts.append(
          "<rect x=\"\(x)\" y=\"\(y)\" width=\"\(cell - 2)\" height=\"32\" "
            + "fill=\"rgb(255,\(light),\(max(0, light - 20)))\" \(frame)/>")
        parts.append(
          text(String(format: "%.2f", 100 * value), x + cell / 2 - 1, y + 21, anchor: "middle"))
      }
    }
    for (column, name) in names.enumerated() {
      let (x, y) = (left + cell * column + cell / 2, top + 34 * names.count + 14)
      parts.append(
        text(name, x, y, anchor: "end", rest: " transform=\"rotate(-40 \(x) \(y))\""))
    }
    return """
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(width) \(height)" width="\(width)" \
      height="\(height)" role="img" font-family="sans-serif" font-size="12">
      <title>\(Markup.escaped(title))</title>
      <rect width="100%" height="100%" fill="#ffffff"/>
      \(text(title, width / 2, 24, anchor: "middle"))
      \(parts.joined(separator: "\n"))
      </svg>
      """
  }

  private func text(
    _ text: String, _ x: Int, _ y: Int, anchor: String, rest: String = ""
  ) -> String {
    "<text x=\"\(x)\" y=\"\(y)\" text-anchor=\"\(anchor)\" fill=\"#222222\"\(rest)>"
      + "\(Markup.escaped(text))</text>"
  }
}
