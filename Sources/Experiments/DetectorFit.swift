private import AdversarialAttacks
public import AdversarialDetection
public import LocalBinaryPatterns
private import SeededRandom
public import SupportVectorMachines

/// A detector fitted to examples, with what it would have said of each had it not seen it.
public struct DetectorFit: Sendable {
  /// The detector, from all examples.
  public let detector: AdversarialDetector
  /// For each example the log-odds of tampering, from machines that saw no example of its fold.
  public let unseen: [Double]
  /// For each part what each C came to.
  public let searches: [String: CostSearch]

  /// Parts by name, and what each weighs.
  public typealias Plan = [(name: String, groups: [FeatureGroup])]

  /// What is tried and chosen by cross-validation; of one alone nothing is chosen.
  public struct Costs: Sendable {
    /// C of machines on histograms.
    public var texture: [Double]
    /// C of machines on a few numbers, brought to one scale.
    public var numbers: [Double]

    /// Creates costs.
    public init(texture: [Double] = [0.03], numbers: [Double] = [0.1]) {
      (self.texture, self.numbers) = (texture, numbers)
    }
  }

  /// Fits a machine for each part, and a logistic fusion of what they say of folds that they have
  /// not seen. Both classes weigh the same, however many examples they have.
  ///
  /// - Parameters:
  ///   - examples: of bona fide pictures and attacks.
  ///   - kind: the detector.
  ///   - plan: its parts, if others than those of `kind`.
  ///   - descriptor: how their texture was described.
  ///   - folds: the fold of each; all of one person belong in one.
  ///   - costs: C of the machines.
  ///   - progress: called when a part's machines of one C are fitted.
  /// - Throws: `SupportVectorMachineError`.
  public init(
    _ examples: [DetectionExamples.Example], kind: DetectorKind, parts plan: Plan? = nil,
    descriptor: TextureDescriptor, folds: [Int], costs: Costs = Costs(),
    progress: (_ part: String, CostSearch.Trial) -> Void = { _, _ in }
  ) throws {
    let labels = examples.map(\.species.isAdversarial)
    let adversarial = labels.count { $0 }
    // Newton's method draws no random numbers, so folds are fitted side by side.
    var options = TrainingOptions(
      solver: .l2RegularizedL2LossPrimal,
      adversarialWeight: Double(max(1, labels.count - adversarial)) / Double(max(1, adversarial)))
    var parts: [AdversarialDetector.Part] = []
    var values: [[Double]] = []
    var searches: [String: CostSearch] = [:]
    for (name, groups) in plan ?? kind.parts {
      let matrix = FeatureMatrix(
        examples.map { example in groups.flatMap { example.features[$0] ?? [] } })
      let isHistogram = groups.contains(.picture) || groups.contains(.reconstruction)
      let scaling: FeatureScaler.Method? = isHistogram ? nil : .standard
      let tried = isHistogram ? costs.texture : costs.numbers
      let search = try CrossValidation.search(
        costs: tried, matrix, labels: labels, folds: folds, options: options, scaling: scaling
      ) { progress(name, $0) }
      searches[name] = search
      options.cost = search.best.cost
      values.append(search.values)
      let scaler = try scaling.map { try FeatureScaler(fitting: matrix, method: $0) }
      parts.append(
        AdversarialDetector.Part(
          name: name, groups: groups, scaler: scaler,
          machine: try LinearSVM.train(
            scaler?.scaled(matrix) ?? matrix, labels: labels, options: options)))
    }
    let rows = FeatureMatrix(examples.indices.map { row in values.map { Float($0[row]) } })
    var fusion = options
    (fusion.solver, fusion.cost) = (.l2LogisticRegression, 1)
    unseen = try CrossValidation.decisionValues(
      rows, labels: labels, folds: folds, options: fusion)
    detector = AdversarialDetector(
      kind: kind, descriptor: descriptor, parts: parts,
      fusion: try LinearSVM.train(rows, labels: labels, options: fusion))
    self.searches = searches
  }

  /// The fold of a picture: all of one person's fall into one of ten.
  ///
  /// - `source`: `person/picture`.
  public static func fold(of source: String) -> Int {
    Int(SplitMix64.stableHash(of: String(source.prefix { $0 != "/" })) % 10)
  }
}
