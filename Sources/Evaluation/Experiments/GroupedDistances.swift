private import Metrics
private import SeededRandom

/// Why error rates of groups cannot be measured.
public enum GroupedVerificationError: Error, Equatable, CustomStringConvertible {
  /// Strangers of one group need two groups of two people.
  case tooFewGroups(columns: String, found: Int)

  public var description: String {
    switch self {
    case .tooFewGroups(let columns, let found):
      "\(found) groups by \(columns) have two people or more; expected at least 2"
    }
  }
}

/// Distances² of strangers within and between groups, and of pairs of one person.
public struct GroupedDistances: Sendable {
  /// The groups' names, in order.
  public let names: [String]
  /// Pictures and people of each group.
  public let pictures, people: [Int]
  /// For each group the distances² of strangers within it, ascending.
  public let within: [[Double]]
  /// For each two groups, the later one first, those of strangers between them, ascending.
  public let between: [[[Double]]]
  /// For each group the distances² of pairs of one person, ascending.
  public let genuine: [[Double]]

  /// Measures all pairs, or as many as `limit` of each kind, drawn by a seed.
  ///
  /// - Parameters:
  ///   - embeddings: the pictures' embeddings and people.
  ///   - groups: each picture's group, or nil; groups of fewer than two people are left out.
  ///   - columns: what they are groups of, for the error.
  ///   - limit: the most pairs of strangers of each two groups.
  ///   - seed: which pairs.
  /// - Throws: ``GroupedVerificationError``.
  public init(
    _ embeddings: LabelledEmbeddings, groups: [String?], columns: String, limit: Int = 200_000,
    seed: UInt64 = 1
  ) throws(GroupedVerificationError) {
    var places: [String: [Int]] = [:]
    for (place, group) in groups.enumerated() {
      if let group { places[group, default: []].append(place) }
    }
    places = places.filter { Set($0.value.map { embeddings.people[$0] }).count >= 2 }
    guard places.count >= 2 else {
      throw .tooFewGroups(columns: columns, found: places.count)
    }
    let names = places.keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    let members = names.map { places[$0] ?? [] }
    let root = SplitMix64(seed: seed)
    func distances(_ a: Int, _ b: Int) -> [Double] {
      var random = root.derived(from: "strangers", a, b)
      let (first, second) = (members[a], members[b])
      let total = a == b ? first.count * (first.count - 1) / 2 : first.count * second.count
      var result: [Double] = []
      func add(_ i: Int, _ j: Int) {
        if embeddings.people[i] != embeddings.people[j] { result.append(embeddings.distance(i, j)) }
      }
      if total <= limit {
        for (place, i) in first.enumerated() {
          for j in a == b ? second[..<place] : second[...] { add(i, j) }
        }
      } else {
        // With replacement: where there are more pairs than are drawn, few come twice.
        for _ in 0..<limit {
          let i = first[random.uniform(in: 0..<first.count)]
          let j = second[random.uniform(in: 0..<second.count)]
          if i != j { add(i, j) }
        }
      }
      return result.sorted()
    }
    self.names = names
    pictures = members.map(\.count)
    people = members.map { Set($0.map { embeddings.people[$0] }).count }
    within = names.indices.map { distances($0, $0) }
    between = names.indices.map { a in (0..<a).map { distances(a, $0) } }
    genuine = members.map { own in
      Dictionary(grouping: own) { embeddings.people[$0] }.values.flatMap { pictures in
        pictures.indices.flatMap { i in
          (0..<i).map { embeddings.distance(pictures[i], pictures[$0]) }
        }
      }.sorted()
    }
  }

  /// The largest distance² below which the mean over groups of the share of strangers within them is at
  /// most `rate`.
  ///
  /// Strangers at a door share sex and origin more often than those of a collection of celebrities; each
  /// group counts the same, however many pictures it has.
  public func threshold(meanRate rate: Double) -> Double {
    let candidates = within.joined().sorted()
    func mean(_ threshold: Double) -> Double {
      within.reduce(0) { $0 + share($1, below: threshold) } / Double(within.count)
    }
    var (low, high) = (0, candidates.count)
    while low < high {
      let middle = (low + high + 1) / 2
      let isAllowed =
        middle == candidates.count
        ? mean(.infinity) <= rate : mean(candidates[middle]) <= rate
      if isAllowed { low = middle } else { high = middle - 1 }
    }
    return low == candidates.count ? 4 : candidates[low]
  }

  /// The number of elements of an ascending list below `threshold`.
  func count(_ distances: [Double], below threshold: Double) -> Int {
    var (low, high) = (0, distances.count)
    while low < high {
      let middle = (low + high) / 2
      if distances[middle] < threshold { low = middle + 1 } else { high = middle }
    }
    return low
  }

  func share(_ distances: [Double], below threshold: Double) -> Double {
    Double(count(distances, below: threshold)) / Double(max(1, distances.count))
  }
}
