private import Attacks
public import FaceDatasets
private import Foundation
public import Images
private import Screening
private import SeededRandom

/// Untouched pictures of people, in pairs of one person and of two.
public struct BonaFidePairs {
  /// What they are, in words; no other source may be called so.
  public var name: String
  /// The pairs.
  public var pairs: [LFWPair]
  /// Gives an aligned face by name.
  public var face: (String) throws -> RGBImage

  /// Collects pairs.
  public init(_ name: String, _ pairs: [LFWPair], face: @escaping (String) throws -> RGBImage) {
    (self.name, self.pairs, self.face) = (name, pairs, face)
  }

  /// The first pairs of each fold, as many of one person as of two.
  ///
  /// - `count`: of each kind, over all folds.
  public static func chosen(from list: [LFWPair], count: Int) -> [LFWPair] {
    let folds = Dictionary(grouping: list) { $0.fold }.sorted { $0.key < $1.key }.map(\.value)
    return [true, false].flatMap { same in
      let kind = folds.map { $0.filter { $0.same == same } }
      // Round by round, so that each fold gives as many as the others.
      let rounds = (0..<(kind.map(\.count).max() ?? 0)).flatMap { round in
        kind.compactMap { round < $0.count ? $0[round] : nil }
      }
      return Array(rounds.prefix(count))
    }
  }

  /// Pairs of a folder of `person/picture`: neighbours of each person, and pictures of neighbouring people.
  ///
  /// - Parameters:
  ///   - people: the pictures of each person.
  ///   - count: of each kind.
  /// - Returns: those of one person first.
  public static func chosen(from people: [[String]], count: Int) -> [LFWPair] {
    let genuine = people.flatMap { pictures in
      zip(pictures, pictures.dropFirst()).map {
        LFWPair(first: $0, second: $1, same: true, fold: 0)
      }
    }
    let strangers = zip(people, people.dropFirst()).compactMap { first, second in
      first.first.flatMap { a in
        second.first.map { LFWPair(first: a, second: $0, same: false, fold: 0) }
      }
    }
    func spread(_ all: [LFWPair]) -> [LFWPair] {
      let kept = min(count, all.count)
      return (0..<kept).map { all[$0 * all.count / kept] }
    }
    return spread(genuine) + spread(strangers)
  }
}

/// What the door says of one untouched pair, and of the same after each handling of its probe.
struct BonaFideLine: Codable, Sendable {
  var source: String
  var place: Int
  var same: Bool
  /// By the handling's name; of strangers the untouched pair alone.
  var answers: [String: DoorAnswer]

  var name: String { "\(source) \(place)" }
}

/// Untouched pairs at the door, pair by pair.
struct DoorBonaFide {
  private let sources: [BonaFidePairs]
  private let judge: any DoorJudging
  private let folder: String
  private let seed: UInt64

  init(_ sources: [BonaFidePairs], judge: any DoorJudging, seed: UInt64, state: String) {
    (self.sources, self.judge, self.seed) = (sources, judge, seed)
    folder = state + "/bona-fide"
  }

  /// The pairs of all sources.
  var count: Int { sources.reduce(0) { $0 + $1.pairs.count } }

  private func journal(
    _ shard: (number: Int, count: Int)
  ) throws -> AnswerJournal<BonaFideLine> {
    try AnswerJournal(folder: folder, stem: "answers", shard: shard) { $0.name }
  }

  /// About how many gradients of one network a pair takes.
  static let work = 60.0

  /// Pairs of a shard that were presented already.
  func presented(shard: (number: Int, count: Int)) throws -> Int {
    let journal = try journal(shard)
    let names = sources.flatMap { source in source.pairs.indices.map { "\(source.name) \($0)" } }
    return names.indices.count {
      $0 % shard.count == shard.number - 1 && journal.lines[names[$0]] != nil
    }
  }

  /// Presents the pairs of a shard that were not yet.
  ///
  /// - `done`: is told pairs after each.
  /// - Returns: false if it was stopped.
  /// - Throws: what reading pictures and writing files throws.
  func work(
    shard: (number: Int, count: Int), done: (Int) -> Void, shouldStop: () -> Bool
  ) throws -> Bool {
    var journal = try journal(shard)
    let root = SplitMix64(seed: seed).derived(from: "handling")
    var (place, finished) = (0, 0)
    for source in sources {
      for (index, pair) in source.pairs.enumerated() {
        defer { place += 1 }
        guard place % shard.count == shard.number - 1 else { continue }
        if journal.lines["\(source.name) \(index)"] == nil {
          if shouldStop() { return false }
          let probe = try source.face(pair.first)
          let kinds = pair.same ? OrdinaryHandling.allCases : [.none]
          let probes = kinds.map { kind in
            var random = root.derived(from: kind.rawValue).derived(from: source.name, index)
            return kind.applied(to: probe, using: &random)
          }
          let other = try source.face(pair.second)
          let answers = judge.answers(
            probes.map { face in Result { try Self.picture(face) } },
            against: Result { try Self.picture(other) })
          try journal.append([
            BonaFideLine(
              source: source.name, place: index, same: pair.same,
              answers: Dictionary(
                uniqueKeysWithValues: zip(kinds.map(\.rawValue), answers)))
          ])
        }
        finished += 1
        done(finished)
      }
    }
    return true
  }

  private static func picture(_ face: RGBImage) throws -> FacePicture {
    try FacePicture(image: face, name: "picture", place: .aligned)
  }

  /// What was said, source by source.
  ///
  /// - Throws: ``DoorStateError/incomplete(row:done:of:)`` if a pair lacks.
  func lines() throws -> [(source: String, lines: [BonaFideLine])] {
    let journal = try journal((1, 1))
    return try sources.map { source in
      let found = source.pairs.indices.compactMap { journal.lines["\(source.name) \($0)"] }
      guard found.count == source.pairs.count else {
        throw DoorStateError.incomplete(
          row: source.name, done: found.count, of: source.pairs.count)
      }
      return (source.name, found)
    }
  }
}
