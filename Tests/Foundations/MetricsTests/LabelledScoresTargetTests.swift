import Metrics
import Testing

@Suite struct LabelledScoresTargetTests {
  static let hundred = (1...100).map(Double.init)

  @Test("the threshold for a false match rate leaves that many pairs beyond it") func threshold()
    throws
  {
    let scores = try LabelledScores(
      mated: [90, 97], nonMated: Self.hundred, direction: .largerIsPositive)
    #expect(try scores.threshold(atFalseMatchRate: 0.05, minimumErrors: 5) == 95)
    #expect(
      try scores.falseNonMatchRate(atFalseMatchRate: 0.05, minimumErrors: 5)
        == ErrorRate(errors: 1, trials: 2))
    // 0.29 · 100 is 28.999… in binary; the rate means 29 pairs.
    #expect(try scores.threshold(atFalseMatchRate: 0.29, minimumErrors: 0) == 71)
  }

  @Test("negatives alone have the same threshold, and none is no index out of range")
  func negativesAlone() throws {
    for rate in [0.001, 0.05, 0.29, 0.57, 0.99] {
      let both = try LabelledScores(
        positives: [90, 97], negatives: Self.hundred, direction: .largerIsPositive)
      #expect(
        try LabelledScores.threshold(ofNegatives: Self.hundred, exceededByAtMost: rate)
          == both.threshold(atFalseAlarmRate: rate, minimumErrors: 0), "\(rate)")
    }
    #expect(try LabelledScores.threshold(ofNegatives: Self.hundred, exceededByAtMost: 1) == nil)
    #expect(throws: MetricsError.emptyClass("negative")) {
      try LabelledScores.threshold(ofNegatives: [], exceededByAtMost: 0.1)
    }
  }

  @Test("distances have their thresholds on their own scale") func distances() throws {
    let scores = try LabelledScores(
      mated: [3], nonMated: Self.hundred, direction: .smallerIsPositive)
    #expect(try scores.threshold(atFalseMatchRate: 0.05, minimumErrors: 0) == 6)
    #expect(scores.falseMatchRate(at: 6).errors == 5)
  }

  @Test("the rule of 30 states how many scores are needed")
  func ruleOf30() throws {
    #expect(LabelledScores.scoresNeeded(for: 0.01) == 3000)
    #expect(LabelledScores.scoresNeeded(for: 0.001) == 30_000)
    #expect(LabelledScores.scoresNeeded(for: 0.7) == 43)
    let scores = try LabelledScores(
      adversarial: [1], bonaFide: Self.hundred, direction: .largerIsPositive)
    #expect(
      throws: MetricsError.tooFewScores(
        className: "negative", rate: 0.01, needed: 3000, found: 100)
    ) { try scores.threshold(atBPCER: 0.01) }
    #expect(try scores.threshold(atBPCER: 0.3) == 70)
    #expect(throws: MetricsError.self) { try scores.threshold(atMissRate: 0.5) }
  }

  @Test("detection reads the same numbers in its own words") func detection() throws {
    let scores = try LabelledScores(
      adversarial: [80, 99], bonaFide: Self.hundred, direction: .largerIsPositive)
    #expect(scores.apcer(at: 80) == ErrorRate(errors: 1, trials: 2))
    #expect(scores.bpcer(at: 80) == ErrorRate(errors: 20, trials: 100))
    #expect(try scores.apcer(atBPCER: 0.1, minimumErrors: 10).errors == 1)
  }

  @Test("the refusal says what is missing") func message() {
    let error = MetricsError.tooFewScores(
      className: "negative", rate: 0.001, needed: 30_000, found: 3000)
    #expect(
      error.description
        == "3000 negative scores cannot support an error rate of 0.001; expected at least 30000")
  }
}
