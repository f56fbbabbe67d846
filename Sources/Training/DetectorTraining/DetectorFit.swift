private import KernelSupport
public import LinearMachines
public import Screening
private import SeededRandom
public import Textures

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
  ///   - descriptor: how their texture was described.
  ///   - folds: the fold of each; all of one person belong in one.
  ///   - costs: C of the machines.
  ///   - progress: called when a part's machines of one C are fitted.
  /// - Throws: `SupportVectorMachineError`.
  public init(
    _ examples: [DetectionExamples.Example], kind: DetectorKind,
    descriptor: TextureDescriptor, folds: [Int], costs: Costs = Costs(),
    progress: (_ part: String, CostSearch.Trial) -> Void = { _, _ in }
  ) throws {
    let labels = examples.map(\.species.isAdversarial)
    let options = Self.options(labels)
    var parts: [AdversarialDetector.Part] = []
    var values: [[Double]] = []
    var searches: [String: CostSearch] = [:]
    for (name, groups) in kind.parts {
      let (matrix, scaling, tried) = Self.problem(groups, examples, costs)
      let fit = try CrossValidation.fit(
        costs: tried, matrix, labels: labels, folds: folds, options: options, scaling: scaling
      ) { progress(name, $0) }
      searches[name] = fit.search
      values.append(fit.search.values)
      parts.append(
        AdversarialDetector.Part(
          name: name, groups: groups, scaler: fit.scaler, machine: fit.machine))
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

  /// Fits machines that are to decide alone, side by side; nothing is said of unseen examples.
  ///
  /// - Precondition: each has one cost.
  /// - Throws: `SupportVectorMachineError`.
  static func parts(
    _ plan: Plan, of examples: [DetectionExamples.Example], costs: Costs
  ) throws -> [AdversarialDetector.Part] {
    let labels = examples.map(\.species.isAdversarial)
    return try WorkerPool.shared.map(plan.count) {
      place throws(SupportVectorMachineError) -> AdversarialDetector.Part in
      let (name, groups) = plan[place]
      let (matrix, scaling, tried) = Self.problem(groups, examples, costs)
      precondition(tried.count == 1, "\(tried.count) costs of a machine that none is chosen for")
      var options = Self.options(labels)
      options.cost = tried[0]
      var scaler: FeatureScaler?
      if let scaling { scaler = try FeatureScaler(fitting: matrix, method: scaling) }
      return AdversarialDetector.Part(
        name: name, groups: groups, scaler: scaler,
        machine: try LinearSVM.train(
          scaler?.scaled(matrix) ?? matrix, labels: labels, options: options))
    }
  }

  /// Newton's method draws no random numbers, so machines are fitted side by side. Both classes
  /// weigh the same.
  private static func options(_ labels: [Bool]) -> TrainingOptions {
    let adversarial = labels.count { $0 }
    return TrainingOptions(
      solver: .l2RegularizedL2LossPrimal,
      adversarialWeight: Double(max(1, labels.count - adversarial)) / Double(max(1, adversarial)))
  }

  /// What a part is fitted to, and the costs it may have.
  private static func problem(
    _ groups: [FeatureGroup], _ examples: [DetectionExamples.Example], _ costs: Costs
  ) -> (FeatureMatrix, scaling: FeatureScaler.Method?, costs: [Double]) {
    let matrix = FeatureMatrix(
      examples.map { example in groups.flatMap { example.features[$0] ?? [] } })
    let isHistogram = groups.contains(.picture) || groups.contains(.reconstruction)
    return (matrix, isHistogram ? nil : .standard, isHistogram ? costs.texture : costs.numbers)
  }

  /// The fold of a picture: all of one person's fall into one of ten.
  ///
  /// - `source`: `person/picture`.
  public static func fold(of source: String) -> Int {
    Int(SplitMix64.stableHash(of: String(source.prefix { $0 != "/" })) % 10)
  }
}
