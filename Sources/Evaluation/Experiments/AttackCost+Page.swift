public import Reports

extension AttackCost: ExperimentReport {
  /// What was measured.
  public var title: String { "Cost of an attack on an embedder" }

  /// The figures as lines of text.
  public var text: String {
    let head =
      "accuracy \(percent(accuracy)), FNMR \(percent(falseNonMatchRate)) at FMR 1 %: \(pictures) "
      + "pictures of \(people) people; \(pairs) pairs of strangers attacked"
    return ([head] + points.map(line)).joined(separator: "\n")
  }

  private func line(_ point: Point) -> String {
    "\(point.name), distance² < \(fixed(point.threshold, 3)): RMS \(Self.levels(point.median)) grey "
      + "levels, quartiles \(Self.levels(point.quartiles[0])) and \(Self.levels(point.quartiles[2])); "
      + "\(percent(point.succeeded)) succeed, \(percent(point.untouched)) were below untouched"
  }

  private static func levels(_ value: Double?) -> String { value.map { fixed($0, 2) } ?? "never" }

  /// None.
  public var charts: [(name: String, svg: String)] { [] }

  /// A table of the points.
  public var body: [HTMLPage.Part] {
    [
      .paragraph(
        "Accuracy \(percent(accuracy)), FNMR \(percent(falseNonMatchRate)) at FMR 1 %, on "
          + "\(pictures) pictures of \(people) people. \(pairs) pairs of strangers were attacked by "
          + "the minimum-norm attack, which sees this network alone; pictures of 8 bits."),
      .table(
        ReportTable(
          head: [
            "distance²", "below", "RMS, median", "first quartile", "third quartile", "succeed",
            "below untouched",
          ],
          rows: points.map {
            [
              $0.name, fixed($0.threshold, 3), Self.levels($0.median),
              Self.levels($0.quartiles[0]), Self.levels($0.quartiles[2]), percent($0.succeeded),
              percent($0.untouched),
            ]
          })),
    ]
  }
}
