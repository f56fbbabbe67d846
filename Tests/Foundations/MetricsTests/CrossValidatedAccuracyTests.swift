import Metrics
import Testing

@Suite struct CrossValidatedAccuracyTests {
  @Test("each fold is decided by the threshold of the others") func folds() throws {
    // Fold 0 separates at 0.5, fold 1 at 1.5, both by distance; each errs on the other.
    let result = try CrossValidatedAccuracy(
      scores: [0, 0.4, 0.6, 1, 1, 1.4, 1.6, 2],
      labels: [true, true, false, false, true, true, false, false],
      folds: [0, 0, 0, 0, 1, 1, 1, 1], direction: .smallerIsPositive)
    #expect(result.thresholds == [1.5, 0.5])
    #expect(result.accuracies == [0.5, 0.5])
    #expect(result.mean == 0.5)
    #expect(result.standardError == 0)
  }

  @Test("mean, deviation and error of the mean") func statistics() throws {
    // Fold 1 holds one score on the wrong side; its own threshold is none of its business.
    let result = try CrossValidatedAccuracy(
      scores: [0, 1, 0, 1, 0, 0], labels: [false, true, false, true, false, true],
      folds: [7, 7, 3, 3, 5, 5], direction: .largerIsPositive)
    #expect(result.accuracies == [1, 0.5, 1])
    #expect(abs(result.mean - 2.5 / 3) < 1e-15)
    // Deviations 1/6, −1/3, 1/6: the squares sum to 1/6.
    #expect(abs(result.standardDeviation - (1.0 / 12).squareRoot()) < 1e-15)
    #expect(abs(result.standardError - (1.0 / 36).squareRoot()) < 1e-15)
  }

  @Test("folds that cannot work are refused") func refused() {
    #expect(throws: MetricsError.unusableFolds(reason: "found 1; expected at least 2")) {
      try CrossValidatedAccuracy(
        scores: [0, 1], labels: [true, false], folds: [0, 0], direction: .largerIsPositive)
    }
    #expect(throws: MetricsError.emptyClass("positive")) {
      try CrossValidatedAccuracy(
        scores: [0, 1], labels: [true, false], folds: [0, 1], direction: .largerIsPositive)
    }
  }
}
