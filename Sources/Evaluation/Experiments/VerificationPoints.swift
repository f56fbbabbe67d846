private import Metrics
public import ModelStore

/// Thresholds of an embedder with false match rates measured on people outside its training.
public struct VerificationPoints: Sendable {
  /// The false match rates for which thresholds are stored, by name.
  public static let rates = [
    ("fmr-1e-1", 1e-1), ("fmr-1e-2", 1e-2), ("fmr-1e-3", 1e-3), ("fmr-1e-4", 1e-4),
  ]

  /// One point for each rate that the number of pairs supports.
  public let points: [OperatingPoint]
  /// For each of the other rates why there is none: how many pairs there are, how many it needs.
  public let refusals: [String]

  /// Measures pairs of pictures of different people: all of them, or as many as `limit`.
  ///
  /// A rate needs 30 expected false matches: 30/FMR pairs of two people.
  ///
  /// - Parameters:
  ///   - embeddings: of people outside the training.
  ///   - source: the data, in words; how many pairs, pictures and people are added.
  ///   - limit: the most pairs of two people.
  /// - Throws: ``VerificationPairsError``, and `MetricsError` if a distance is not finite.
  public init(
    _ embeddings: LabelledEmbeddings, source: String, limit: Int = 2_000_000
  ) throws {
    let drawn = try VerificationPairs(
      people: embeddings.people, genuineLimit: limit, impostorLimit: limit, folds: 1, seed: 1
    ).pairs
    let scores = try LabelledScores(
      scores: drawn.map { embeddings.distance($0.first, $0.second) },
      labels: drawn.map(\.same), direction: .smallerIsPositive)
    let words =
      "\(source): \(scores.negativeCount) impostor and \(scores.positiveCount) genuine pairs of "
      + "\(embeddings.rows.count) pictures of \(embeddings.peopleCount) people; pairs share "
      + "people, so the interval is too narrow"
    var (points, refusals): ([OperatingPoint], [String]) = ([], [])
    for (name, rate) in Self.rates {
      do throws(MetricsError) {
        let threshold = try scores.threshold(atFalseMatchRate: rate)
        points.append(
          OperatingPoint(
            name: name, threshold: threshold, fmr: rate,
            fnmr: scores.falseNonMatchRate(at: threshold).value, count: scores.negativeCount,
            ci95: scores.falseMatchRate(at: threshold).wilson95.ends, source: words))
      } catch {
        refusals.append(
          "no threshold for FMR \(rate): \(scores.negativeCount) impostor pairs of "
            + "\(embeddings.peopleCount) people; expected at least "
            + "\(LabelledScores.scoresNeeded(for: rate))")
      }
    }
    (self.points, self.refusals) = (points, refusals)
  }

  /// Measures strangers of one's own group, and what their thresholds cost pairs of one person.
  ///
  /// The points are called `group-fmr-1e-2` and so on. Their rate is the mean over groups of the share of
  /// strangers within one; it needs 30 expected false matches.
  ///
  /// - Parameters:
  ///   - distances: of strangers in groups, outside the training.
  ///   - source: the strangers and their groups, in words.
  ///   - embeddings: of people outside the training, whose pairs give the false non-match rate.
  ///   - limit: the most pairs of one person.
  /// - Throws: ``VerificationPairsError``, and `MetricsError` if a distance is not finite.
  public init(
    _ distances: GroupedDistances, source: String, genuine embeddings: LabelledEmbeddings,
    limit: Int = 2_000_000
  ) throws {
    let genuine = try VerificationPairs(
      people: embeddings.people, genuineLimit: limit, impostorLimit: 1, folds: 1, seed: 1
    ).pairs.filter(\.same).map { embeddings.distance($0.first, $0.second) }.sorted()
    let count = distances.within.reduce(0) { $0 + $1.count }
    let words =
      "\(source): \(count) pairs of strangers within \(distances.names.count) groups of "
      + "\(distances.pictures.reduce(0, +)) pictures, the mean over groups; pairs share pictures, so "
      + "the interval is too narrow"
    var (points, refusals): ([OperatingPoint], [String]) = ([], [])
    for (name, rate) in Self.rates {
      guard count >= LabelledScores.scoresNeeded(for: rate) else {
        refusals.append(
          "no threshold for FMR \(rate) within groups: \(count) pairs of strangers; expected at "
            + "least \(LabelledScores.scoresNeeded(for: rate))")
        continue
      }
      let threshold = distances.threshold(meanRate: rate)
      let matched = ErrorRate(
        errors: distances.within.reduce(0) { $0 + distances.count($1, below: threshold) },
        trials: count)
      let missed = genuine.count - distances.count(genuine, below: threshold)
      points.append(
        OperatingPoint(
          name: "group-" + name, threshold: threshold, fmr: rate,
          fnmr: Double(missed) / Double(genuine.count), count: count, ci95: matched.wilson95.ends,
          source: words))
    }
    (self.points, self.refusals) = (points, refusals)
  }
}
