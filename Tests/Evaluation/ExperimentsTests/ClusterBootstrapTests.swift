import Experiments
import SeededRandom
import Testing

@Suite struct ClusterBootstrapTests {
  static func mean(_ values: [Double]) -> ([Int]) -> Double {
    { places in places.reduce(0) { $0 + values[$1] } / Double(places.count) }
  }

  @Test("independent samples have the interval of the mean, ±1.96 standard errors") func normal() {
    var random = SplitMix64(seed: 3)
    let values = (0..<400).map { _ in Double(random.normal()) }
    let ends = ClusterBootstrap(clusters: (0..<400).map(String.init), resamples: 4000, seed: 2)
      .interval95(Self.mean(values))
    let centre = values.reduce(0, +) / 400
    let variance = values.reduce(0) { $0 + ($1 - centre) * ($1 - centre) } / 400
    let half = 1.96 * (variance / 400).squareRoot()
    #expect(abs(ends[0] - (centre - half)) < 0.1 * half)
    #expect(abs(ends[1] - (centre + half)) < 0.1 * half)
  }

  @Test("copies of a sample in its group say nothing new") func groups() {
    var random = SplitMix64(seed: 5)
    let single = (0..<50).map { _ in Double(random.normal()) }
    let copied = single.flatMap { [$0, $0, $0, $0] }
    let alone = ClusterBootstrap(clusters: (0..<50).map { "p\($0)" })
    let grouped = ClusterBootstrap(clusters: (0..<200).map { "p\($0 / 4)" })
    let (a, b) = (alone.interval95(Self.mean(single)), grouped.interval95(Self.mean(copied)))
    #expect(abs(a[0] - b[0]) < 1e-12 && abs(a[1] - b[1]) < 1e-12)
  }

  @Test("draws that do not determine the figure are left out") func undetermined() {
    let bootstrap = ClusterBootstrap(clusters: ["a", "b"])
    let some = bootstrap.interval95 { $0.contains(0) ? 1 : .nan }
    #expect(some == [1, 1])
    let none = bootstrap.interval95 { _ in .nan }
    #expect(none.count == 2 && none[0].isNaN && none[1].isNaN)
  }
}
