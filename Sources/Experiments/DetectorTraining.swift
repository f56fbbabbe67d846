private import AdversarialAttacks
public import AdversarialDetection
private import BiometricMetrics
public import Checkpoints
public import LocalBinaryPatterns

/// Makes a detector from an attack set, with thresholds of stated BPCER.
public struct DetectorTraining: Sendable {
  /// The fitted detector.
  public let fit: DetectorFit
  /// Its thresholds, on probabilities, from folds that did not train the scores.
  public let points: [OperatingPoint]
  /// Why a threshold was refused, a sentence each.
  public let refusals: [String]
  /// The accuracy of unseen folds at probability one half, both classes weighing the same.
  public let balancedAccuracy: Double

  /// Fits to sources, attacks and benign changes; the latter count as bona fide.
  ///
  /// Chooses each part's C by cross-validation over ten folds of people, fits, and measures
  /// thresholds.
  ///
  /// - `source`: what the examples are, in words.
  /// - Throws: `SupportVectorMachineError` or `MetricsError`.
  public init(
    _ examples: DetectionExamples, kind: DetectorKind, descriptor: TextureDescriptor,
    costs: DetectorFit.Costs = DetectorFit.Costs(
      texture: [0.01, 0.03, 0.1], numbers: [0.01, 0.1, 1]), source: String
  ) throws {
    let all = examples.examples
    let fit = try DetectorFit(
      all, kind: kind, descriptor: descriptor,
      folds: all.map { DetectorFit.fold(of: $0.pair.source) }, costs: costs)
    self.fit = fit
    // Benign changes are fitted to as bona fide; thresholds come from untouched pictures, each once.
    var pictures: Set<String> = []
    let measured = all.indices.filter {
      all[$0].species.isAdversarial
        || (all[$0].species == .bonaFide && pictures.insert(all[$0].pair.source).inserted)
    }
    let scores = try LabelledScores(
      scores: measured.map { AdversarialDetector.probability(logOdds: fit.unseen[$0]) },
      labels: measured.map { all[$0].species.isAdversarial }, direction: .largerIsPositive)
    balancedAccuracy = scores.balancedAccuracy(at: 0.5)
    var (points, refusals) = ([OperatingPoint](), [String]())
    for (name, rate) in [
      ("bpcer-1e-3", 0.001), ("bpcer-1e-2", 0.01), ("bpcer-5e-2", 0.05), ("bpcer-1e-1", 0.1),
    ] {
      do {
        // Refused where the bona fide pictures are too few for the rate.
        let threshold = try scores.threshold(atBPCER: rate)
        points.append(
          OperatingPoint(
            name: name, threshold: threshold, apcer: scores.apcer(at: threshold).value,
            bpcer: rate, count: scores.negativeCount,
            ci95: scores.bpcer(at: threshold).wilson95.ends, source: source))
      } catch {
        refusals.append("no threshold \(name): \(error)")
      }
    }
    (self.points, self.refusals) = (points, refusals)
  }
}
