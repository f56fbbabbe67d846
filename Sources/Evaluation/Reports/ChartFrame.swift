/// What all charts share: size, axes with grid and numbers, marks, names of the series.
struct ChartFrame {
  static let (width, height) = (640.0, 420.0)
  /// The drawing area.
  static let (left, top, plotWidth, plotHeight) = (70.0, 44.0, 546.0, 316.0)
  /// Distinct also for colour-blind readers (Okabe and Ito, "Color universal design", 2008).
  static let colours = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000",
  ]

  static func colour(_ index: Int) -> String { colours[index % colours.count] }

  let title: String
  let x, y: FittedAxis
  let names: [String]
  let marks: [ChartMark]

  /// Where a point lies in the drawing area, in pixels from its top left corner.
  func place(_ px: Double, _ py: Double) -> (x: Double, y: Double)? {
    guard let h = x.position(of: px), let v = y.position(of: py) else { return nil }
    return (h * Self.plotWidth, (1 - v) * Self.plotHeight)
  }

  /// The whole drawing around `content`, which is cut off at the drawing area's edges.
  func svg(content: String) -> String {
    """
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 \(Int(Self.width)) \(Int(Self.height))" \
    width="\(Int(Self.width))" height="\(Int(Self.height))" role="img" \
    font-family="sans-serif" font-size="12">
    <title>\(Markup.escaped(title))</title>
    <rect width="100%" height="100%" fill="#ffffff"/>
    \(text(title, Self.width / 2, 22, size: 15, anchor: "middle"))
    \(grid)
    <svg x="\(Int(Self.left))" y="\(Int(Self.top))" width="\(Int(Self.plotWidth))" \
    height="\(Int(Self.plotHeight))" overflow="hidden">
    \(content)
    \(markLines)
    </svg>
    <rect x="\(Int(Self.left))" y="\(Int(Self.top))" width="\(Int(Self.plotWidth))" \
    height="\(Int(Self.plotHeight))" fill="none" stroke="#444444"/>
    \(legend)
    </svg>
    """
  }

  private func text(
    _ text: String, _ x: Double, _ y: Double, size: Int = 12, anchor: String = "start",
    rest: String = ""
  ) -> String {
    "<text x=\"\(Markup.length(x))\" y=\"\(Markup.length(y))\" font-size=\"\(size)\" "
      + "text-anchor=\"\(anchor)\" fill=\"#222222\"\(rest)>\(Markup.escaped(text))</text>"
  }

  private func line(
    _ x1: Double, _ y1: Double, _ x2: Double, _ y2: Double, _ style: String
  ) -> String {
    "<line x1=\"\(Markup.length(x1))\" y1=\"\(Markup.length(y1))\" "
      + "x2=\"\(Markup.length(x2))\" y2=\"\(Markup.length(y2))\" \(style)/>"
  }

  private var grid: String {
    let (right, bottom) = (Self.left + Self.plotWidth, Self.top + Self.plotHeight)
    var parts: [String] = []
    for tick in x.ticks {
      guard let position = x.position(of: tick.value) else { continue }
      let place = Self.left + position * Self.plotWidth
      parts.append(line(place, Self.top, place, bottom, "stroke=\"#e0e0e0\""))
      parts.append(text(tick.label, place, bottom + 16, anchor: "middle"))
    }
    for tick in y.ticks {
      guard let position = y.position(of: tick.value) else { continue }
      let place = bottom - position * Self.plotHeight
      parts.append(line(Self.left, place, right, place, "stroke=\"#e0e0e0\""))
      parts.append(text(tick.label, Self.left - 6, place + 4, anchor: "end"))
    }
    parts.append(text(x.title, (Self.left + right) / 2, bottom + 36, anchor: "middle"))
    let middle = (Self.top + bottom) / 2
    parts.append(
      text(
        y.title, 18, middle, anchor: "middle",
        rest: " transform=\"rotate(-90 18 \(Markup.length(middle)))\""))
    return parts.joined(separator: "\n")
  }

  private var markLines: String {
    let visible = marks.compactMap { mark in
      x.position(of: mark.value).flatMap { (0...1).contains($0) ? (mark, $0) : nil }
    }
    return visible.enumerated().map { index, item in
      let (mark, position) = item
      let place = position * Self.plotWidth
      let style =
        mark.isStrong
        ? "stroke=\"#000000\" stroke-width=\"2\""
        : "stroke=\"#666666\" stroke-dasharray=\"4 3\""
      // Each text a little lower than the one before, so that near neighbours stay readable; on the
      // left of its line where the right end is near.
      let isNearEnd = position > 0.7
      return line(place, 0, place, Self.plotHeight, style) + "\n"
        + text(
          mark.label, place + (isNearEnd ? -4 : 4), 14 + Double(index % 8) * 14,
          anchor: isNearEnd ? "end" : "start")
    }.joined(separator: "\n")
  }

  private var legend: String {
    guard names.count > 1 else { return "" }
    let step = Self.plotWidth / Double(names.count)
    return names.enumerated().map { index, name in
      let place = Self.left + Double(index) * step
      return "<rect x=\"\(Markup.length(place))\" y=\"29\" width=\"12\" height=\"10\" "
        + "fill=\"\(Self.colour(index))\"/>" + text(name, place + 17, 38)
    }.joined(separator: "\n")
  }
}
