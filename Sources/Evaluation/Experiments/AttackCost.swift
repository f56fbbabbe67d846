private import Attacks
public import Embedders
public import FaceDatasets
private import Metrics
private import SeededRandom

/// The change that a white-box attack needs to pass one person off for another.
///
/// The attack is the minimum-norm one of equation (8), on whole pictures of 8 bits, against the embedder
/// alone. Thresholds are the embedder's own, measured on the same people, so that networks of different
/// scales can be compared.
public struct AttackCost: Codable, Sendable {
  /// A distance² and what it takes to undercut it.
  public struct Point: Codable, Sendable {
    /// What the distance² is.
    public var name: String
    /// Distance².
    public var threshold: Double
    /// The share of strangers that are below it untouched, among the pairs attacked.
    public var untouched: Double
    /// The share of pairs that the attack brought below it, those that were there untouched included.
    public var succeeded: Double
    /// The quartiles of the root mean square of the change in grey levels: 0 for a pair that was below
    /// untouched; one that stayed above counts as more than all others, and makes a quartile nil.
    public var quartiles: [Double?]
    /// The median.
    public var median: Double? { quartiles[1] }
  }

  /// Pictures and people that thresholds were measured on.
  public var pictures: Int, people: Int
  /// Pairs of strangers attacked.
  public var pairs: Int
  /// The best share of balanced pairs told rightly, the threshold chosen on the others' folds.
  public var accuracy: Double
  /// FNMR at the threshold for FMR 1 %.
  public var falseNonMatchRate: Double
  /// The points, in the order of their names' list.
  public var points: [Point]

  /// Measures an embedder.
  ///
  /// - Parameters:
  ///   - data: labelled people outside the training.
  ///   - embedder: the network.
  ///   - pairs: strangers to attack, each source another picture.
  ///   - seed: which pairs.
  ///   - progress: called after each sixteen pairs.
  /// - Throws: ``VerificationPairsError``, `MetricsError`, and what reading pictures throws.
  public init(
    _ data: IdentityDataset, embedder: FaceEmbedder, pairs: Int = 60, seed: UInt64 = 1,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws {
    let embeddings = try LabelledEmbeddings(data, embedder: embedder)
    let drawn = try VerificationPairs(people: embeddings.people, seed: seed)
    let distances = drawn.pairs.map { embeddings.distance($0.first, $0.second) }
    let report = try VerificationReport(
      "", distances: distances, same: drawn.pairs.map(\.same), folds: drawn.pairs.map(\.fold),
      balanced: drawn.balanced)
    let scores = try LabelledScores(
      scores: distances, labels: drawn.pairs.map(\.same), direction: .smallerIsPositive)
    let matched = try scores.threshold(atFalseMatchRate: 0.01, minimumErrors: 1)
    let genuine = zip(drawn.pairs, distances).filter { $0.0.same }.map(\.1).sorted()
    let kept = genuine[min(genuine.count - 1, genuine.count * 99 / 100)].nextUp
    let thresholds = [
      ("fmr-1e-2", matched), ("99 % of genuine pairs", kept), ("cosine 0.5", 1.0),
      ("cosine 0.7", 0.6),
    ]
    var random = SplitMix64(seed: seed).derived(from: "attacked")
    var strangers: [VerificationPairs.Pair] = []
    var used: Set<Int> = []
    for pair in random.shuffled(drawn.pairs.filter { !$0.same })
    where strangers.count < pairs && used.insert(pair.first).inserted {
      strangers.append(pair)
    }
    var costs = [[Double?]](repeating: [], count: thresholds.count)
    var untouched = [Int](repeating: 0, count: thresholds.count)
    for first in stride(from: 0, to: strangers.count, by: 16) {
      let part = strangers[first..<min(strangers.count, first + 16)]
      let batch = try AttackBatch(
        sources: part.map { try data.image(at: $0.first) },
        targets: part.map { try data.image(at: $0.second) },
        names: part.indices.map { "\($0)" }, seed: seed,
        victim: DecidingEmbedders(embedder))
      let results = MinimumNormAttack().attack(batch, thetas: thresholds.map { Float($0.1) })
      for pair in results {
        for (place, result) in pair.enumerated() {
          let isBelow = result.distanceBefore < result.theta
          if isBelow { untouched[place] += 1 }
          costs[place].append(isBelow ? 0 : result.succeeded ? result.perturbation.rms : nil)
        }
      }
      progress(min(strangers.count, first + 16), strangers.count)
    }
    let count = strangers.count
    points = thresholds.enumerated().map { place, threshold in
      let sorted = costs[place].sorted { ($0 ?? .infinity) < ($1 ?? .infinity) }
      return Point(
        name: threshold.0, threshold: threshold.1,
        untouched: Double(untouched[place]) / Double(max(1, count)),
        succeeded: Double(sorted.count { $0 != nil }) / Double(max(1, count)),
        quartiles: [1, 2, 3].map { sorted.isEmpty ? nil : sorted[min(count - 1, count * $0 / 4)] })
    }
    (pictures, people, self.pairs) = (embeddings.rows.count, embeddings.peopleCount, count)
    accuracy = report.accuracy
    falseNonMatchRate = scores.falseNonMatchRate(at: matched).value
  }
}
