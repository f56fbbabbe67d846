private import SeededRandom

/// Confidence intervals of figures whose samples come in groups, such as several pictures of a person.
///
/// Whole groups are drawn with replacement, as many as there are, so that pictures of one person, and
/// everything that was measured on one picture, stay together. The interval runs between the 2.5th
/// and the 97.5th percentile of the figure over the draws.
///
/// Reference: Efron, "Bootstrap methods: another look at the jackknife", 1979; for groups Davison and
/// Hinkley, "Bootstrap Methods and their Application", 1997, section 3.8.
public struct ClusterBootstrap: Sendable {
  private let groups: [[Int]]
  private let resamples: Int
  private let seed: UInt64

  /// Creates a bootstrap over samples.
  ///
  /// - `clusters`: the group of each sample, by any name.
  /// - Precondition: there is a sample, and at least 40 resamples, of which 2.5 % are one.
  public init(clusters: [String], resamples: Int = 1000, seed: UInt64 = 1) {
    precondition(!clusters.isEmpty && resamples >= 40, "\(clusters.count) samples, \(resamples)")
    groups = Dictionary(grouping: clusters.indices) { clusters[$0] }
      .sorted { $0.key < $1.key }.map(\.value)
    (self.resamples, self.seed) = (resamples, seed)
  }

  /// The 95 % interval of a figure.
  ///
  /// - `statistic`: the figure of the samples at these places, some of which occur several times;
  ///   NaN where these do not determine it, which leaves the draw out.
  /// - Returns: both ends; NaN if no draw determines the figure.
  public func interval95(_ statistic: (_ places: [Int]) -> Double) -> [Double] {
    var random = SplitMix64(seed: seed).derived(from: "bootstrap")
    let figures = (0..<resamples).map { _ in
      statistic(groups.indices.flatMap { _ in groups[random.uniform(in: 0..<groups.count)] })
    }.filter { !$0.isNaN }.sorted()
    guard !figures.isEmpty else { return [.nan, .nan] }
    func percentile(_ share: Double) -> Double {
      figures[min(figures.count - 1, max(0, Int(share * Double(figures.count))))]
    }
    return [percentile(0.025), percentile(0.975)]
  }
}
