private import Attacks
private import ModelStore
public import Reports

extension DoorReport: ExperimentReport {
  public var title: String { "What the door lets in" }

  private static let attackHead =
    ["pairs", "let in (IAPAR)"] + allowed.map { "≤ \(fixed($0, 1))" }
    + ["half get in at RMS", "at PSNR, dB"]

  private func cells(_ outcome: Outcome) -> [String] {
    ["\(outcome.iapar.of)", outcome.iapar.text]
      + outcome.within.map { "\(fixed(100 * $0.share, 0)) %" }
      + [outcome.halfRMS.text(2), outcome.halfPSNR.text(1)]
  }

  private func table(_ groups: [Group], _ name: String) -> ReportTable {
    ReportTable(
      head: [name, "species"] + Self.attackHead,
      rows: groups.map { [$0.name, "\($0.species)"] + cells($0.outcome) })
  }

  private var speciesTable: ReportTable {
    ReportTable(
      head: ["species", "knows", "θ"] + Self.attackHead
        + ["match alone", "screen passes (APCER)", "no answer", "median RMS", "PSNR"],
      rows: rows.map { row in
        [row.name, row.knowledge.rawValue, fixed(Double(row.theta), 2)] + cells(row.outcome) + [
          row.matched.text, row.apcer?.text ?? "no screen", row.apnrr.text,
          row.medianRMS.map { fixed($0, 2) } ?? "–", row.medianPSNR.map { fixed($0, 1) } ?? "–",
        ]
      })
  }

  private var sourceTable: ReportTable {
    ReportTable(
      head: [
        "untouched pairs", "screen calls tampered (BPCER)", "the probe alone",
        "no answer (BPNRR)", "genuine let in", "without the screen", "strangers let in",
        "without the screen",
      ],
      rows: sources.map { source in
        [
          source.name, source.bpcer?.text ?? "no screen",
          source.bpcerOfPictures?.text ?? "no screen", source.bpnrr.text, source.genuine.text,
          source.genuineByDistance.text, source.strangers.text, source.strangersByDistance.text,
        ]
      })
  }

  private var handlingTable: ReportTable {
    ReportTable(
      head: ["ordinary handling of the probe"]
        + sources.flatMap { ["BPCER, \($0.name)", "no answer", "genuine let in"] },
      rows: OrdinaryHandling.allCases.enumerated().map { place, handling in
        [handling == .none ? "untouched" : handling.rawValue]
          + sources.flatMap { source -> [String] in
            let found = source.handlings[place]
            return [found.bpcer?.text ?? "no screen", found.bpnrr.text, found.genuine.text]
          }
      })
  }

  private var settingsTable: ReportTable {
    var known: Set<String> = []
    let own = rows.filter { known.insert($0.name).inserted }
    return ReportTable(
      head: ["trial", "family", "path", "settings", "gradients, queries a pair"],
      rows: own.map { row in
        [
          row.name, row.family, row.path.rawValue,
          row.settings.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            .joined(separator: ", "),
          "\(fixed(row.gradients, 0)), \(fixed(row.queries, 0))",
        ]
      })
  }

  /// Each species with more effort; nil if that was not asked for.
  private var strengthTable: ReportTable? {
    strength.map { all in
      ReportTable(
        head: [
          "species", "θ", "effort", "let in", "with more effort", "gained, lost", "median RMS",
          "with more effort", "own settings",
        ],
        rows: all.map { one in
          [
            one.name, fixed(Double(one.theta), 2), one.effort.rawValue, one.own.text,
            one.stronger.text, "\(one.gained), \(one.lost)",
            one.ownRMS.map { fixed($0, 2) } ?? "–", one.strongerRMS.map { fixed($0, 2) } ?? "–",
            one.finding == .tooWeak ? "too weak" : one.finding.rawValue,
          ]
        })
    }
  }

  /// The searches that have no stronger form, in words.
  private var unrepeated: String? {
    notRepeated.flatMap {
      $0.isEmpty ? nil : "Without such a form: " + $0.joined(separator: "; ") + "."
    }
  }

  /// The decision that was measured, in words.
  private var decision: String {
    let screen = screen.map {
      "and refuses a pair whose probability of tampering is above \(fixed($0.threshold, 4)) (\($0.name))"
    }
    return
      "The door takes two faces for one below distance² \(fixed(match.threshold, 4)) (\(match.name)) "
      + (screen ?? "and has no screen: nothing else is asked") + "."
  }

