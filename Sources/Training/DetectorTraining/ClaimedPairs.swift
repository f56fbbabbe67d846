private import AttackSets
private import Embedders
private import SeededRandom

/// Pairs of pictures as a door sees them: a probe that claims to be who a reference shows.
///
/// Attacks claim to be their target; untouched pairs are those that were attacked, before the attack,
/// and pairs of two pictures of one person.
public struct ClaimedPairs: Sendable {
  /// One pair.
  public struct Pair: Sendable {
    /// What the probe is.
    public var species: Species
    /// Whether both show one person and neither was changed.
    public var isGenuine: Bool
    /// The fold of the probe's person.
    public var fold: Int
    /// ‖f_C(x₁) − f_C(x₂)‖² and the same of f_V, of unit length.
    public var distance, witnessDistance: Float
    /// The log-odds of tampering of the more suspicious picture.
    public var logOdds: Double
  }

  /// The pairs.
  public let pairs: [Pair]

  /// Puts pictures together.
  ///
  /// - Parameters:
  ///   - examples: pictures with their embeddings by f_C and f_V; of an attack whose target is not
  ///     among them there is no pair.
  ///   - logOdds: of each example, by a detector that has not seen it.
  ///   - folds: of each example.
  ///   - perPerson: how many pairs of one person there are at most.
  ///   - seed: which.
  public init(
    _ examples: [DetectionExamples.Example], logOdds: [Double], folds: [Int], perPerson: Int = 20,
    seed: UInt64 = 1
  ) {
    var places: [DetectionExamples.Name: Int] = [:]
    var people: [String: [Int]] = [:]
    var pictures: Set<String> = []
    for (index, example) in examples.enumerated() where example.species == .bonaFide {
      if places[example.name] == nil { places[example.name] = index }
      // The same picture in two sets makes no pair.
      guard pictures.insert(example.pair.source).inserted else { continue }
      people[String(example.pair.source.prefix { $0 != "/" }), default: []].append(index)
    }
    func pair(_ probe: Int, _ reference: Int, isGenuine: Bool) -> Pair? {
      let (a, b) = (examples[probe], examples[reference])
      guard let seen = a.witnessEmbedding, let other = b.witnessEmbedding else { return nil }
      return Pair(
        species: a.species, isGenuine: isGenuine, fold: folds[probe],
        distance: squaredDistance(a.embedding, b.embedding),
        witnessDistance: squaredDistance(seen, other),
        logOdds: max(logOdds[probe], logOdds[reference]))
    }
    var pairs: [Pair] = []
    for (index, example) in examples.enumerated() where example.species.isClaim {
      let target = DetectionExamples.Name(set: example.set, picture: example.pair.target)
      guard let reference = places[target], reference != index else { continue }
      pair(index, reference, isGenuine: false).map { pairs.append($0) }
    }
    var random = SplitMix64(seed: seed)
    for person in people.keys.sorted() {
      let own = people[person] ?? []
      let all = own.indices.flatMap { first in own[..<first].map { ($0, own[first]) } }
      for (first, second) in random.shuffled(all).prefix(perPerson) {
        pair(first, second, isGenuine: true).map { pairs.append($0) }
      }
    }
    self.pairs = pairs
  }
}
