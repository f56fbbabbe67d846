/// Histograms of several groups over the same bins, drawn as a self-contained SVG.
///
/// Each group is drawn as its share per bin, so that groups of different size can be compared.
public struct HistogramChart: Equatable, Sendable {
  /// One group.
  public struct Group: Equatable, Sendable {
    /// What the group is.
    public var name: String
    /// How many fall into each bin, not negative.
    public var counts: [Int]
    /// How many there are in all; those outside the bins count, too.
    public var total: Int

    /// Creates a group; `total` is the sum of the counts if not given.
    public init(_ name: String, _ counts: [Int], total: Int? = nil) {
      (self.name, self.counts) = (name, counts)
      self.total = total ?? counts.reduce(0, +)
    }
  }

  /// What the chart shows.
  public var title: String
  /// What the bins measure.
  public var axisTitle: String
  /// The lower end of each bin, and the upper end of the last; ascending.
  public var edges: [Double]
  /// The groups; their colours follow from their places.
  public var groups: [Group]
  /// Values to be pointed out.
  public var marks: [ChartMark]

  /// Creates a chart.
  ///
  /// - Precondition: the edges ascend and are finite, and every group has a count for each bin.
  public init(
    _ title: String, axisTitle: String, edges: [Double], groups: [Group], marks: [ChartMark] = []
  ) {
    precondition(
      edges.count >= 2 && zip(edges, edges.dropFirst()).allSatisfy { $0 < $1 }
        && edges.allSatisfy(\.isFinite), "the edges \(edges) do not ascend")
    precondition(
      groups.allSatisfy { $0.counts.count == edges.count - 1 && $0.counts.allSatisfy { $0 >= 0 } },
      "a group has not one count for each of \(edges.count - 1) bins")
    (self.title, self.axisTitle, self.edges) = (title, axisTitle, edges)
    (self.groups, self.marks) = (groups, marks)
  }

  /// The chart as an SVG document, 640×420.
  public var svg: String {
    let shares = groups.map { group in
      group.counts.map { Double($0) / Double(max(1, group.total)) }
    }
    let highest = shares.joined().max() ?? 0
    let frame = ChartFrame(
      title: title, x: Axis(axisTitle).fitted(to: [edges[0], edges[edges.count - 1]]),
      y: Axis("share of each group", range: 0...(highest > 0 ? highest * 1.08 : 1)).fitted(to: []),
      names: groups.map(\.name), marks: marks)
    let areas = shares.enumerated().map { index, shares in
      var places = [frame.place(edges[0], 0)]
      for (bin, share) in shares.enumerated() {
        places += [frame.place(edges[bin], share), frame.place(edges[bin + 1], share)]
      }
      places.append(frame.place(edges[edges.count - 1], 0))
      let text = places.compactMap { $0 }.map { "\(Markup.length($0.x)),\(Markup.length($0.y))" }
      let colour = ChartFrame.colour(index)
      return "<polygon fill=\"\(colour)\" fill-opacity=\"0.35\" stroke=\"\(colour)\" "
        + "points=\"\(text.joined(separator: " "))\"/>"
    }
    return frame.svg(content: areas.joined(separator: "\n"))
  }
}
