private import AdversarialAttacks
public import AdversarialDetection
private import BiometricMetrics
public import Checkpoints
public import LocalBinaryPatterns
private import SeededRandom
public import SupportVectorMachines

/// Makes the paper's detector from an attack set.
public struct DetectorTraining: Sendable {
  /// The detector, trained on all examples.
  public let detector: AdversarialDetector
  /// Its thresholds, on probabilities, from folds that did not train the scores.
  public let points: [OperatingPoint]
  /// What each C came to.
  public let search: CostSearch
  /// The accuracy of unseen folds, both classes weighing the same.
  public let balancedAccuracy: Double

  /// Chooses C by cross-validation, calibrates on the unseen folds' decision values, trains.
  ///
  /// Folds keep all pictures of one person together: the folder in the source's name.
  ///
  /// - Throws: `SupportVectorMachineError` or `MetricsError`.
  public init(
    _ examples: DetectionExamples, descriptor: TextureDescriptor,
    costs: [Double] = [0.01, 0.03, 0.1], source: String
  ) throws {
    let all = examples.examples
    let matrix = all.matrix
    let labels = all.map { $0.theta != nil }
    let folds = all.map { example in
      Int(SplitMix64.stableHash(of: String(example.pair.source.prefix { $0 != "/" })) % 10)
    }
    let adversarial = labels.count { $0 }
    var options = TrainingOptions(
      adversarialWeight: Double(labels.count - adversarial) / Double(max(1, adversarial)))
    search = try CrossValidation.search(
      costs: costs, matrix, labels: labels, folds: folds, options: options)
    options.cost = search.best.cost
    balancedAccuracy = search.best.balancedAccuracy
    let values = try CrossValidation.decisionValues(
      matrix, labels: labels, folds: folds, options: options)
    let calibration = try PlattCalibration(fitting: values, labels: labels)
    detector = AdversarialDetector(
      descriptor: descriptor,
      machine: try LinearSVM.train(matrix, labels: labels, options: options),
      calibration: calibration)
    let scores = try LabelledScores(
      scores: values.map(calibration.probability), labels: labels, direction: .largerIsPositive)
    points = [("bpcer-1e-2", 0.01), ("bpcer-5e-2", 0.05), ("bpcer-1e-1", 0.1)].compactMap {
      name, rate in
      // Refused where the bona fide pictures are too few for the rate.
      guard let threshold = try? scores.threshold(atBPCER: rate) else { return nil }
      let alarms = scores.bpcer(at: threshold)
      return OperatingPoint(
        name: name, threshold: threshold, apcer: scores.apcer(at: threshold).value, bpcer: rate,
        count: labels.count - adversarial, ci95: alarms.wilson95.ends, source: source)
    }
  }
}
