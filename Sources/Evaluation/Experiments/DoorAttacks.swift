public import AttackSets
private import Attacks
public import Embedders
private import Foundation
public import Images
public import Screening

/// What attackers are given, and what their files are held against.
public struct DoorGround {
  /// The networks that attacks see; `victim`, f_C, decides about the success of those that know no more.
  public var networks: AttackNetworks
  /// f_C and f_V as the door fuses them, and what their distance² depends on; nil where f_C alone decides.
  public var fused: (networks: DecidingEmbedders, sum: String)?
  /// What the networks' distances depend on, and the screen with its operating point.
  public var victimSum: String
  public var witnessSum, screenSum: String?
  /// The embedder's name in the manifest.
  public var victimName: String?
  /// Pairs of strangers, and the same with another picture enrolled, as far as there is one.
  public var pairs, pairsWithOther: [AttackPair]
  /// Gives aligned faces.
  public var faces: AttackPictures
  /// Gives photographs and finds faces in them; nil without a face detector.
  public var photographs: AttackPictures?
  /// A picture of a photograph's name as the door sees it; nil likewise.
  public var seen: ((RGBImage, String) throws -> FacePicture)?

  /// Collects what attackers are given.
  public init(
    networks: AttackNetworks, victimSum: String, victimName: String? = nil,
    pairs: [AttackPair], pairsWithOther: [AttackPair] = [], faces: AttackPictures
  ) {
    (self.networks, self.victimSum, self.victimName) = (networks, victimSum, victimName)
    (self.pairs, self.pairsWithOther, self.faces) = (pairs, pairsWithOther, faces)
  }

  /// What is missing for a trial.
  public func missing(for trial: DoorTrial) -> [DoorTrial.Need] {
    trial.needs.filter { need in
      switch need {
      case .witness: networks.witness == nil
      case .fusion: fused == nil
      case .screen: networks.screen == nil
      case .finder: photographs == nil || seen == nil
      }
    }
  }

  /// The same with the first pairs alone.
  func first(_ count: Int) -> DoorGround {
    var fewer = self
    fewer.pairs = Array(pairs.prefix(count))
    fewer.pairsWithOther = Array(pairsWithOther.prefix(count))
    return fewer
  }

  /// The networks of a trial; a trial that aims at what decides has that for its victim.
  func networks(of trial: DoorTrial) -> AttackNetworks {
    var own = networks
    if let fused, trial.aimsAtDecision { own.victim = fused.networks }
    return own
  }

  /// The pairs of a trial.
  public func pairs(of trial: DoorTrial) -> [AttackPair] {
    trial.path == .otherReference ? pairsWithOther : pairs
  }
}

/// One file of a trial and what the door said of it.
struct DoorPresentation: Sendable {
  let entry: AttackSetEntry
  /// Nil where there is no file.
  let answer: DoorAnswer?
}

/// The attacks of one trial: made into an attack set, then presented to the door, pair by pair.
struct DoorAttacks {
  /// An answer to a file, as it is kept.
  private struct Line: Codable, Sendable {
    var pair: String
    var theta: Float
    var answer: DoorAnswer

    var name: String { Self.name(pair, theta) }
    static func name(_ pair: String, _ theta: Float) -> String { "\(pair) \(theta)" }
  }

  private let trial: DoorTrial
  private let ground: DoorGround
  private let judge: any DoorJudging
  private let folder: String
  private let settings: AttackSetSettings
  private let seed: UInt64

  init(
    _ trial: DoorTrial, _ ground: DoorGround, judge: any DoorJudging, seed: UInt64, state: String
  ) {
    (self.trial, self.ground, self.judge, self.seed) = (trial, ground, judge, seed)
    folder = "\(state)/rows/\(trial.name)"
    let fused = trial.aimsAtDecision ? ground.fused : nil
    settings = AttackSetSettings(
      attacks: [trial.attack], thetas: trial.thetas(door: judge.theta), seed: seed,
      embedder: fused?.sum ?? ground.victimSum,
      embedderName: fused == nil ? ground.victimName : EmbeddingFusion.modelName,
      witness: trial.attack.sees(.witness) ? ground.witnessSum : nil,
      screen: trial.attack.sees(.screen) ? ground.screenSum : nil,
      isWhole: trial.path == .whole ? true : nil)
  }

