private import AttackSets
private import Attacks
private import Foundation

/// An evaluation of a door under way in a folder: attacks on pairs of strangers, and untouched pairs.
///
/// All that was done is kept there pair by pair, so that an interrupted evaluation goes on, several shards
/// may work in one folder, and the report follows from the folder alone.
///
/// | in the folder | holds |
/// |---|---|
/// | `door.json` | ``DoorSettings`` |
/// | `rows/NAME/` | an attack set, and `answers.jsonl`: what the door said of its files |
/// | `bona-fide/answers.jsonl` | what the door said of untouched pairs, and after ordinary handling |
public struct DoorEvaluation {
  /// The folder.
  public let state: String
  private let trials: [DoorTrial]
  /// The trials with more effort, and how many pairs each gets.
  private let stronger: [DoorTrial]
  private let strength: Int
  private let ground: DoorGround
  private let bonaFide: DoorBonaFide
  private let judge: any DoorJudging
  private let settings: DoorSettings
  /// What cannot be measured, with the reason.
  public let leftOut: [String]

  /// Opens or creates a folder.
  ///
  /// - Parameters:
  ///   - state: the folder.
  ///   - settings: what the folder is good for.
  ///   - trials: the rows; those for which the ground lacks something are left out.
  ///   - ground: what attackers are given.
  ///   - bonaFide: untouched pairs.
  ///   - judge: what decides.
  ///   - strength: so many of each row's pairs are attacked with more effort, too; none if 0.
  /// - Throws: ``DoorStateError/otherDoor(folder:)`` or what making files throws.
  public init(
    state: String, settings: DoorSettings, trials: [DoorTrial], ground: DoorGround,
    bonaFide: [BonaFidePairs], judge: any DoorJudging, strength: Int = 0
  ) throws {
    (self.state, self.settings, self.ground, self.judge) = (state, settings, ground, judge)
    let measured = trials.filter {
      ground.missing(for: $0).isEmpty && !ground.pairs(of: $0).isEmpty
    }
    (self.trials, self.strength) = (measured, strength)
    stronger =
      strength == 0
      ? [] : measured.flatMap { trial in DoorTrial.Effort.allCases.compactMap(trial.trying) }
    leftOut = trials.compactMap { trial in
      let missing = ground.missing(for: trial)
      if !missing.isEmpty {
        return
          "\(trial.name): the models have no \(missing.map(\.rawValue).joined(separator: ", "))"
      }
      return ground.pairs(of: trial).isEmpty
        ? "\(trial.name): no person of the pairs has another picture" : nil
    }
    self.bonaFide = DoorBonaFide(bonaFide, judge: judge, seed: settings.seed, state: state)
    try settings.claim(state)
  }

  private func attacks(_ trial: DoorTrial) -> DoorAttacks {
    DoorAttacks(trial, ground(for: trial), judge: judge, seed: settings.seed, state: state)
  }

  /// What attackers are given in a trial.
  private func ground(for trial: DoorTrial) -> DoorGround {
    trial.effort == .own ? ground : ground.first(strength)
  }

  /// Where the work stands.
  public struct Progress: Sendable {
    /// What is worked on.
    public var row: String
    /// Whether its pairs are attacked, and not judged yet.
    public var isAttacking: Bool
    /// Its pairs attacked or judged, and all.
    public var done, count: Int
    /// The row's place and the number of rows, the untouched pairs being the first.
    public var rowPlace, rows: Int
    /// Work done since this began, and left, in a unit that takes about the same time everywhere.
    public var worked, left: Double
  }

  /// The work of one row.
  private struct Load {
    let name: String
    let count: Int
    /// Pairs attacked and judged before this began, the work of one, and pairs now.
    let before: (attacked: Int, judged: Int)
    let work: (attacked: Double, judged: Double)
    var done: (attacked: Int, judged: Int)

    init(
      name: String, count: Int, before: (attacked: Int, judged: Int),
      work: (attacked: Double, judged: Double)
    ) {
      (self.name, self.count, self.before, self.work) = (name, count, before, work)
      done = before
    }

    /// The work done since this began, and left.
    var worked: Double {
      work.attacked * Double(done.attacked - before.attacked)
        + work.judged * Double(done.judged - before.judged)
    }
    var left: Double {
      work.attacked * Double(count - done.attacked) + work.judged * Double(count - done.judged)
    }
  }

  /// Does all that is left to do for a shard.
  ///
  /// - `shard`: this part of so many, counted from 1.
  /// - Returns: false if it was stopped; the same call goes on.
  /// - Throws: what reading pictures and writing files throws.
  public func work(
    shard: (number: Int, count: Int) = (1, 1), progress: (Progress) -> Void = { _ in },
    shouldStop: () -> Bool = { false }
  ) throws -> Bool {
    func share(_ count: Int) -> Int {
      (count + shard.count - shard.number) / shard.count
    }
    var rows = [
      Load(
        name: "untouched pairs", count: share(bonaFide.count),
        before: (share(bonaFide.count), try bonaFide.presented(shard: shard)),
        work: (0, DoorBonaFide.work))
    ]
    let all = trials + stronger
    for trial in all {
      rows.append(
        Load(
          name: trial.name, count: share(ground(for: trial).pairs(of: trial).count),
          before: (
            try attacks(trial).attacked(shard: shard), try attacks(trial).judged(shard: shard)
          ), work: (trial.work, DoorAttacks.judging)))
    }
    func tell(_ place: Int, _ attacked: Int, _ judged: Int) {
      let row = rows[place]
      rows[place].done = (max(row.done.attacked, attacked), max(row.done.judged, judged))
      let isAttacking = attacked < row.count
      progress(
        Progress(
          row: row.name, isAttacking: isAttacking, done: isAttacking ? attacked : judged,
          count: row.count, rowPlace: place + 1, rows: rows.count,
          worked: rows.reduce(0) { $0 + $1.worked }, left: rows.reduce(0) { $0 + $1.left }))
    }
    guard
      try bonaFide.work(shard: shard, done: { tell(0, rows[0].count, $0) }, shouldStop: shouldStop)
    else { return false }
    for (place, trial) in all.enumerated() {
      guard
        try attacks(trial).work(
          shard: shard, done: { tell(place + 1, $0, $1) }, shouldStop: shouldStop)
      else { return false }
    }
    return true
  }

  /// What came of it.
  ///
  /// - Throws: ``DoorStateError/incomplete(row:done:of:)`` while something is left to do.
  public func report() throws -> DoorReport {
    let rows = try trials.map { ($0, try attacks($0).presentations()) }
    var report = DoorReport(
      match: judge.match, screen: judge.screenPoint, theta: judge.theta, rows: rows,
      bonaFide: try bonaFide.lines(), leftOut: leftOut)
    if strength > 0 {
      report.strength = try rows.flatMap { trial, own in
        try DoorTrial.Effort.allCases.compactMap(trial.trying).flatMap { other in
          DoorStrength.all(
            of: trial, own, as: other, try attacks(other).presentations(), theta: judge.theta)
        }
      }
      report.notRepeated = trials.flatMap { trial in
        DoorTrial.Effort.allCases.filter { $0 != .own && trial.trying($0) == nil }
          .map { "\(trial.name), \($0.rawValue)" }
      }
    }
    return report
  }
}
