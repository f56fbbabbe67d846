import Metrics
import SeededRandom
import Testing

@Suite struct ClusteredThresholdTests {
  /// Scores of people, of whom some are odd in all their pictures.
  private func site(people: Int, pictures: Int, seed: UInt64) -> ([Double], [String]) {
    var random = SplitMix64(seed: seed)
    var (scores, groups): ([Double], [String]) = ([], [])
    for person in 0..<people {
      let own = Double(random.normal())
      for _ in 0..<pictures {
        scores.append(own + 0.3 * Double(random.normal()))
        groups.append("person \(person)")
      }
    }
    return (scores, groups)
  }

  @Test("independent scores have nearly the quantile") func independent() throws {
    let (scores, groups) = site(people: 2000, pictures: 1, seed: 1)
    let found = try ClusteredThreshold(scores, groups: groups, rate: 0.05)
    #expect((0.04...0.05).contains(found.share))
    #expect(try #require(found.expected) <= 0.05)
  }

  @Test("scores that gather in people leave room, and other sites keep the rate")
  func clustered() throws {
    var (careful, plain) = (0.0, 0.0)
    let sites = 24
    for seed in 0..<sites {
      let (scores, groups) = site(people: 40, pictures: 8, seed: UInt64(seed))
      let found = try ClusteredThreshold(scores, groups: groups, rate: 0.05)
      let quantile = try #require(
        try LabelledScores.threshold(ofNegatives: scores.sorted(), exceededByAtMost: 0.05))
      #expect(found.threshold >= quantile && found.share <= 0.05)
      let (others, _) = site(people: 400, pictures: 8, seed: UInt64(seed + 1000))
      func exceeding(_ limit: Double) -> Double {
        Double(others.count { $0 > limit }) / Double(others.count)
      }
      careful += exceeding(found.threshold) / Double(sites)
      plain += exceeding(quantile) / Double(sites)
    }
    #expect(plain > 0.055 && careful < plain && careful < 0.055, "\(plain), \(careful)")
  }

  @Test("the order of the scores makes no difference, and one person is no crowd")
  func order() throws {
    let (scores, groups) = site(people: 30, pictures: 4, seed: 9)
    let found = try ClusteredThreshold(scores, groups: groups, rate: 0.1)
    #expect(
      try ClusteredThreshold(scores.reversed(), groups: groups.reversed(), rate: 0.1) == found)
    let one = try ClusteredThreshold(
      [1, 2, 3, 4], groups: Array(repeating: "a", count: 4), rate: 0.25)
    #expect(one.threshold == 3 && one.share == 0.25 && one.expected == nil)
    #expect(throws: MetricsError.self) { try ClusteredThreshold([], groups: [], rate: 0.1) }
  }
}
