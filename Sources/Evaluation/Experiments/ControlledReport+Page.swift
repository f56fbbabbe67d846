public import Reports

extension ControlledReport: ExperimentReport {
  public var title: String { "Controlled attributes of drawn people" }

  private var rowTable: ReportTable {
    ReportTable(
      head: [
        "attribute", "value", "genuine d²", "impostor d²", "AUC", "top-1", "generated top-1",
        "d² to x̂",
      ],
      rows: rows.map {
        [
          $0.attribute, fixed($0.value, 1), fixed($0.genuine, 3), fixed($0.impostor, 3),
          fixed($0.areaUnderCurve, 4), percent($0.top1), percent($0.generatedTop1),
          fixed($0.reconstruction, 3),
        ]
      })
  }

  private var probeTable: ReportTable {
    ReportTable(
      head: ["read by a linear probe", "from f_I", "from f_A", "from 32×32 pixels"],
      rows: probes.map {
        [$0.name, fixed($0.identity, 3), fixed($0.attributes, 3), fixed($0.pixels, 3)]
      })
  }

  private var morphTable: ReportTable {
    ReportTable(
      head: [
        "morph", "from", "to", "read: drawn", "read: generated", "right steps", "correlation",
      ],
      rows: morphs.map {
        func ends(_ readings: [Double]) -> String {
          "\(fixed(readings[0], 2)) … \(fixed(readings[readings.count - 1], 2))"
        }
        return [
          $0.attribute, fixed($0.from, 0), fixed($0.to, 0), ends($0.drawn), ends($0.generated),
          percent($0.rightSteps), fixed($0.correlation, 3),
        ]
      })
  }

  private var rowWords: String {
    """
    \(people) drawn people, seed \(seed). Pictures with one attribute changed, against a gallery of one \
    plain picture each, by f_C. Generated faces have the identity of a plain picture and the attributes \
    of the next person's changed one; top-1 counts how often the person is the nearest.
    """
  }

  private var probeWords: String {
    """
    \(pictures) pictures of each, everything in them drawn anew: R² of attributes on people that the \
    probe has not seen, top-1 of the person on pictures it has not seen (chance \
    \(percent(1 / Double(people)))). Pixels show what is easy to read at all.
    """
  }

  private static let morphWords = """
    f_A moves in equal steps between two pictures of one person that differ in one attribute (Figure 8). \
    The probe of pixels reads G's pictures, and drawn ones on the same way. It has seen no generated \
    picture and pulls towards the mean, so compare its readings with those of drawn pictures.
    """

  public var text: String {
    """
    \(rowWords)
    \(rowTable.text)

    \(probeWords)
    \(probeTable.text)

    \(Self.morphWords)
    \(morphTable.text)
    """
  }

  public var charts: [(name: String, svg: String)] {
    morphs.map { morph in
      func line(_ name: String, _ readings: [Double]) -> LineChart.Series {
        LineChart.Series(
          name,
          readings.enumerated().map { step, value in
            LineChart.Series.Point(Double(step) / Double(readings.count - 1), value)
          })
      }
      let chart = LineChart(
        "Morph: \(morph.attribute)", x: Axis("way from the first picture to the last"),
        y: Axis("\(morph.attribute), read from pixels"),
        series: [line("drawn", morph.drawn), line("generated", morph.generated)])
      return ("morph-" + morph.attribute.replacing(" ", with: "-"), chart.svg)
    }
  }

  public var body: [HTMLPage.Part] {
    [
      .paragraph(rowWords), .table(rowTable), .heading("Linear probes"), .paragraph(probeWords),
      .table(probeTable), .heading("Morphs"), .paragraph(Self.morphWords), .table(morphTable),
    ] + charts.map { .figure(svg: $0.svg, caption: "Means over people.") }
  }
}
