private import Metrics
public import ModelStore

/// Thresholds of an embedder with false match rates measured on people outside its training.
public struct VerificationPoints: Sendable {
  /// The false match rates for which thresholds are stored, by name.
  public static let rates = [("fmr-1e-1", 1e-1), ("fmr-1e-2", 1e-2), ("fmr-1e-3", 1e-3)]

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
}
