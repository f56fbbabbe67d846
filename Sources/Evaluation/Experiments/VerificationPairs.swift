private import SeededRandom

/// Why no pairs can be drawn from labelled pictures.
public enum VerificationPairsError: Error, Equatable, CustomStringConvertible {
  /// Folds that share no person need two people each.
  case tooFewPeople(found: Int, needed: Int)
  /// Nobody has two pictures.
  case noGenuinePairs(pictures: Int)

  public var description: String {
    switch self {
    case .tooFewPeople(let found, let needed):
      "\(found) people are too few for pairs in folds without common people; expected at least "
        + "\(needed)"
    case .noGenuinePairs(let pictures):
      "none of \(pictures) pictures has another of the same person in its fold; expected some"
    }
  }
}

/// Pairs of pictures to verify, drawn from labelled ones by a seed.
///
/// People are dealt into folds; both pictures of a pair belong to people of one fold, so that folds
/// share no person, as in LFW.
public struct VerificationPairs: Equatable, Sendable {
  /// Two pictures by their places, and whether they show one person.
  public struct Pair: Equatable, Hashable, Sendable {
    /// The places of both pictures, the smaller first.
    public var first, second: Int
    /// Whether both show the same person.
    public var same: Bool
    /// The fold, from 0.
    public var fold: Int
  }

  /// The pairs, fold by fold, those of one person first.
  public let pairs: [Pair]
  /// The number of folds.
  public let folds: Int

  /// Draws pairs.
  ///
  /// All pairs of one person are taken, and all of two; where there are more than the limit allows,
  /// so many are drawn from each fold, every pair of it equally likely.
  ///
  /// - Parameters:
  ///   - people: the person of each picture.
  ///   - genuineLimit: the most pairs of one person, in all folds together.
  ///   - impostorLimit: the most pairs of two people, likewise.
  ///   - folds: how many; fewer if there are not two people for each. 1 draws from all people.
  ///   - seed: which pairs, and who falls into which fold.
  /// - Throws: ``VerificationPairsError``.
  public init(
    people: [String], genuineLimit: Int = 20_000, impostorLimit: Int = 100_000, folds: Int = 10,
    seed: UInt64
  ) throws(VerificationPairsError) {
    let names = Set(people).sorted()
    let needed = folds == 1 ? 2 : 4
    guard names.count >= needed else {
      throw .tooFewPeople(found: names.count, needed: needed)
    }
    let count = max(1, min(folds, names.count / 2))
    let root = SplitMix64(seed: seed)
    var dealing = root.derived(from: "folds")
    var foldOfPerson: [String: Int] = [:]
    for (place, name) in dealing.shuffled(names).enumerated() {
      foldOfPerson[name] = place % count
    }
    var pictures = [[Int]](repeating: [], count: count)
    for (index, name) in people.enumerated() {
      if let fold = foldOfPerson[name] { pictures[fold].append(index) }
    }
    var pairs: [Pair] = []
    for (fold, indices) in pictures.enumerated() {
      let drawing = Drawing(indices: indices, people: people, fold: fold)
      var genuine = root.derived(from: "genuine", fold)
      var impostor = root.derived(from: "impostor", fold)
      pairs += drawing.genuine(limit: Self.share(genuineLimit, fold, count), using: &genuine)
      pairs += drawing.impostor(limit: Self.share(impostorLimit, fold, count), using: &impostor)
    }
    guard pairs.contains(where: \.same) else { throw .noGenuinePairs(pictures: people.count) }
    (self.pairs, self.folds) = (pairs, count)
  }

  /// The places of all pairs of one person, and of as many of two people in each fold, or as many as
  /// there are.
  public var balanced: [Int] {
    (0..<folds).flatMap { fold in
      let own = pairs.indices.filter { pairs[$0].fold == fold }
      let genuine = own.filter { pairs[$0].same }
      return genuine + own.filter { !pairs[$0].same }.prefix(genuine.count)
    }
  }

  /// The part of a limit that falls to one fold; all parts together are the limit.
  private static func share(_ limit: Int, _ fold: Int, _ folds: Int) -> Int {
    limit / folds + (fold < limit % folds ? 1 : 0)
  }

  private struct Drawing {
    let indices: [Int]
    let people: [String]
    let fold: Int

    private var byPerson: [[Int]] {
      Dictionary(grouping: indices) { people[$0] }.sorted { $0.key < $1.key }.map(\.value)
    }

    private func pair(_ a: Int, _ b: Int, same: Bool) -> Pair {
      Pair(first: min(a, b), second: max(a, b), same: same, fold: fold)
    }

    func genuine(limit: Int, using generator: inout SplitMix64) -> [Pair] {
      var all: [Pair] = []
      for own in byPerson {
        for i in own.indices { for j in 0..<i { all.append(pair(own[j], own[i], same: true)) } }
      }
      return Array(generator.shuffled(all).prefix(limit))
    }

    func impostor(limit: Int, using generator: inout SplitMix64) -> [Pair] {
      let same = byPerson.reduce(0) { $0 + $1.count * ($1.count - 1) / 2 }
      let total = indices.count * (indices.count - 1) / 2 - same
      // Where most pairs are wanted, drawing would meet old ones again and again.
      guard limit < total / 2 else {
        var all: [Pair] = []
        for i in indices.indices {
          for j in 0..<i where people[indices[i]] != people[indices[j]] {
            all.append(pair(indices[j], indices[i], same: false))
          }
        }
        return Array(generator.shuffled(all).prefix(limit))
      }
      var seen: Set<Pair> = []
      var drawn: [Pair] = []
      while drawn.count < limit {
        let a = indices[generator.uniform(in: 0..<indices.count)]
        let b = indices[generator.uniform(in: 0..<indices.count)]
        guard people[a] != people[b] else { continue }
        let pair = pair(a, b, same: false)
        if seen.insert(pair).inserted { drawn.append(pair) }
      }
      return drawn
    }
  }
}
