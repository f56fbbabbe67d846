import Foundation
import Reports
import TestSupport
import Testing

@Suite struct ChartTests {
  static func line(_ points: [(Double, Double)], scale: Axis.Scale = .linear) -> String {
    LineChart(
      "A <title> & more", x: Axis("x", scale: scale), y: Axis("y \"quoted\""),
      series: [
        LineChart.Series("one", points.map { LineChart.Series.Point($0.0, $0.1) }),
        LineChart.Series("<two>", [LineChart.Series.Point(1, 1), LineChart.Series.Point(2, 2)]),
      ], marks: [ChartMark(1.5, "θ > 1 & <", isStrong: true)]
    ).svg
  }

  @Test("a chart is well-formed and refers to nothing outside") func wellFormed() throws {
    let svg = Self.line([(0, 0), (1, 2), (3, 1)])
    let counts = try WellFormed.elements(of: svg)
    #expect(counts["polyline"] == 2 && counts["svg"] == 2)
    #expect(!svg.replacingOccurrences(of: "http://www.w3.org/2000/svg", with: "").contains("://"))
  }

  @Test("a line is interrupted where a value has no place") func gaps() throws {
    let broken = Self.line([(0, 0), (1, 2), (2, .nan), (3, 1), (4, 2)])
    #expect(try WellFormed.elements(of: broken)["polyline"] == 3)
    let logarithmic = Self.line([(-1, 0), (0, 1), (1, 1), (2, 3)], scale: .logarithmic)
    #expect(try WellFormed.elements(of: logarithmic)["polyline"] == 2)
    for svg in [broken, logarithmic] {
      #expect(!svg.contains("nan") && !svg.contains("inf"))
    }
  }

  @Test("no points, or none with a place, still give a chart") func empty() throws {
    for points in [[], [(Double.nan, 1.0)], [(.infinity, .infinity)]] {
      #expect(try WellFormed.elements(of: Self.line(points))["polyline"] == 1)
    }
  }

  @Test("points that cannot be told apart do not make the file large") func thinned() {
    let many = (0..<200_000).map { (Double($0) / 200_000, Double($0) / 200_000) }
    #expect(Self.line(many).utf8.count < 80_000)
  }

  @Test("a chart of numbers beyond all measure is well-formed") func extremes() throws {
    let svg = LineChart(
      "far", x: Axis("x", range: 0...1), y: Axis("y", range: 0...1),
      series: [
        LineChart.Series(
          "a", [.init(-1e300, 1e300), .init(0.5, 0.5), .init(.greatestFiniteMagnitude, -1)])
      ]
    ).svg
    _ = try WellFormed.elements(of: svg)
    #expect(!svg.contains("nan") && !svg.contains("inf") && !svg.contains("e+"))
  }

  @Test("a histogram draws an area for each group, also for an empty one") func histogram() throws {
    let svg = HistogramChart(
      "distances", axisTitle: "d² < 4", edges: [0, 1, 2, 4],
      groups: [.init("genuine", [3, 1, 0]), .init("none", [0, 0, 0])],
      marks: [ChartMark(0.4, "0.4"), ChartMark(9, "outside")]
    ).svg
    #expect(try WellFormed.elements(of: svg)["polygon"] == 2)
    #expect(!svg.contains("outside") && !svg.contains("nan"))
  }

  @Test("a page holds words, tables and charts, and stays well-formed") func page() throws {
    let page = HTMLPage(
      "Report & <more>",
      [
        .heading("1 < 2"), .paragraph("a & b"), .preformatted("x --y \"z\"\nw"),
        .table(ReportTable(head: ["a", "<b>"], rows: [["1", "&"], ["", "'"]])),
        .figure(svg: Self.line([(0, 1), (1, 0)]), caption: "one <line>"),
      ]
    ).html
    let counts = try WellFormed.elements(of: page)
    #expect(counts["td"] == 4 && counts["th"] == 2 && counts["figure"] == 1 && counts["pre"] == 1)
    for outside in ["src=", "href=", "@import", "url(", "<script"] {
      #expect(!page.contains(outside))
    }
  }
}
