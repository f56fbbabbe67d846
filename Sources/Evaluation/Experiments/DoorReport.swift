private import AttackSets
public import Attacks
public import ModelStore

/// What a door lets in, in the words of ISO/IEC 30107-3 and CEN/TS 18099.
///
/// Attacks are injected files, not presentations to a camera: 30107-3 gives the arithmetic alone.
///
/// | word | here |
/// |---|---|
/// | attack instrument (IAI) | a file that one family of attacks made for one pair |
/// | attack method (IAM) | the file is handed in in place of the camera's picture |
/// | IAPAR | the share of attacks that the complete decision accepts; of all that were tried |
/// | APCER | the share of attack files that the screen takes for bona fide |
/// | BPCER | the share of untouched transactions that the screen takes for attacks |
/// | APNRR, BPNRR | the share without an answer; it counts as a denial |
public struct DoorReport: Codable, Sendable {
  /// The allowed changes, root mean squares in grey levels, at which shares are told.
  public static let allowed = [0.5, 1.0, 2, 3, 4, 6, 8]

  /// What attackers of a kind come to.
  public struct Outcome: Codable, Equatable, Sendable {
    /// The share of pairs that get in with any change: the IAPAR.
    public var iapar: DoorShare
    /// The same within each of ``DoorReport/allowed``.
    public var within: [DoorShare]
    /// The change at which half of the pairs get in, and its PSNR.
    public var halfRMS, halfPSNR: DoorMedian
    /// The changes with which pairs got in, ascending, in grey levels.
    public var changes: [Double]

    /// - `costs`: the smallest change that gets each pair in, with its PSNR; nil if none does.
    init(_ costs: [(rms: Double, psnr: Double)?]) {
      let changes = costs.compactMap { $0?.rms }.sorted()
      iapar = DoorShare(changes.count, of: costs.count)
      within = DoorReport.allowed.map { limit in
        DoorShare(changes.count { $0 <= limit }, of: costs.count)
      }
      halfRMS = DoorMedian(costs.map { $0?.rms })
      halfPSNR = DoorMedian(costs.map { $0?.psnr }, isLargerBetter: true)
      self.changes = changes
    }
  }

  /// One species of attacks: a family on one way to the door, made for one θ.
  public struct Row: Codable, Sendable {
    /// The trial's name.
    public var name: String
    /// The family: the attack's name.
    public var family: String
    /// The way to the door.
    public var path: DoorTrial.Path
    /// What the attacker knows.
    public var knowledge: AttackKnowledge
    /// The attack's configuration: numbers as text.
    public var settings: [String: String]
    /// The distance² that the attack undercuts.
    public var theta: Float
    /// Pairs attacked; and pairs left out because they matched before any change.
    public var pairs, matchedBefore: Int
    /// The share of pairs whose file is below θ by the attack's own account.
    public var made: DoorShare
    /// The share that the distance² alone would let in.
    public var matched: DoorShare
    /// The share of files that the screen takes for bona fide; nil without a screen.
    public var apcer: DoorShare?
    /// The share without an answer.
    public var apnrr: DoorShare
    /// What the complete decision lets in.
    public var outcome: Outcome
    /// The medians of all files' changes, in grey levels, and of their PSNR.
    public var medianRMS, medianPSNR: Double?
    /// The mean of gradients and of queries for a pair, for all θ of the trial together.
    public var gradients, queries: Double
  }

  /// What somebody comes to who has several families to choose from: for each pair the best.
  public struct Group: Codable, Sendable {
    /// What they have in common.
    public var name: String
    /// The species.
    public var species: Int
    /// What they come to.
    public var outcome: Outcome
  }

  /// Untouched pairs of one source.
  public struct Source: Codable, Sendable {
    /// What they are.
    public var name: String
    /// The share of genuine pairs that the screen calls tampered with, and of probes alone; nil without a
    /// screen.
    public var bpcer, bpcerOfPictures: DoorShare?
    /// The share of genuine pairs without an answer.
    public var bpnrr: DoorShare
    /// Genuine pairs let in by the complete decision, and by the distance² alone.
    public var genuine, genuineByDistance: DoorShare
    /// The same of strangers who change nothing.
    public var strangers, strangersByDistance: DoorShare
    /// Genuine pairs after each handling of the probe.
    public var handlings: [Handling]
  }

  /// Genuine pairs of a source after one handling of the probe.
  public struct Handling: Codable, Sendable {
    /// The handling.
    public var handling: OrdinaryHandling
    /// As of ``Source``.
    public var bpcer: DoorShare?
    public var bpnrr, genuine: DoorShare
  }

  /// The distance² below which two faces match.
  public var match: OperatingPoint
  /// The probability from which the screen refuses a pair; nil without a screen.
  public var screen: OperatingPoint?
  /// The species.
  public var rows: [Row]
  /// By what the attacker knows, on aligned and stored faces; who knows more has also what needs less.
  public var byKnowledge: [Group]
  /// By the way to the door, all knowledge together.
  public var byPath: [Group]
  /// Untouched pairs.
  public var sources: [Source]
  /// What was not measured.
  public var leftOut: [String]
  /// Each species with more effort; nil if that was not asked for.
  public var strength: [DoorStrength]?
  /// The species and efforts that there is no form of; nil likewise.
  public var notRepeated: [String]?

