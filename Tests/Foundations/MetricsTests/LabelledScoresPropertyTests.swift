import Metrics
import SeededRandom
import Testing

@Suite struct LabelledScoresPropertyTests {
  static func random(_ seed: UInt64) -> (positives: [Double], negatives: [Double]) {
    var generator = SplitMix64(seed: seed)
    let count = Int.random(in: 1...40, using: &generator)
    let other = Int.random(in: 1...40, using: &generator)
    return (generator.scores(count, top: 20).map { $0 + 4 }, generator.scores(other, top: 20))
  }

  @Test("the area equals the count of pairs", arguments: 1...20 as ClosedRange<UInt64>)
  func pairs(seed: UInt64) throws {
    let (positives, negatives) = Self.random(seed)
    let wins = positives.flatMap { p in negatives.map { p > $0 ? 1 : p == $0 ? 0.5 : 0 } }
    let scores = try LabelledScores(
      positives: positives, negatives: negatives, direction: .largerIsPositive)
    let expected = wins.reduce(0, +) / Double(wins.count)
    #expect(abs(scores.areaUnderCurve - expected) < 1e-12)

    let points = scores.curve()
    let trapezia = zip(points, points.dropFirst()).map {
      ($0.falseAlarmRate - $1.falseAlarmRate) * ($0.detectionRate + $1.detectionRate) / 2
    }
    #expect(abs(trapezia.reduce(0, +) - expected) < 1e-12)
  }

  @Test(
    "negating scores turns the area into its complement", arguments: 1...20 as ClosedRange<UInt64>)
  func negation(seed: UInt64) throws {
    let (positives, negatives) = Self.random(seed)
    let scores = try LabelledScores(
      positives: positives, negatives: negatives, direction: .largerIsPositive)
    let negated = try LabelledScores(
      positives: positives.map(-), negatives: negatives.map(-), direction: .largerIsPositive)
    let turned = try LabelledScores(
      positives: positives.map(-), negatives: negatives.map(-), direction: .smallerIsPositive)
    #expect(abs(scores.areaUnderCurve + negated.areaUnderCurve - 1) < 1e-12)
    #expect(turned.areaUnderCurve == scores.areaUnderCurve)
    #expect(turned.equalErrorRate.rate == scores.equalErrorRate.rate)
    #expect(turned.equalErrorRate.threshold == -scores.equalErrorRate.threshold)
  }

  @Test(
    "the curve agrees with the rates at its thresholds", arguments: 1...20 as ClosedRange<UInt64>)
  func curve(seed: UInt64) throws {
    let (positives, negatives) = Self.random(seed)
    for direction in [ScoreDirection.largerIsPositive, .smallerIsPositive] {
      let scores = try LabelledScores(
        positives: positives, negatives: negatives, direction: direction)
      for point in scores.curve() {
        #expect(scores.missRate(at: point.threshold).value == point.missRate)
        #expect(scores.falseAlarmRate(at: point.threshold).value == point.falseAlarmRate)
      }
      let best = scores.mostAccurateThreshold
      #expect(abs(scores.accuracy(at: best.threshold) - best.accuracy) < 1e-12)
      let accuracies = scores.curve().map { scores.accuracy(at: $0.threshold) }
      #expect(abs(best.accuracy - (accuracies.max() ?? 0)) < 1e-12)
    }
  }

  @Test(
    "thresholds for a rate keep it and could not be more lenient",
    arguments: 1...20 as ClosedRange<UInt64>)
  func targets(seed: UInt64) throws {
    let (positives, negatives) = Self.random(seed)
    for direction in [ScoreDirection.largerIsPositive, .smallerIsPositive] {
      let scores = try LabelledScores(
        positives: positives, negatives: negatives, direction: direction)
      for rate in [0.01, 0.1, 0.25, 0.5, 1] {
        let lenient = try scores.threshold(atFalseAlarmRate: rate, minimumErrors: 0)
        #expect(scores.falseAlarmRate(at: lenient).value <= rate)
        let least = scores.curve().filter { $0.falseAlarmRate <= rate }.map(\.missRate).min()
        #expect(scores.missRate(at: lenient).value == least, "rate \(rate), seed \(seed)")

        let strict = try scores.threshold(atMissRate: rate, minimumErrors: 0)
        #expect(scores.missRate(at: strict).value <= rate)
        let fewest = scores.curve().filter { $0.missRate <= rate }.map(\.falseAlarmRate).min()
        #expect(scores.falseAlarmRate(at: strict).value == fewest, "rate \(rate), seed \(seed)")
      }
    }
  }
}
