private import SeededRandom

/// A threshold for scores that come in groups, such as several pictures of each person.
///
/// The share that exceeds it among the scores it was chosen on says too little of other people: false alarms
/// gather in few of them. So it is chosen by what it promises for groups that took no part: groups are drawn
/// with replacement, the threshold is set on those drawn and tried on those left out, and the share that is
/// allowed is lowered until the mean of that is at most the rate.
///
/// Reference: Efron, "Estimating the error rate of a prediction rule: improvement on cross-validation",
/// 1983, the leave-one-out bootstrap.
public struct ClusteredThreshold: Equatable, Sendable {
  private static let draws = 200

  /// The threshold: one of the scores.
  public let threshold: Double
  /// The share of scores that exceed it.
  public let share: Double
  /// The share that is expected to exceed it in groups that took no part; nil where there is one group.
  public let expected: Double?
  /// Where that share lies in 95 % of the draws; nil where there is one group.
  public let expected95: ConfidenceInterval?

  /// Sets a threshold.
  ///
  /// - Parameters:
  ///   - scores: larger is more suspicious.
  ///   - groups: the group of each score, by any name.
  ///   - rate: the share that may exceed it, 0…1.
  ///   - seed: which draws.
  /// - Throws: ``MetricsError/emptyClass(_:)`` without a score, or where all may exceed the threshold.
  /// - Precondition: as many groups as scores.
  public init(
    _ scores: [Double], groups: [String], rate: Double, seed: UInt64 = 1
  ) throws(MetricsError) {
    precondition(scores.count == groups.count, "\(scores.count) scores, \(groups.count) groups")
    let sorted = scores.sorted()
    let members = Dictionary(grouping: scores.indices) { groups[$0] }
      .sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      .map { group in group.value.map { scores[$0] } }
    func above(_ sorted: [Double], share: Double) throws(MetricsError) -> Double {
      guard
        let found = try LabelledScores.threshold(ofNegatives: sorted, exceededByAtMost: share)
      else { throw .emptyClass("negative") }
      return found
    }
    func exceeding(_ values: [Double], _ threshold: Double) -> Double {
      Double(values.count { $0 > threshold }) / Double(values.count)
    }
    guard members.count > 1 else {
      threshold = try above(sorted, share: rate)
      (share, expected, expected95) = (exceeding(sorted, threshold), nil, nil)
      return
    }
    var random = SplitMix64(seed: seed).derived(from: "clustered threshold")
    var trials: [(drawn: [Double], left: [Double])] = []
    while trials.count < Self.draws {
      let places = members.indices.map { _ in random.uniform(in: members.indices) }
      let left = Set(members.indices).subtracting(places).sorted()
      guard !left.isEmpty else { continue }
      trials.append((places.flatMap { members[$0] }.sorted(), left.flatMap { members[$0] }))
    }
    let total = trials.reduce(0) { $0 + $1.left.count }
    // What is allowed among all the scores, one less each time.
    var allowed = Int(rate * Double(sorted.count))
    while true {
      let permitted = Double(allowed) / Double(sorted.count)
      var (errors, shares): (Int, [Double]) = (0, [])
      for trial in trials {
        let limit = try above(trial.drawn, share: permitted)
        let found = trial.left.count { $0 > limit }
        errors += found
        shares.append(Double(found) / Double(trial.left.count))
      }
      let mean = Double(errors) / Double(total)
      if mean <= rate || allowed == 0 {
        threshold = try above(sorted, share: permitted)
        shares.sort()
        expected = mean
        expected95 = ConfidenceInterval(
          lower: shares[Self.draws / 40], upper: shares[Self.draws - 1 - Self.draws / 40])
        break
      }
      allowed -= 1
    }
    share = exceeding(sorted, threshold)
  }
}
