private import Glibc

/// The map from a decision value to the probability that the example is adversarial.
///
/// P(f) = 1 / (1 + exp(A·f + B)); with A < 0 it grows with f. Fitted by maximum likelihood on
/// decision values that no model saw in training, with targets (N₊ + 1)/(N₊ + 2) and 1/(N₋ + 2)
/// instead of 1 and 0, so that separable classes do not give a step.
///
/// Reference: Platt, "Probabilistic outputs for support vector machines", 1999; Lin, Lin and Weng,
/// "A note on Platt's probabilistic outputs for support vector machines", 2007, algorithm 1.
public struct PlattCalibration: Equatable, Sendable, Codable {
  /// The slope A; negative where larger decision values are more suspicious.
  public let slope: Double
  /// The offset B.
  public let offset: Double

  /// Creates a calibration from its numbers.
  ///
  /// - Precondition: both are finite.
  public init(slope: Double, offset: Double) {
    precondition(slope.isFinite && offset.isFinite, "slope \(slope), offset \(offset)")
    (self.slope, self.offset) = (slope, offset)
  }

  /// Fits a calibration; a label is true for adversarial examples.
  ///
  /// - Precondition: as many labels as values.
  /// - Throws: ``SupportVectorMachineError`` if a value is not finite or a class is empty.
  public init(
    fitting values: [Double], labels: [Bool]
  ) throws(SupportVectorMachineError) {
    precondition(values.count == labels.count, "\(values.count) values, \(labels.count) labels")
    if let index = values.firstIndex(where: { !$0.isFinite }) {
      throw .decisionValueNotFinite(index: index)
    }
    let positives = Double(labels.count { $0 })
    let negatives = Double(labels.count) - positives
    guard positives > 0, negatives > 0 else {
      throw .emptyClass(isAdversarial: positives == 0, fold: nil)
    }
    let (high, low) = ((positives + 1) / (positives + 2), 1 / (negatives + 2))
    let likelihood = Likelihood(values: values, targets: labels.map { $0 ? high : low })
    var (a, b) = (0.0, log((negatives + 1) / (positives + 1)))
    var value = likelihood.value(a, b)
    for _ in 0..<100 {
      let (g1, g2, h11, h22, h21) = likelihood.derivatives(a, b)
      if abs(g1) < 1e-5, abs(g2) < 1e-5 { break }
      let determinant = h11 * h22 - h21 * h21
      let da = -(h22 * g1 - h21 * g2) / determinant
      let db = -(h11 * g2 - h21 * g1) / determinant
      // Halve the Newton step until it decreases the objective sufficiently (Armijo's rule).
      let descent = g1 * da + g2 * db
      var step = 1.0
      while step >= 1e-10 {
        let candidate = likelihood.value(a + step * da, b + step * db)
        if candidate < value + 1e-4 * step * descent {
          (a, b, value) = (a + step * da, b + step * db, candidate)
          break
        }
        step /= 2
      }
      if step < 1e-10 { break }
    }
    self.init(slope: a, offset: b)
  }

  /// Returns the probability that an example with this decision value is adversarial.
  public func probability(_ decisionValue: Double) -> Double {
    let exponent = slope * decisionValue + offset
    // The form whose exponential cannot overflow.
    return exponent >= 0 ? exp(-exponent) / (1 + exp(-exponent)) : 1 / (1 + exp(exponent))
  }
}

/// The negative log-likelihood of A and B, and its derivatives.
private struct Likelihood {
  let values: [Double]
  let targets: [Double]

  func value(_ a: Double, _ b: Double) -> Double {
    zip(values, targets).reduce(0) { sum, pair in
      let exponent = pair.0 * a + b
      return exponent >= 0
        ? sum + pair.1 * exponent + log1p(exp(-exponent))
        : sum + (pair.1 - 1) * exponent + log1p(exp(exponent))
    }
  }

  func derivatives(
    _ a: Double, _ b: Double
  ) -> (g1: Double, g2: Double, h11: Double, h22: Double, h21: Double) {
    // A tiny ridge keeps the Hessian positive definite.
    var (g1, g2, h11, h22, h21) = (0.0, 0.0, 1e-12, 1e-12, 0.0)
    for (value, target) in zip(values, targets) {
      let p = PlattCalibration(slope: a, offset: b).probability(value)
      let (first, second) = (target - p, p * (1 - p))
      h11 += value * value * second
      h22 += second
      h21 += value * second
      g1 += value * first
      g2 += first
    }
    return (g1, g2, h11, h22, h21)
  }
}