  /// Attacks and presents all pairs of a shard that were not yet.
  ///
  /// - `done`: is told how many pairs are attacked, and how many judged, after each batch.
  /// - Returns: false if it was stopped.
  /// - Throws: `AttackSetError`, ``DoorStateError``, and what reading and writing files throws.
  func work(
    shard: (number: Int, count: Int), done: (_ attacked: Int, _ judged: Int) -> Void,
    shouldStop: () -> Bool
  ) throws -> Bool {
    let all = ground.pairs(of: trial)
    let mine = all.indices.filter { $0 % shard.count == shard.number - 1 }.map { all[$0] }
    var writer = try AttackSetWriter(
      folder: folder, settings: settings, attacks: [trial.attack],
      networks: ground.networks(of: trial), shard: shard)
    // What takes long is kept more often.
    if trial.attack.sees(.screen) { writer.batch = 4 }
    let held = try attackedPairs()
    let open = mine.filter { !held.contains($0.id) }
    let before = mine.count - open.count
    let judgedBefore = try judged(shard: shard)
    let pictures = trial.path == .whole ? ground.photographs ?? ground.faces : ground.faces
    if !open.isEmpty {
      try writer.write(
        open, from: pictures, progress: { attacked, _ in done(before + attacked, judgedBefore) },
        shouldStop: shouldStop)
      if shouldStop() { return false }
    }
    var journal = try journal(shard)
    let wanted = Set(mine.map(\.id))
    let files = Dictionary(grouping: try entries().filter { wanted.contains($0.pair.id) }) {
      $0.pair.id
    }
    for (place, pair) in mine.enumerated() {
      defer { done(mine.count, max(judgedBefore, place + 1)) }
      let unsaid = (files[pair.id] ?? []).filter {
        $0.file != nil && journal.lines[Line.name($0.pair.id, $0.theta)] == nil
      }
      if unsaid.isEmpty { continue }
      if shouldStop() { return false }
      let answers = try present(unsaid, pair)
      try journal.append(
        zip(unsaid, answers).map { Line(pair: pair.id, theta: $0.theta, answer: $1) })
    }
    return true
  }

  private func journal(_ shard: (number: Int, count: Int)) throws -> AnswerJournal<Line> {
    try AnswerJournal(folder: folder, stem: "answers", shard: shard) { $0.name }
  }

  /// What was attacked, each pair once at each θ.
  private func entries() throws -> [AttackSetEntry] {
    do {
      var known: Set<String> = []
      return try AttackSet(folder: folder).entries.filter {
        known.insert(Line.name($0.pair.id, $0.theta)).inserted
      }
    } catch AttackSetError.noSet {
      return []
    }
  }

  /// The pairs that were attacked at every θ.
  private func attackedPairs() throws -> Set<String> {
    let counts = Dictionary(grouping: try entries()) { $0.pair.id }.mapValues(\.count)
    return Set(counts.filter { $0.value == settings.thetas.count }.keys)
  }

  /// What the door says of the files of a pair, as they are decoded.
  private func present(_ entries: [AttackSetEntry], _ pair: AttackPair) throws -> [DoorAnswer] {
    func read(_ file: String?) throws -> RGBImage {
      try RGBImage.read(path: folder + "/" + (file ?? "")).image
    }
    let probes = try entries.map { entry -> Result<FacePicture, any Error> in
      let picture = try read(entry.file)
      return Result { try face(picture, "probe") }
    }
    let reference: Result<FacePicture, any Error>
    if trial.path == .whole, let photograph = ground.photographs?.photograph {
      let picture = try photograph(pair.enrolled ?? pair.target)
      reference = Result { try face(picture, "reference") }
    } else {
      let picture = try read(entries[0].enrolledFile ?? entries[0].targetFile)
      reference = Result { try face(picture, "reference") }
    }
    return judge.answers(probes, against: reference)
  }

  private func face(_ picture: RGBImage, _ name: String) throws -> FacePicture {
    if trial.path == .whole, let seen = ground.seen { return try seen(picture, name) }
    return try FacePicture(image: picture, name: name, place: .aligned)
  }

  /// All that was presented, in the order of pairs, the smaller θ first.
  ///
  /// - Throws: ``DoorStateError/incomplete(row:done:of:)`` if a pair lacks something.
  func presentations() throws -> [DoorPresentation] {
    let journal = try journal((1, 1))
    let wanted = ground.pairs(of: trial).map(\.id)
    let groups = Dictionary(grouping: try entries()) { $0.pair.id }
    var (found, done): ([DoorPresentation], Int) = ([], 0)
    for id in wanted {
      let own = (groups[id] ?? []).map {
        DoorPresentation(
          entry: $0, answer: journal.lines[Line.name($0.pair.id, $0.theta)]?.answer)
      }
      let isDone =
        own.count == settings.thetas.count
        && own.allSatisfy { $0.entry.file == nil || $0.answer != nil }
      if isDone { done += 1 }
      found += own
    }
    guard done == wanted.count else {
      throw DoorStateError.incomplete(row: trial.name, done: done, of: wanted.count)
    }
    return found
  }

  /// About how many gradients of one network it takes to judge a pair's files.
  static let judging = 8.0

  /// How many pairs of a shard are judged already.
  func judged(shard: (number: Int, count: Int)) throws -> Int {
    let all = ground.pairs(of: trial)
    let lines = try journal(shard).lines
    return all.indices.count { place in
      place % shard.count == shard.number - 1
        && settings.thetas.contains { lines[Line.name(all[place].id, $0)] != nil }
    }
  }

  /// How many pairs of a shard are attacked already.
  func attacked(shard: (number: Int, count: Int)) throws -> Int {
    let all = ground.pairs(of: trial)
    let held = try attackedPairs()
    return all.indices.count {
      $0 % shard.count == shard.number - 1 && held.contains(all[$0].id)
    }
  }
}
