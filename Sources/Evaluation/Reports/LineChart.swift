/// A chart of lines, drawn as a self-contained SVG.
///
///     let chart = LineChart(
///       "DET", x: Axis("FMR", scale: .logarithmic), y: Axis("FNMR", scale: .logarithmic),
///       series: [LineChart.Series("f_c", points)])
///     try AtomicFile.write(Array(chart.svg.utf8), to: "det.svg")
///
/// Points that are not finite, or not positive on a logarithmic axis, have no place: the line is
/// interrupted there. What lies beyond an axis' range is cut off.
public struct LineChart: Equatable, Sendable {
  /// One line.
  public struct Series: Equatable, Sendable {
    /// One point in the units of the axes.
    public struct Point: Equatable, Sendable {
      /// The values on both axes.
      public var x, y: Double

      /// Creates a point.
      public init(_ x: Double, _ y: Double) { (self.x, self.y) = (x, y) }
    }

    /// What the line shows.
    public var name: String
    /// The points in the order in which the line joins them.
    public var points: [Point]

    /// Creates a line.
    public init(_ name: String, _ points: [Point]) { (self.name, self.points) = (name, points) }
  }

  /// What the chart shows.
  public var title: String
  /// The axes.
  public var x, y: Axis
  /// The lines; their colours follow from their places.
  public var series: [Series]
  /// Values on the horizontal axis to be pointed out.
  public var marks: [ChartMark]

  /// Creates a chart.
  public init(
    _ title: String, x: Axis, y: Axis, series: [Series], marks: [ChartMark] = []
  ) {
    (self.title, self.x, self.y, self.series, self.marks) = (title, x, y, series, marks)
  }

  /// The chart as an SVG document, 640×420.
  public var svg: String {
    let points = series.lazy.flatMap(\.points)
    let frame = ChartFrame(
      title: title, x: x.fitted(to: points.map(\.x)), y: y.fitted(to: points.map(\.y)),
      names: series.map(\.name), marks: marks)
    let lines = series.enumerated().map { index, series in
      Self.pieces(of: series, in: frame).map { piece in
        let places = piece.map { "\(Markup.length($0.x)),\(Markup.length($0.y))" }
        return "<polyline fill=\"none\" stroke=\"\(ChartFrame.colour(index))\" "
          + "stroke-width=\"1.8\" points=\"\(places.joined(separator: " "))\"/>"
      }.joined(separator: "\n")
    }
    return frame.svg(content: lines.joined(separator: "\n"))
  }

  /// The uninterrupted parts of a line, in pixels, without points that cannot be told apart.
  private static func pieces(
    of series: Series, in frame: ChartFrame
  ) -> [[(x: Double, y: Double)]] {
    var (pieces, piece): ([[(x: Double, y: Double)]], [(x: Double, y: Double)]) = ([], [])
    var skipped: (x: Double, y: Double)?
    func finish() {
      if let last = skipped { piece.append(last) }
      if !piece.isEmpty { pieces.append(piece) }
      (piece, skipped) = ([], nil)
    }
    // Far outside of the frame the numbers would only grow long.
    func near(_ value: Double) -> Double { min(1e5, max(-1e5, value)) }
    for point in series.points {
      guard let exact = frame.place(point.x, point.y) else {
        finish()
        continue
      }
      let place = (x: near(exact.x), y: near(exact.y))
      if let last = piece.last, abs(last.x - place.x) < 0.3, abs(last.y - place.y) < 0.3 {
        skipped = place
      } else {
        piece.append(place)
        skipped = nil
      }
    }
    finish()
    return pieces
  }
}