  init(
    match: OperatingPoint, screen: OperatingPoint?, theta: Float,
    rows: [(trial: DoorTrial, presentations: [DoorPresentation])],
    bonaFide: [(source: String, lines: [BonaFideLine])], leftOut: [String]
  ) {
    (self.match, self.screen, self.leftOut) = (match, screen, leftOut)
    // A pair that matches untouched is no attack.
    let attacks = rows.map { trial, all in
      (trial: trial, all: all, attacked: all.filter { $0.entry.distanceBefore >= theta })
    }
    self.rows = attacks.flatMap { trial, all, attacked in
      trial.thetas(door: theta).reversed().map { level in
        let own = attacked.filter { $0.entry.theta == level }
        return Row(
          trial, own, before: all.count { $0.entry.theta == level } - own.count, theta: level,
          hasScreen: screen != nil)
      }
    }
    func group(_ name: String, _ chosen: [(trial: DoorTrial, attacked: [DoorPresentation])])
      -> Group?
    {
      guard !chosen.isEmpty else { return nil }
      let pairs = Dictionary(grouping: chosen.flatMap(\.attacked)) { $0.entry.pair.id }
      return Group(
        name: name, species: chosen.reduce(0) { $0 + $1.trial.depths.count },
        outcome: Outcome(pairs.sorted { $0.key < $1.key }.map { Self.cheapest($0.value) }))
    }
    let faces = attacks.filter { [.aligned, .stored].contains($0.trial.path) }
      .map { (trial: $0.trial, attacked: $0.attacked) }
    let ranks: [(String, Set<AttackKnowledge>)] = [
      ("nothing", [.nothing]), ("answers of the door's network", [.nothing, .answers]),
      ("f_C", [.nothing, .answers, .surrogate, .decider]), ("f_V", [.nothing, .witness]),
      ("f_C and f_V", [.nothing, .answers, .surrogate, .decider, .witness, .both]),
      ("everything", Set(AttackKnowledge.allCases)),
    ]
    let own: [AttackKnowledge] = [.nothing, .answers, .decider, .witness, .both, .everything]
    byKnowledge = zip(ranks, own).compactMap { rank, kind in
      guard faces.contains(where: { $0.trial.knowledge == kind }) else { return nil }
      return group(rank.0, faces.filter { rank.1.contains($0.trial.knowledge) })
    }
    byPath = DoorTrial.Path.allCases.compactMap { path in
      group(
        path.rawValue,
        attacks.filter { $0.trial.path == path }.map { (trial: $0.trial, attacked: $0.attacked) })
    }
    sources = bonaFide.map { Source($0.source, $0.lines, hasScreen: screen != nil) }
  }

  /// The smallest change of those that the door accepts.
  static func cheapest(_ presented: [DoorPresentation]) -> (rms: Double, psnr: Double)? {
    presented.filter { $0.answer?.accepted == true }
      .map { (rms: $0.entry.rms, psnr: $0.entry.psnr ?? .infinity) }.min { $0.rms < $1.rms }
  }
}

extension DoorReport.Row {
  init(
    _ trial: DoorTrial, _ own: [DoorPresentation], before: Int, theta: Float, hasScreen: Bool
  ) {
    func median(_ values: [Double]) -> Double? {
      values.isEmpty ? nil : values.sorted()[values.count / 2]
    }
    func mean(_ values: [Int]) -> Double {
      Double(values.reduce(0, +)) / Double(max(1, values.count))
    }
    let answered = own.filter { $0.answer != nil && $0.answer?.code == nil }
    (name, family, path) = (trial.name, trial.attack.name, trial.path)
    (knowledge, settings, self.theta) = (trial.knowledge, trial.attack.attack.settings, theta)
    (pairs, matchedBefore) = (own.count, before)
    made = DoorShare(own.count { $0.entry.success }, of: own.count)
    matched = DoorShare(own.count { $0.answer?.isLetInByDistance == true }, of: own.count)
    apcer =
      hasScreen
      ? DoorShare(answered.count { $0.answer?.tampered == false }, of: answered.count) : nil
    apnrr = DoorShare(own.count - answered.count, of: own.count)
    outcome = DoorReport.Outcome(own.map { DoorReport.cheapest([$0]) })
    let files = own.filter { $0.answer != nil }.map(\.entry)
    (medianRMS, medianPSNR) = (median(files.map(\.rms)), median(files.compactMap(\.psnr)))
    (gradients, queries) = (mean(own.map(\.entry.gradients)), mean(own.map(\.entry.queries)))
  }
}

extension DoorReport.Source {
  init(_ name: String, _ lines: [BonaFideLine], hasScreen: Bool) {
    func said(_ same: Bool, _ handling: OrdinaryHandling) -> [DoorAnswer] {
      lines.filter { $0.same == same }.compactMap { $0.answers[handling.rawValue] }
    }
    func share(_ answers: [DoorAnswer], _ isCounted: (DoorAnswer) -> Bool) -> DoorShare {
      DoorShare(answers.count(where: isCounted), of: answers.count)
    }
    func rate(_ answers: [DoorAnswer], _ isCounted: (DoorAnswer) -> Bool) -> DoorShare? {
      hasScreen ? share(answers.filter { $0.code == nil }, isCounted) : nil
    }
    let (own, others) = (said(true, .none), said(false, .none))
    self.name = name
    bpcer = rate(own) { $0.tampered == true }
    bpcerOfPictures = rate(own) { $0.probeTampered == true }
    bpnrr = share(own) { $0.code != nil }
    genuine = share(own, \.accepted)
    genuineByDistance = share(own, \.isLetInByDistance)
    strangers = share(others, \.accepted)
    strangersByDistance = share(others, \.isLetInByDistance)
    handlings = OrdinaryHandling.allCases.map { handling in
      let answers = said(true, handling)
      return DoorReport.Handling(
        handling: handling, bpcer: rate(answers) { $0.tampered == true },
        bpnrr: share(answers) { $0.code != nil }, genuine: share(answers, \.accepted))
    }
  }
}
