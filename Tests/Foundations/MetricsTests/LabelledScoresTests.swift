import Metrics
import Testing

@Suite struct LabelledScoresTests {
  /// Small enough for every number below to be found by hand.
  static func tied() throws -> LabelledScores {
    try LabelledScores(
      positives: [5, 3, 4, 5], negatives: [1, 5, 3, 2], direction: .largerIsPositive)
  }

  @Test("error rates at a threshold are strict at the threshold itself") func rates() throws {
    let scores = try Self.tied()
    #expect(scores.missRate(at: 3) == ErrorRate(errors: 1, trials: 4))
    #expect(scores.falseAlarmRate(at: 3) == ErrorRate(errors: 1, trials: 4))
    #expect(scores.missRate(at: 2.9).errors == 0)
    #expect(scores.falseAlarmRate(at: 2.9).errors == 2)
    #expect(scores.accuracy(at: 3) == 0.75)
    #expect(scores.balancedAccuracy(at: 4) == 0.625)
  }

  @Test("distances match below the threshold") func distances() throws {
    let scores = try LabelledScores(
      mated: [0.2, 0.9], nonMated: [0.9, 1.5, 1.7], direction: .smallerIsPositive)
    #expect(scores.falseNonMatchRate(at: 0.9).errors == 1)
    #expect(scores.falseMatchRate(at: 0.9).errors == 0)
    #expect(scores.falseMatchRate(at: 1.6) == ErrorRate(errors: 2, trials: 3))
  }

  @Test("the curve has one point per distinct score") func curve() throws {
    let points = try Self.tied().curve()
    #expect(points.map(\.missRate) == [0, 0, 0, 0.25, 0.5, 1])
    #expect(points.map(\.falseAlarmRate) == [1, 0.75, 0.5, 0.25, 0.25, 0])
    #expect(points.dropFirst().map(\.threshold) == [1, 2, 3, 4, 5])
    #expect(points[3].detectionRate == 0.75)
  }

  @Test("ties count half in the area under the curve") func area() throws {
    // 3: 2 + ½, 4: 3, 5: 3 + ½ twice; of sixteen pairs.
    #expect(try Self.tied().areaUnderCurve == 12.5 / 16)
  }

  @Test("the equal error rate is found on a point and between two") func equalErrorRate() throws {
    #expect(try Self.tied().equalErrorRate == EqualErrorRate(rate: 0.25, threshold: 3))
    let crossing = try LabelledScores(
      positives: [2, 4], negatives: [1, 3, 5], direction: .largerIsPositive
    ).equalErrorRate
    #expect(abs(crossing.rate - 0.5) < 1e-15)
    #expect(abs(crossing.threshold - 2.5) < 1e-15)
  }

  @Test("perfect and useless scores") func extremes() throws {
    let perfect = try LabelledScores(
      positives: [2, 3], negatives: [0, 1], direction: .largerIsPositive)
    #expect(perfect.areaUnderCurve == 1)
    #expect(perfect.equalErrorRate.rate == 0)
    #expect(perfect.mostAccurateThreshold == (1.5, 1))
    let useless = try LabelledScores(
      positives: [1, 1], negatives: [1, 1, 1], direction: .smallerIsPositive)
    #expect(useless.areaUnderCurve == 0.5)
    #expect(useless.equalErrorRate.rate == 0.5)
    #expect(useless.mostAccurateThreshold.accuracy == 0.6)
  }

  @Test("the most accurate threshold lies between two scores") func accurate() throws {
    // Thresholds 2 and 3 both decide six of eight rightly; the lenient one is taken.
    #expect(try Self.tied().mostAccurateThreshold == (2.5, 0.75))
  }

  @Test("scores that carry no information are refused") func refused() {
    #expect(throws: MetricsError.emptyClass("positive")) {
      try LabelledScores(positives: [], negatives: [1], direction: .largerIsPositive)
    }
    #expect(throws: MetricsError.emptyClass("negative")) {
      try LabelledScores(scores: [1], labels: [true], direction: .largerIsPositive)
    }
    #expect(throws: MetricsError.notFinite(index: 1)) {
      try LabelledScores(positives: [1], negatives: [.nan], direction: .largerIsPositive)
    }
    #expect(throws: MetricsError.notFinite(index: 0)) {
      try LabelledScores(
        scores: [.infinity, 1], labels: [true, false], direction: .largerIsPositive)
    }
  }
}
