private import Embedders
private import Metrics
public import ModelStore
private import Screening
private import SeededRandom

/// A rule by which a probe is compared with several pictures of a person.
public enum TemplateRule: String, CaseIterable, Codable, Sendable {
  /// The distance² to the nearest picture.
  case nearest
  /// The mean of the distances².
  case mean
  /// The distance² to the mean of the embeddings, brought to unit length: what verdicts use.
  case centre

  /// The distance² of a probe to embeddings of unit length, 0…4.
  ///
  /// - Precondition: there is at least one embedding.
  public func distance(_ probe: [Float], _ enrolled: [[Float]]) -> Double {
    let distances = enrolled.lazy.map { Double(squaredDistance(probe, $0)) }
    return switch self {
    case .nearest: distances.min() ?? .infinity
    case .mean: distances.reduce(0, +) / Double(distances.count)
    case .centre:
      Double(EnrolledFaces(embeddings: enrolled, witnessEmbeddings: []).distance(to: probe))
    }
  }
}

/// Error rates of verification against templates of several pictures, by the rule that compares them.
public struct TemplateReport: Codable, Equatable, Sendable {
  /// Error rates at an operating point of single pairs.
  public struct Point: Codable, Equatable, Sendable {
    /// The point's name and threshold.
    public var name: String, threshold: Double
    /// The false match rate and the false non-match rate there.
    public var fmr: Double, fnmr: Double
  }

  /// A rule with a number of pictures.
  public struct Row: Codable, Equatable, Sendable {
    /// Pictures of a template.
    public var pictures: Int
    /// The rule.
    public var rule: TemplateRule
    /// Probes of the person, and of others.
    public var genuine: Int, impostor: Int
    /// The false non-match rate where the false match rate is 1 % and 0.1 %, with thresholds of its own; nil
    /// with too few trials.
    public var fnmrAt1e2: Double?, fnmrAt1e3: Double?
    /// What the thresholds of single pairs give.
    public var points: [Point]
  }

  /// What was measured, in words.
  public var source: String
  /// Each number of pictures and rule.
  public var rows: [Row]

  /// Measures all rules at each number of pictures.
  ///
  /// All rows have the same people, those with more pictures than the largest number, and the same probes.
  ///
  /// - Parameters:
  ///   - source: what was measured, in words.
  ///   - embeddings: the pictures' embeddings and people.
  ///   - counts: pictures of a template.
  ///   - points: the model's operating points.
  ///   - impostors: the most probes of other people.
  ///   - seed: which pictures are enrolled, and which strangers come.
  /// - Throws: `MetricsError` if there are too few pictures.
  public init(
    _ source: String, _ embeddings: LabelledEmbeddings, counts: [Int], points: [OperatingPoint],
    impostors: Int = 200_000, seed: UInt64 = 1
  ) throws {
    precondition(!counts.isEmpty && counts.allSatisfy { $0 >= 1 }, "templates of \(counts)")
    self.source = source
    let largest = counts.max() ?? 1
    let root = SplitMix64(seed: seed)
    var enrolled: [(person: String, places: [Int])] = []
    var probes: [(person: Int, place: Int)] = []
    for (person, own) in Dictionary(
      grouping: embeddings.rows.indices, by: { embeddings.people[$0] }
    )
    .sorted(by: { $0.key < $1.key }) where own.count > largest {
      var random = root.derived(from: person)
      let order = random.shuffled(own)
      probes += order.dropFirst(largest).map { (enrolled.count, $0) }
      enrolled.append((person, Array(order.prefix(largest))))
    }
    var random = root.derived(from: "strangers")
    // Each stranger's probe comes once against each person, or as often as the limit lets.
    var strangers: [(person: Int, place: Int)] = []
    if enrolled.count > 1 && !probes.isEmpty {
      let all = probes.count * (enrolled.count - 1)
      strangers = (0..<min(impostors, all)).map { _ in
        let probe = probes[random.uniform(in: 0..<probes.count)]
        let other = random.uniform(in: 0..<enrolled.count - 1)
        return (other < probe.person ? other : other + 1, probe.place)
      }
    }
    rows = try counts.flatMap { count in
      try TemplateRule.allCases.map { rule in
        func distance(_ trial: (person: Int, place: Int)) -> Double {
          rule.distance(
            embeddings.rows[trial.place],
            enrolled[trial.person].places.prefix(count).map { embeddings.rows[$0] })
        }
        let scores = try LabelledScores(
          mated: probes.map(distance), nonMated: strangers.map(distance),
          direction: .smallerIsPositive)
        return Row(
          pictures: count, rule: rule, genuine: scores.positiveCount,
          impostor: scores.negativeCount,
          fnmrAt1e2: try? scores.falseNonMatchRate(atFalseMatchRate: 1e-2).value,
          fnmrAt1e3: try? scores.falseNonMatchRate(atFalseMatchRate: 1e-3).value,
          points: points.map {
            Point(
              name: $0.name, threshold: $0.threshold,
              fmr: scores.falseMatchRate(at: $0.threshold).value,
              fnmr: scores.falseNonMatchRate(at: $0.threshold).value)
          })
      }
    }
  }
}
