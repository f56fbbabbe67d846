public import ModelStore

/// Verification on labelled pictures of one's own.
public enum PairVerification {
  /// Draws pairs, measures their distances and all that follows from them.
  ///
  /// The accuracy is that of as many pairs of two people as of one in each fold, as in LFW; all else
  /// is measured on all pairs.
  ///
  /// - Parameters:
  ///   - name: what was measured, in words.
  ///   - embeddings: the pictures' embeddings and people.
  ///   - seed: which pairs, where there are too many for all.
  ///   - genuineLimit: the most pairs of one person.
  ///   - impostorLimit: the most pairs of two people.
  ///   - points: the model's own operating points, to be measured as well.
  /// - Returns: what was measured.
  /// - Throws: ``VerificationPairsError``, and `MetricsError` if a distance is not finite.
  public static func evaluate(
    _ name: String, _ embeddings: LabelledEmbeddings, seed: UInt64, genuineLimit: Int = 20_000,
    impostorLimit: Int = 100_000, points: [OperatingPoint] = []
  ) throws -> VerificationReport {
    let drawn = try VerificationPairs(
      people: embeddings.people, genuineLimit: genuineLimit, impostorLimit: impostorLimit,
      seed: seed)
    return try VerificationReport(
      name, distances: drawn.pairs.map { embeddings.distance($0.first, $0.second) },
      same: drawn.pairs.map(\.same), folds: drawn.pairs.map(\.fold),
      balanced: drawn.balanced, people: embeddings.peopleCount, points: points)
  }
}
