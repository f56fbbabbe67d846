private import AttackSets
private import LinearMachines
private import Metrics
public import Screening
public import Textures

/// What detectors say of pictures of people that they have not seen: ten folds of a protocol, each
/// judged by a detector that was fitted to the other nine.
public struct CrossValidatedDetection: Sendable {
  /// One judged picture.
  public struct Judged: Sendable {
    /// The picture's place among the examples.
    public var index: Int
    /// The probability of tampering.
    public var probability: Double
    /// Each part's decision value, by name.
    public var parts: [String: Double]
  }

  /// The judged pictures, by the folds that they are in.
  public let folds: [[Judged]]
  /// For each fold the thresholds of the BPCERs asked for, from the other folds' bona fide pictures.
  public let thresholds: [[Double]]
  /// For each fold what a detector of pairs says, where its pairs can be put together.
  package let claims: [CrossValidatedClaims]

  /// Fits and judges fold by fold.
  ///
  /// A fold's detector, its fusion and its thresholds come from the other folds alone; its fusion from
  /// what machines say of groups of those folds that they have not seen.
  ///
  /// - Parameters:
  ///   - examples: of an attack set.
  ///   - kind: the detector.
  ///   - alone: further parts, whose decision values are told as well but not fused.
  ///   - descriptor: how their texture was described.
  ///   - costs: C of the machines.
  ///   - rates: the BPCERs.
  ///   - isTraining: which species the detectors are fitted to, beside the sources; benign changes as
  ///     bona fide. Of several
  ///     successful attacks on one pair the one whose turn it is counts, so that both classes have
  ///     about the same number.
  ///   - progress: called after each fold.
  /// - Throws: `SupportVectorMachineError`, also for fewer than three folds; `MetricsError` if there is
  ///   no bona fide picture to set a threshold by.
  public init(
    _ examples: [DetectionExamples.Example], kind: DetectorKind,
    alone: DetectorFit.Plan = [], descriptor: TextureDescriptor,
    costs: DetectorFit.Costs, rates: [Double], trainingOn isTraining: (Species) -> Bool,
    progress: (_ fold: Int, _ count: Int) -> Void = { _, _ in }
  ) throws {
    let own = Self.folds(of: examples)
    let numbers = Set(own).sorted()
    // One to test on, two to fit machines and fusion to.
    guard numbers.count >= 3 else {
      throw SupportVectorMachineError.tooFewFolds(found: numbers.count)
    }
    let turns = Self.turns(examples, isTraining)
    var folds: [[Judged]] = []
    var thresholds: [[Double]] = []
    var claims: [CrossValidatedClaims] = []
    for (position, number) in numbers.enumerated() {
      let training = turns.filter { own[$0] != number }
      // Inner groups of folds, three of them: each fold in one group, whatever the outer one is.
      let others = numbers.filter { $0 != number }
      let groups = training.map { (others.firstIndex(of: own[$0]) ?? 0) % 3 }
      let fit = try DetectorFit(
        training.map { examples[$0] }, kind: kind, descriptor: descriptor,
        folds: groups, costs: costs)
      let bonaFide = zip(training, fit.unseen).filter { examples[$0.0].species == .bonaFide }
        .map { TamperingScore.probability(logOdds: $0.1) }.sorted()
      thresholds.append(
        try rates.map { rate in
          try LabelledScores.threshold(ofNegatives: bonaFide, exceededByAtMost: rate)
            ?? bonaFide[0].nextDown
        })
      let tested = examples.indices.filter { own[$0] == number }
      let scores = tested.map { fit.detector.score(examples[$0].features) }
      let further = try DetectorFit.parts(alone, of: training.map { examples[$0] }, costs: costs)
      folds.append(
        zip(tested, scores).map { index, score in
          let own = examples[index].features
          let values = further.map { part in
            (part.name, part.decisionValue(part.groups.flatMap { own[$0] ?? [] }))
          }
          return Judged(
            index: index, probability: score.probability,
            parts: Dictionary(
              uniqueKeysWithValues: score.parts.map { ($0.name, $0.value) } + values))
        })
      let known = ClaimedPairs(training.map { examples[$0] }, logOdds: fit.unseen, folds: groups)
      let asked = ClaimedPairs(
        tested.map { examples[$0] }, logOdds: scores.map(\.logOdds),
        folds: tested.map { _ in number })
      try CrossValidatedClaims(asked.pairs, fittedTo: known.pairs, rates: rates).map {
        claims.append($0)
      }
      progress(position + 1, numbers.count)
    }
    (self.folds, self.thresholds, self.claims) = (folds, thresholds, claims)
  }

  /// The folds of the protocol, or, where a picture has none, ten by its person's name.
  ///
  /// A picture beside the sets is in the fold of its person.
  private static func folds(of examples: [DetectionExamples.Example]) -> [Int] {
    var people: [Substring: Int] = [:]
    for example in examples {
      if let fold = example.pair.fold { people[example.pair.source.prefix { $0 != "/" }] = fold }
    }
    let known = examples.map { $0.pair.fold ?? people[$0.pair.source.prefix { $0 != "/" }] }
    return known.contains(nil)
      ? examples.map { DetectorFit.fold(of: $0.pair.source) } : known.compactMap(\.self)
  }

  /// The sources, and of each pair one attack to train on: the pairs take turns.
  private static func turns(
    _ examples: [DetectionExamples.Example], _ isTraining: (Species) -> Bool
  ) -> [Int] {
    var attacks: [String: [Int]] = [:]
    var order: [String] = []
    var chosen: [Int] = []
    for (index, example) in examples.enumerated() {
      if example.species == .bonaFide { chosen.append(index) }
      guard example.species != .bonaFide && isTraining(example.species) else { continue }
      guard example.species.isAdversarial else {
        // A benign change that detectors are shown is one more bona fide picture.
        chosen.append(index)
        continue
      }
      if attacks[example.pair.id] == nil { order.append(example.pair.id) }
      attacks[example.pair.id, default: []].append(index)
    }
    for (turn, pair) in order.enumerated() {
      guard let own = attacks[pair] else { continue }
      chosen.append(own[turn % own.count])
    }
    return chosen.sorted()
  }
}
