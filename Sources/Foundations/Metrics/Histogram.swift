/// The number of scores in each of several equally wide bins.
public struct Histogram: Equatable, Sendable, Codable {
  /// The lower end of the first bin.
  public let lowerBound: Double
  /// The upper end of the last bin.
  public let upperBound: Double
  /// The scores per bin; a bin holds its lower end, the last one both ends.
  public let counts: [Int]
  /// The number of scores below the first bin.
  public let below: Int
  /// The number of scores above the last bin.
  public let above: Int

  /// Counts `scores`.
  ///
  /// - Precondition: `binCount > 0`, the range is finite and not empty, no score is NaN.
  public init(_ scores: [Double], binCount: Int, range: ClosedRange<Double>) {
    let width = range.upperBound - range.lowerBound
    precondition(binCount > 0 && width > 0 && width.isFinite, "\(binCount) bins over \(range)")
    var counts = [Int](repeating: 0, count: binCount)
    var (below, above) = (0, 0)
    for score in scores {
      precondition(!score.isNaN, "a score is not a number")
      if score < range.lowerBound {
        below += 1
      } else if score > range.upperBound {
        above += 1
      } else {
        let bin = Int((score - range.lowerBound) / width * Double(binCount))
        counts[min(bin, binCount - 1)] += 1
      }
    }
    (self.counts, self.below, self.above) = (counts, below, above)
    (lowerBound, upperBound) = (range.lowerBound, range.upperBound)
  }

  /// The lower end of each bin, and the upper end of the last.
  public var edges: [Double] {
    let width = (upperBound - lowerBound) / Double(counts.count)
    return counts.indices.map { lowerBound + width * Double($0) } + [upperBound]
  }
}
