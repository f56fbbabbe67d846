import Foundation
import LinearMachines
import Testing

@Suite struct PlattCalibrationTests {
  @Test("two examples have a calibration found by hand") func byHand() throws {
    // The targets are 2/3 and 1/3, which the curve meets exactly: 1/(1 + e^A) = 2/3 at f = 1.
    let calibration = try PlattCalibration(fitting: [1, -1], labels: [true, false])
    #expect(abs(calibration.slope + log(2.0)) < 1e-5)
    #expect(abs(calibration.offset) < 1e-5)
    #expect(abs(calibration.probability(1) - 2.0 / 3) < 1e-5)
  }

  static func noisy(_ count: Int, seed: UInt64) -> (values: [Double], labels: [Bool]) {
    var generator = SplitMix64(seed: seed)
    let values = (0..<count).map { _ in 4 * Double(generator.noise()) }
    // The true curve is 1 / (1 + exp(−2f + 0.5)).
    let labels = values.map {
      Double.random(in: 0..<1, using: &generator) < 1 / (1 + exp(-2 * $0 + 0.5))
    }
    return (values, labels)
  }

  @Test("the curve that made the labels is found again") func recovered() throws {
    let (values, labels) = Self.noisy(20_000, seed: 21)
    let calibration = try PlattCalibration(fitting: values, labels: labels)
    #expect(abs(calibration.slope + 2) < 0.1)
    #expect(abs(calibration.offset - 0.5) < 0.1)
  }

  @Test("at the optimum probabilities and targets have one mean, also weighted by the value")
  func stationary() throws {
    let (values, labels) = Self.noisy(500, seed: 22)
    let calibration = try PlattCalibration(fitting: values, labels: labels)
    let positives = Double(labels.count { $0 })
    let negatives = Double(labels.count) - positives
    let errors = zip(values, labels).map { value, label in
      (label ? (positives + 1) / (positives + 2) : 1 / (negatives + 2))
        - calibration.probability(value)
    }
    #expect(abs(errors.reduce(0, +)) < 1e-4)
    #expect(abs(zip(values, errors).reduce(0) { $0 + $1.0 * $1.1 }) < 1e-4)
  }

  @Test("separable values give a finite curve that grows with suspicion") func separable() throws {
    let values = (1...50).flatMap { [Double($0), -Double($0)] }
    let calibration = try PlattCalibration(fitting: values, labels: values.map { $0 > 0 })
    #expect(calibration.slope < 0)
    #expect(calibration.probability(1) > 0.5)
    #expect(calibration.probability(-1) < 0.5)
  }

  @Test("extreme values give 0 and 1, not NaN") func extremes() {
    let calibration = PlattCalibration(slope: -1, offset: 0)
    #expect(calibration.probability(1e300) == 1)
    #expect(calibration.probability(-1e300) == 0)
    #expect(calibration.probability(0) == 0.5)
  }

  @Test("values without information give the share of the class") func constant() throws {
    let calibration = try PlattCalibration(
      fitting: [0, 0, 0, 0], labels: [true, false, false, false])
    // Mean of the targets 2/3 and three times 1/5.
    #expect(abs(calibration.probability(0) - (2.0 / 3 + 0.6) / 4) < 1e-4)
  }

  @Test("unusable values are refused") func refused() {
    #expect(throws: SupportVectorMachineError.decisionValueNotFinite(index: 1)) {
      try PlattCalibration(fitting: [0, .nan], labels: [true, false])
    }
    #expect(throws: SupportVectorMachineError.emptyClass(isAdversarial: true, fold: nil)) {
      try PlattCalibration(fitting: [0, 1], labels: [false, false])
    }
  }
}
