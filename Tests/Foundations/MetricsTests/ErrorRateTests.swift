import Foundation
import Metrics
import Testing

@Suite struct ErrorRateTests {
  /// P(X ≤ k) for n trials of probability p, summed term by term.
  static func binomial(_ k: Int, _ n: Int, _ p: Double) -> Double {
    (0...k).reduce(0) { sum, i in
      let choose = lgamma(Double(n) + 1) - lgamma(Double(i) + 1) - lgamma(Double(n - i) + 1)
      return sum + exp(choose + Double(i) * log(p) + Double(n - i) * log(1 - p))
    }
  }

  @Test("Wilson interval of one error in ten") func wilson() {
    // By hand: (0.1 + z²/20 ± z·√(0.009 + z²/400)) / (1 + z²/10) with z = 1.959964.
    let interval = ErrorRate(errors: 1, trials: 10).wilson95
    #expect(abs(interval.lower - 0.017876) < 1e-6)
    #expect(abs(interval.upper - 0.404150) < 1e-6)
  }

  @Test("Clopper–Pearson interval without errors") func noErrors() {
    // 1 − 0.025^(1/n): the rate at which no error has probability 2.5 %.
    for trials in [1, 10, 6000] {
      let interval = ErrorRate(errors: 0, trials: trials).clopperPearson95
      #expect(interval.lower == 0)
      #expect(abs(interval.upper - (1 - pow(0.025, 1 / Double(trials)))) < 1e-12)
      #expect(ErrorRate(errors: 0, trials: trials).wilson95.lower == 0)
      #expect(ErrorRate(errors: trials, trials: trials).wilson95.upper == 1)
    }
  }

  @Test(
    "Clopper–Pearson ends have tail probability 2.5 %",
    arguments: [(1, 10), (5, 10), (9, 10), (30, 3000), (2970, 3000), (500, 1000)])
  func tails(errors: Int, trials: Int) {
    let interval = ErrorRate(errors: errors, trials: trials).clopperPearson95
    let upper = Self.binomial(errors, trials, interval.upper)
    let lower = 1 - Self.binomial(errors - 1, trials, interval.lower)
    #expect(abs(upper - 0.025) < 1e-9)
    #expect(abs(lower - 0.025) < 1e-9)
  }

  @Test("intervals hold the rate and mirror its complement", arguments: [7, 100, 13_233])
  func mirror(trials: Int) {
    for errors in [0, 1, trials / 3, trials - 1, trials] {
      let rate = ErrorRate(errors: errors, trials: trials)
      let complement = ErrorRate(errors: trials - errors, trials: trials)
      for (one, other) in [
        (rate.wilson95, complement.wilson95), (rate.clopperPearson95, complement.clopperPearson95),
      ] {
        #expect(one.lower <= rate.value && rate.value <= one.upper)
        #expect(abs(one.lower + other.upper - 1) < 1e-9)
      }
    }
  }

  @Test("ten million trials are not too many") func large() {
    let interval = ErrorRate(errors: 10_000, trials: 10_000_000).clopperPearson95
    // The normal approximation: 0.001 ± 1.96·√(0.001·0.999/1e7).
    #expect(abs(interval.lower - 0.00098048) < 1e-7)
    #expect(abs(interval.upper - 0.00101978) < 1e-7)
  }
}
