private import Files
public import Reports
public import Training

/// The log of a training as charts, one for each kind of number in it.
public struct LearningCurves: Sendable {
  /// The charts in the order of their names: the last word of what they show, such as `loss`.
  public let charts: [(name: String, chart: LineChart)]

  /// Draws all values over the steps; those with the same last word share a chart.
  public init(_ entries: [TrainingLog.Entry]) {
    let names = Set(entries.flatMap(\.values.keys)).sorted()
    let groups = Dictionary(grouping: names) { name in
      String(name.split(separator: "_").last ?? "value")
    }
    charts = groups.sorted { $0.key < $1.key }.map { name, members in
      let series = members.map { member in
        LineChart.Series(
          member,
          entries.map { LineChart.Series.Point(Double($0.step), $0.values[member] ?? .nan) })
      }
      return (name, LineChart(name, x: Axis("step"), y: Axis(name), series: series))
    }
  }

  /// Writes each chart as `STEM-NAME.svg`.
  ///
  /// - Throws: `CheckpointError`.
  public func write(beside stem: String) throws {
    for (name, chart) in charts {
      try AtomicFile.write(Array(chart.svg.utf8), to: "\(stem)-\(name).svg")
    }
  }
}
