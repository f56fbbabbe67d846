public import AttackSets
private import Files
private import Foundation
private import Reports

/// What came of an attack set: a table, and how much change it takes to succeed.
public struct AttackSetReport: Sendable {
  /// A row for each attack at each threshold.
  public let rows: [AttackSet.Summary]
  private let curves: [(attack: String, chart: LineChart)]

  /// Summarises a set.
  public init(_ set: AttackSet) {
    rows = set.summaries
    curves = set.settings.attacks.map { method in
      let series = set.settings.thetas.map { theta in
        let attacked = set.entries.filter {
          $0.attack == method.name && $0.theta == theta && $0.failure != .alreadyBelowTheta
        }
        return LineChart.Series(
          "θ " + fixed(Double(theta), 2), Self.curve(attacked))
      }
      return (
        method.name,
        LineChart(
          "\(method.name): share of pairs that succeed within a change",
          x: Axis("root mean square of the change, grey levels"),
          y: Axis("share of attacked pairs", range: 0...1), series: series)
      )
    }
  }

  /// The share that succeeds with at most so much change: a step for each success.
  private static func curve(_ attacked: [AttackSetEntry]) -> [LineChart.Series.Point] {
    let changes = attacked.filter(\.success).map(\.rms).sorted()
    let count = Double(max(1, attacked.count))
    var points = [LineChart.Series.Point(0, 0)]
    for (place, change) in changes.enumerated() {
      points.append(.init(change, Double(place) / count))
      points.append(.init(change, Double(place + 1) / count))
    }
    return points
  }

  /// Writes `summary.json` and, for each attack, `distortion-ATTACK.svg`.
  ///
  /// - Throws: `CheckpointError` if a file cannot be written.
  public func write(to folder: String) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    try AtomicFile.write(Array(try encoder.encode(rows)), to: folder + "/summary.json")
    for curve in curves {
      try AtomicFile.write(
        Array(curve.chart.svg.utf8), to: folder + "/distortion-\(curve.attack).svg")
    }
  }

  /// A line for each row.
  public var text: String {
    rows.map { row in
      func number(_ value: Double?, _ decimals: Int) -> String {
        value.map { fixed($0, decimals) } ?? "–"
      }
      return "\(row.attack) at theta \(fixed(Double(row.theta), 2)): \(row.succeeded) of "
        + "\(row.attacked) succeeded (\(row.alreadyBelow) below before), median RMS "
        + "\(number(row.medianRMS, 3)) grey levels, L2 \(number(row.medianL2, 1)), largest "
        + "\(number(row.medianMaximum, 0)); \(fixed(row.meanGradients, 1)) gradients, "
        + "\(fixed(row.meanQueries, 1)) queries a pair"
    }.joined(separator: "\n")
  }
}
