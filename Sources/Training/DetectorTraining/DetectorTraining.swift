private import AttackSets
public import LinearMachines
private import Metrics
public import ModelStore
public import Screening
public import Textures

/// Makes a detector from an attack set, with thresholds of stated BPCER.
public struct DetectorTraining: Sendable {
  /// Thresholds on probabilities, from folds that did not train the scores.
  public struct Thresholds: Sendable {
    /// The operating points.
    public var points: [OperatingPoint] = []
    /// Why others were refused, a sentence each.
    public var refusals: [String] = []
  }

  /// The fitted detector.
  public let fit: DetectorFit
  /// Its thresholds; BPCER is that of untouched pictures, each counted once.
  public let pictures: Thresholds
  /// What judges pairs; nil if the detector asks no witness, or if there are no attacks whose targets
  /// are known or no two pictures of one person.
  public let pairFit: PairDetectorFit?
  /// The thresholds for pairs; BPCER is that of genuine ones.
  public let pairs: Thresholds
  /// The accuracy of unseen folds at probability one half, both classes weighing the same.
  public let balancedAccuracy: Double

  /// Fits to sources, attacks and benign changes; the latter count as bona fide.
  ///
  /// Chooses each part's C by cross-validation over ten folds of people, fits, and measures
  /// thresholds.
  ///
  /// - Parameters:
  ///   - examples: of attack sets.
  ///   - kind: the detector.
  ///   - descriptor: how their texture was described.
  ///   - costs: what is tried as C.
  ///   - source: what the examples are, in words.
  ///   - progress: called when a part's machines of one C are fitted.
  /// - Throws: `SupportVectorMachineError` or `MetricsError`.
  public init(
    _ examples: DetectionExamples, kind: DetectorKind, descriptor: TextureDescriptor,
    costs: DetectorFit.Costs = DetectorFit.Costs(
      texture: [0.01, 0.03, 0.1], numbers: [0.01, 0.1, 1]), source: String,
    progress: (_ part: String, CostSearch.Trial) -> Void = { _, _ in }
  ) throws {
    let all = examples.examples
    let folds = all.map { DetectorFit.fold(of: $0.pair.source) }
    let fit = try DetectorFit(
      all, kind: kind, descriptor: descriptor, folds: folds, costs: costs, progress: progress)
    self.fit = fit
    // Benign changes are fitted to as bona fide; thresholds come from untouched pictures, each once.
    var names: Set<String> = []
    let measured = all.indices.filter {
      all[$0].species.isAdversarial
        || (all[$0].species == .bonaFide && names.insert(all[$0].pair.source).inserted)
    }
    let scores = try LabelledScores(
      scores: measured.map { TamperingScore.probability(logOdds: fit.unseen[$0]) },
      labels: measured.map { all[$0].species.isAdversarial }, direction: .largerIsPositive)
    balancedAccuracy = scores.balancedAccuracy(at: 0.5)
    pictures = Thresholds(scores, source: source)
    let claims = ClaimedPairs(all, logOdds: fit.unseen, folds: folds).pairs
    let counted = claims.indices.filter {
      claims[$0].isGenuine || claims[$0].species.isAdversarial
    }
    guard counted.contains(where: { claims[$0].isGenuine }),
      counted.contains(where: { !claims[$0].isGenuine })
    else {
      (pairFit, pairs) = (nil, Thresholds())
      return
    }
    let joint = try PairDetectorFit(claims)
    pairFit = joint
    pairs = Thresholds(
      try LabelledScores(
        scores: counted.map { joint.unseen[$0] }, labels: counted.map { !claims[$0].isGenuine },
        direction: .largerIsPositive),
      source:
        "\(source); genuine pairs, of at most 20 a person: they share pictures, so the interval "
        + "is too narrow")
  }
}

extension DetectorTraining.Thresholds {
  /// Those of the usual BPCERs; a rate that the bona fide scores are too few for is refused.
  fileprivate init(_ scores: LabelledScores, source: String) {
    for (name, rate) in [
      ("bpcer-1e-3", 0.001), ("bpcer-1e-2", 0.01), ("bpcer-5e-2", 0.05), ("bpcer-1e-1", 0.1),
    ] {
      do {
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
  }
}
