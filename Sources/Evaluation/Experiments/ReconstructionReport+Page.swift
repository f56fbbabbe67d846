private import Metrics
public import Reports

extension ReconstructionReport: ExperimentReport {
  public var title: String { "Reconstruction of faces" }

  private var pictureTable: ReportTable {
    ReportTable(
      head: [
        "people", "model", "pictures", "PSNR, dB", "95 % interval", "of the mean face", "SSIM",
        "95 % interval", "sharpness", "95 % interval", "grid (period, pixels)",
        "cos f_A(x), f_A(x̂)", "95 % interval", "of strangers",
      ],
      rows: rows.map { row in
        [
          "\(row.people) \(row.group)", row.model, "\(row.pictures)", fixed(row.psnr, 2),
          interval(row.psnrCI95, decimals: 2), fixed(row.meanFacePSNR, 2), fixed(row.ssim, 3),
          interval(row.ssimCI95, decimals: 3), fixed(row.sharpness, 3),
          interval(row.sharpnessCI95, decimals: 3),
          "\(fixed(row.gridIndex, 2)) (\(fixed(row.gridPeriod, 1)))", fixed(row.attributeCosine, 3),
          interval(row.attributeCosineCI95, decimals: 3), fixed(row.strangersAttributeCosine, 3),
        ]
      })
  }

  private var identityTable: ReportTable {
    ReportTable(
      head: [
        "people", "model", "judge", "cos x, x̂", "95 % interval", "one person", "two people",
        "x̂ / one person", "gap own", "gap swapped", "AUC", "95 % interval",
      ],
      rows: rows.flatMap { row in
        row.identities.map { found in
          [
            row.group, row.model, found.judge, fixed(found.cosine, 3),
            interval(found.cosineCI95, decimals: 3), fixed(found.genuineCosine, 3),
            fixed(found.impostorCosine, 3), fixed(found.cosine / found.genuineCosine, 3),
            fixed(found.ownGap, 3), fixed(found.swappedGap, 3), fixed(found.areaUnderCurve, 4),
            interval(found.areaUnderCurveCI95, decimals: 4),
          ]
        }
      })
  }

  private static let words = """
    PSNR is that of all colours, beside that of x and the mean of these pictures; SSIM that of the brightness (Wang et al. 2004). \
    Sharpness is the energy above .125 cycles a pixel, of x̂ over x. The grid index is how far a frequency \
    of an axis stands out from the eight around it, median over the pictures, in x̂ over x, the largest \
    above 1/16 cycle a pixel. Cosines of f_A tell \
    whether x̂ has the attributes of x, beside those of pictures of strangers. The identity gap is \
    distance² of x and x̂ by the judge; x̂ is made of x's own f_I, or of a stranger's with x's \
    attributes (swapped), and the area under the curve tells how well the gap separates the two. \
    "One person" and "two people" are mean cosines of two real photos. All intervals come from a \
    bootstrap over people. The paper gives no such figures.
    """

  public var text: String { "\(pictureTable.text)\n\n\(identityTable.text)" }

  public var charts: [(name: String, svg: String)] {
    rows.enumerated().flatMap { index, row in
      row.identities.map { found in
        let chart = HistogramChart(
          "Identity gap: \(row.group), \(row.model)",
          axisTitle: "distance² of x and x̂ by \(found.judge)",
          edges: found.ownHistogram.edges,
          groups: [
            HistogramChart.Group("own identity", found.ownHistogram.counts, total: row.pictures),
            HistogramChart.Group("swapped", found.swappedHistogram.counts, total: row.pictures),
          ])
        return ("gap-\(index + 1)-\(found.judge)", chart.svg)
      }
    }
  }

  public var body: [HTMLPage.Part] {
    [
      .paragraph(Self.words), .table(pictureTable), .heading("The person"), .table(identityTable),
    ] + charts.map { .figure(svg: $0.svg, caption: "Shares of the pictures in each bin.") }
  }
}
