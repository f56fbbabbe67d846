public import Reports

extension GenerationReport: ExperimentReport {
  /// The paper's Table 2: top-1 on MS-Celeb-1M, 10,000 people, five generated faces each, in percent.
  static let paper: [(method: String, top1: Double)] = [
    ("real pictures", 87.39), ("without L_GC", 5.71), ("without T", 79.19),
    ("without L_GD", 80.52), ("without U", 80.24), ("full model", 81.11),
  ]

  private var table: ReportTable {
    ReportTable(
      head: [
        "people", "faces", "judge", "gallery", "probes", "top-1", "95 % interval", "ratio to real",
        "95 % interval", "attributes' person",
      ],
      rows: rows.map { row in
        let found = row.identification
        return [
          row.group, row.model ?? "real", row.judge, "\(found.galleryPeople)", "\(found.probes)",
          percent(found.top1), interval(found.top1CI95), row.ratio.map { fixed($0, 3) } ?? "",
          row.ratioCI95.map { interval($0, decimals: 3) } ?? "",
          row.attributesFound.map { percent($0) } ?? "",
        ]
      })
  }

  private var paperTable: ReportTable {
    ReportTable(
      head: ["the paper's Table 2", "top-1", "ratio to real"],
      rows: Self.paper.map { method, top1 in
        [method, "\(fixed(top1, 2)) %", fixed(top1 / Self.paper[0].top1, 3)]
      })
  }

  private static let protocolWords = """
    One real picture of each person is in the gallery. Up to five others of the same person are \
    queries: real ones as they are (the ceiling), and one face generated of each, with its identity \
    and the attributes of somebody else's picture. The person whose gallery picture is nearest to \
    the probe, by distance² of the judge's unit-length embeddings, is the answer.
    """
  private static let differences = """
    The paper's galleries hold 10,000 people of MS-Celeb-1M, and pictures that are not in training; \
    here, the pictures of people in training are those of the training. A smaller gallery is easier, \
    so only ratios and the order of models compare. f_c judges what G was trained to please (L_GC); \
    f_v, where there is one, is independent. The paper's text gives no figures of its Table 3.
    """

  public var text: String {
    "\(table.text)\n\n\(paperTable.text)\n(MS-Celeb-1M, 10,000 people: another gallery)"
  }

  public var charts: [(name: String, svg: String)] { [] }

  public var body: [HTMLPage.Part] {
    [
      .paragraph(Self.protocolWords), .table(table),
      .paragraph(
        "Intervals of top-1 are Clopper–Pearson's, those of the ratio come from a bootstrap over "
          + "people. The last column tells how often the nearest is the person who lent the "
          + "attributes."),
      .heading("Beside the paper"), .table(paperTable), .paragraph(Self.differences),
    ]
  }

  public var title: String { "Identification of generated faces (Tables 2 and 3)" }
}
