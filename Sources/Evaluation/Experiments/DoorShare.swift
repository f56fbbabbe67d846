private import Metrics

/// A share of presentations, with its 95 % Wilson interval.
public struct DoorShare: Codable, Equatable, Sendable {
  /// How many it is of how many.
  public let count, of: Int
  /// The share; 0 of nothing.
  public let share: Double
  /// The ends of the interval; 0 and 1 of nothing.
  public let wilson95: [Double]

  /// Counts a share.
  ///
  /// - Precondition: `0 <= count` and `count <= of`.
  public init(_ count: Int, of: Int) {
    (self.count, self.of) = (count, of)
    let rate = of == 0 ? nil : ErrorRate(errors: count, trials: of)
    (share, wilson95) = (rate?.value ?? 0, rate?.wilson95.ends ?? [0, 1])
  }

  /// In percent, with the interval.
  var text: String {
    of == 0
      ? "–"
      : "\(fixed(100 * share, 1)) % [\(fixed(100 * wilson95[0], 1)), \(fixed(100 * wilson95[1], 1))]"
  }
}

/// The number at which half of all pairs get in: a median in which those that never do count as most.
public struct DoorMedian: Codable, Equatable, Sendable {
  /// The median; nil if half of the pairs do not get in at all.
  public let value: Double?
  /// Between which two the median lies with 95 %, by the order of the pairs; nil likewise.
  public let lower, upper: Double?

  /// The median of costs.
  ///
  /// - `costs`: one a pair, nil of a pair that does not get in.
  /// - `isLargerBetter`: whether the pairs that get in most easily have the largest numbers.
  init(_ costs: [Double?], isLargerBetter: Bool = false) {
    let sign = isLargerBetter ? -1.0 : 1
    let sorted = costs.map { $0.map { sign * $0 } ?? .infinity }.sorted()
    guard !sorted.isEmpty else {
      (value, lower, upper) = (nil, nil, nil)
      return
    }
    // The Wilson interval of one half, as places in the order.
    let ends = DoorShare(sorted.count / 2, of: sorted.count).wilson95
    func number(_ place: Int) -> Double? {
      let found = sorted[min(sorted.count - 1, max(0, place))]
      return found.isFinite ? sign * found : nil
    }
    value = number((sorted.count - 1) / 2)
    lower = number(Int((ends[0] * Double(sorted.count)).rounded(.down)))
    upper = number(Int((ends[1] * Double(sorted.count)).rounded(.up)) - 1)
  }

  func text(_ decimals: Int) -> String {
    guard let value else { return "never" }
    return
      "\(fixed(value, decimals)) [\(lower.map { fixed($0, decimals) } ?? "never"), "
      + "\(upper.map { fixed($0, decimals) } ?? "never")]"
  }
}
