internal import DetectorTraining
private import Metrics
internal import Reports

/// The detector of pairs on folds that it has not seen, and what the whole check lets in with it.
public struct PairScreeningReport: Codable, Sendable {
  /// One species of attacks, each held against its target.
  public struct Row: Codable, Sendable {
    /// The attack's name and threshold.
    public var species: String
    /// Attacks.
    public var pairs: Int
    /// The area under the receiver operating characteristic, against genuine pairs.
    public var areaUnderCurve: Double
    /// For each BPCER that thresholds were set for, what passes.
    public var points: [DetectionReport.Point]
  }

  /// The whole check: a pair is let in if it matches and is not called tampered with.
  public struct Check: Codable, Sendable {
    /// The BPCER that the screen's thresholds were set for; nil without a screen.
    public var bpcer: Double?
    /// The share of genuine and of impostor pairs that is let in, and the mean of the right decisions.
    public var genuine, impostors, accuracy: Double
    /// The share of each species of attacks that is let in, in the order of the rows.
    public var attacks: [Double]
  }

  /// Genuine and impostor pairs, untouched.
  public var genuine, impostors: Int
  /// The share of genuine pairs called tampered with.
  public var genuineRates: [DetectionReport.Point]
  /// A row for each species.
  public var rows: [Row]
  /// Without a screen, and at each BPCER.
  public var checks: [Check]

  /// Sums up folds; nil if they have no genuine pairs, which attacks are held against.
  ///
  /// - Throws: `MetricsError`.
  init?(_ folds: [CrossValidatedClaims], attacks: [Species]) throws {
    typealias Judged = (pair: ClaimedPairs.Pair, probability: Double, fold: CrossValidatedClaims)
    let all: [Judged] = folds.flatMap { fold in
      fold.pairs.indices.map { (fold.pairs[$0], fold.probabilities[$0], fold) }
    }
    let genuine = all.filter(\.pair.isGenuine)
    guard !genuine.isEmpty else { return nil }
    let impostors = all.filter { $0.pair.species == .bonaFide && !$0.pair.isGenuine }
    func points(_ judged: [Judged], _ isCounted: (Bool) -> Bool) -> [DetectionReport.Point] {
      DetectionReport.rates.indices.map { rate in
        let rates = ErrorRate(
          errors: judged.count { isCounted($0.probability > $0.fold.thresholds[rate]) },
          trials: max(1, judged.count))
        return DetectionReport.Point(
          bpcer: DetectionReport.rates[rate], apcer: rates.value,
          ci95: rates.clopperPearson95.ends)
      }
    }
    func letIn(_ judged: [Judged], _ rate: Int?) -> Double {
      Double(
        judged.count { one in
          Double(one.pair.distance) < one.fold.matchThreshold
            && rate.map { one.probability <= one.fold.thresholds[$0] } ?? true
        }) / Double(max(1, judged.count))
    }
    let species = attacks.map { kind in all.filter { $0.pair.species == kind } }
    rows = try zip(attacks, species).filter { !$0.1.isEmpty }.map { kind, own in
      Row(
        species: "\(kind)", pairs: own.count,
        areaUnderCurve: try LabelledScores(
          positives: own.map(\.probability), negatives: genuine.map(\.probability),
          direction: .largerIsPositive
        ).areaUnderCurve, points: points(own) { !$0 })
    }
    checks = ([nil] + DetectionReport.rates.indices.map { $0 }).map { rate in
      let (right, wrong) = (letIn(genuine, rate), letIn(impostors, rate))
      return Check(
        bpcer: rate.map { DetectionReport.rates[$0] }, genuine: right, impostors: wrong,
        accuracy: (right + 1 - wrong) / 2,
        attacks: species.filter { !$0.isEmpty }.map { letIn($0, rate) })
    }
    (self.genuine, self.impostors) = (genuine.count, impostors.count)
    genuineRates = points(genuine) { $0 }
  }

  /// What passes for its target, a row for each species.
  var attackTable: ReportTable {
    ReportTable(
      head: ["pairs", "count", "AUC"]
        + DetectionReport.rates.map { "APCER@\(DetectionReport.short($0))" },
      rows: rows.map { row in
        [row.species, "\(row.pairs)", fixed(row.areaUnderCurve, 4)]
          + row.points.map { "\(percent($0.apcer)) \(interval($0.ci95))" }
      } + [
        ["genuine: called tampered with", "\(genuine)", "–"]
          + genuineRates.map { "\(percent($0.apcer)) \(interval($0.ci95))" }
      ])
  }

  /// What is let in without and with a screen.
  var checkTable: ReportTable {
    ReportTable(
      head: ["let in", "genuine", "impostors", "accuracy"] + rows.map(\.species),
      rows: checks.map { check in
        [
          check.bpcer.map { "screen, BPCER \(DetectionReport.short($0))" } ?? "no screen",
          percent(check.genuine), percent(check.impostors), percent(check.accuracy),
        ] + check.attacks.map { percent($0) }
      })
  }

  /// Both tables as text.
  var text: String { attackTable.text + "\n\n" + checkTable.text }
}
