private import LinearMachines
private import Metrics
private import Screening

/// What a pair's detector says of the pairs of one fold, fitted to the others.
package struct CrossValidatedClaims: Sendable {
  /// The fold's pairs.
  package let pairs: [ClaimedPairs.Pair]
  /// For each the probability of tampering.
  package let probabilities: [Double]
  /// For each BPCER asked for the threshold, from the other folds' genuine pairs.
  package let thresholds: [Double]
  /// The distance² below which pairs match, most accurate on the other folds' untouched pairs.
  package let matchThreshold: Double

  /// Fits to the others and judges the fold; nil if the others lack attacks or genuine pairs.
  ///
  /// - Throws: `SupportVectorMachineError` or `MetricsError`.
  init?(
    _ pairs: [ClaimedPairs.Pair], fittedTo others: [ClaimedPairs.Pair], rates: [Double]
  ) throws {
    let isGenuine = others.map(\.isGenuine)
    let untouched = others.filter { !$0.species.isAdversarial }
    guard isGenuine.contains(true), others.contains(where: \.species.isAdversarial),
      untouched.contains(where: { !$0.isGenuine })
    else { return nil }
    let fit = try PairDetectorFit(others)
    let genuine = zip(fit.unseen, isGenuine).filter(\.1).map(\.0).sorted()
    thresholds = try rates.map { rate in
      try LabelledScores.threshold(ofNegatives: genuine, exceededByAtMost: rate)
        ?? genuine[0].nextDown
    }
    matchThreshold =
      try LabelledScores(
        scores: untouched.map { Double($0.distance) }, labels: untouched.map(\.isGenuine),
        direction: .smallerIsPositive
      ).mostAccurateThreshold.threshold
    self.pairs = pairs
    probabilities = pairs.map { pair in
      fit.detector.score(
        logOdds: pair.logOdds, distance: pair.distance, witnessDistance: pair.witnessDistance
      ).probability
    }
  }
}