  private var omissions: String? {
    leftOut.isEmpty ? nil : "Not measured: " + leftOut.joined(separator: "; ") + "."
  }

  public var text: String {
    ([decision]
      + [
        table(byKnowledge, "attacker knows").text, table(byPath, "path").text, speciesTable.text,
        sourceTable.text, handlingTable.text, strengthTable?.text ?? "",
      ].filter { $0.contains("\n") } + [unrepeated, omissions].compactMap(\.self))
      .joined(separator: "\n\n")
  }

  /// The share of pairs that get in within an allowed change.
  private func chart(_ title: String, _ lines: [(name: String, outcome: Outcome)]) -> LineChart {
    LineChart(
      title, x: Axis("allowed change, RMS in grey levels", range: 0...8),
      y: Axis("share of pairs let in", range: 0...1),
      series: lines.map { line in
        let count = Double(max(1, line.outcome.iapar.of))
        var points = [LineChart.Series.Point(0, 0)]
        for (place, change) in line.outcome.changes.enumerated() {
          points.append(.init(change, Double(place) / count))
          points.append(.init(change, Double(place + 1) / count))
        }
        points.append(.init(8, Double(line.outcome.changes.count { $0 <= 8 }) / count))
        return LineChart.Series(
          line.name, points.filter { $0.x <= 8 })
      })
  }

  public var charts: [(name: String, svg: String)] {
    let all: [(String, String, [(name: String, outcome: Outcome)])] = [
      (
        "by-knowledge", "Let in, by what the attacker knows",
        byKnowledge.map { ($0.name, $0.outcome) }
      ),
      ("by-path", "Let in, by the way to the door", byPath.map { ($0.name, $0.outcome) }),
    ]
    return all.filter { !$0.2.isEmpty }.map { ($0.0, chart($0.1, $0.2).svg) }
  }

  public var body: [HTMLPage.Part] {
    let figures = charts.map {
      HTMLPage.Part.figure(
        svg: $0.svg,
        caption:
          "The share of pairs that the complete decision lets in, by the allowed change. For each "
          + "pair the smallest change of all families of the group counts.")
    }
    return [
      .paragraph(decision),
      .paragraph(
        "Attacks are injected files (CEN/TS 18099: the instrument is a picture file, the method to hand it "
          + "in in the camera's place). Rates are counted as in ISO/IEC 30107-3: APCER is the share of attack "
          + "files that the screen takes for bona fide, IAPAR the share of attacked pairs that the complete "
          + "decision accepts, BPCER the share of untouched transactions that the screen takes for attacks. "
          + "An attack that found nothing counts as one that was denied; so does one without an answer. A "
          + "pair that matches untouched is not attacked. In brackets: 95 % Wilson intervals; of the change "
          + "at which half of the pairs get in, the ends by the order of the pairs."),
      .paragraph(
        "Changes are root mean squares in grey levels of 0…255, of the file as it is decoded; of a whole "
          + "photograph, of the part around its face. Who knows more has also the attacks that need less. "
          + "For every group the best attack on each pair counts, so its share grows with the number of "
          + "species tried."),
    ] + [omissions].compactMap(\.self).map { .paragraph($0) } + [
      .heading("By what the attacker knows (aligned and stored faces)"),
      .table(table(byKnowledge, "attacker knows")), .heading("By the way to the door"),
      .table(table(byPath, "path")),
    ] + figures + [
      .heading("Every species"), .table(speciesTable), .heading("Untouched pairs"),
      .table(sourceTable), .heading("Ordinary handling"), .table(handlingTable),
    ] + strengthPart + [.heading("Settings of each family"), .table(settingsTable)]
  }

  private var strengthPart: [HTMLPage.Part] {
    guard let table = strengthTable else { return [] }
    return [
      .heading("Are the searches strong enough?"),
      .paragraph(
        "The same pairs again with twice the gradients, rounds or queries, and with three further "
          + "searches of which the smallest change counts. Where more pairs than the interval allows get "
          + "in, the search's own settings are too weak."),
      .table(table),
    ] + [unrepeated].compactMap(\.self).map { .paragraph($0) }
  }
}
