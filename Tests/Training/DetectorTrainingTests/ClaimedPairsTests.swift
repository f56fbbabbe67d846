import ModelStore
import Screening
import SeededRandom
import Testing
import Textures

@testable import AttackSets
@testable import DetectorTraining
@testable import Experiments

/// Pairs of drawn embeddings: people are directions, attacks move f_C to the target and not f_V.
@Suite struct ClaimedPairsTests {
  /// - `people`: each with three pictures, the first of which is attacked to pass for the next person.
  static func examples(people: Int) -> [DetectionExamples.Example] {
    var random = SplitMix64(seed: 3)
    func unit(_ numbers: [Float]) -> [Float] {
      let norm = numbers.reduce(0) { $0 + $1 * $1 }.squareRoot()
      return numbers.map { $0 / norm }
    }
    func near(_ centre: [Float]) -> [Float] { unit(centre.map { $0 + 0.1 * random.normal() }) }
    let own = (0..<people).map { _ in unit((0..<16).map { _ in random.normal() }) }
    let seen = (0..<people).map { _ in unit((0..<16).map { _ in random.normal() }) }
    func example(_ person: Int, _ picture: Int, _ species: Species, as claimed: Int)
      -> DetectionExamples.Example
    {
      DetectionExamples.Example(
        pair: AttackPair(
          id: "\(person)-\(picture)", source: "p\(person)/\(picture).png",
          target: "p\((person + 1) % people)/0.png"),
        species: species,
        features: Dictionary(
          uniqueKeysWithValues: FeatureGroup.allCases.map {
            ($0, [random.normal() + (species.isAdversarial && $0 == .consistency ? 4 : 0)])
          }), identityGap: 0, rms: 1, embedding: near(own[claimed]),
        witnessEmbedding: near(seen[person]))
    }
    return (0..<people).flatMap { person in
      (0..<3).map { example(person, $0, .bonaFide, as: person) }
        + [
          example(
            person, 0, .attack("minimum-norm", theta: 0.4), as: (person + 1) % people),
          example(person, 0, .control("blur"), as: person),
        ]
    }
  }

  @Test("attacks claim to be their targets; genuine pairs are of one person; controls make none")
  func pairs() {
    let examples = Self.examples(people: 10)
    let odds = examples.indices.map { Double($0) }
    let pairs = ClaimedPairs(
      examples, logOdds: odds, folds: examples.indices.map { $0 / 5 }, perPerson: 2
    ).pairs
    #expect(pairs.count { $0.species.isAdversarial } == 10)
    #expect(pairs.count(where: \.isGenuine) == 20)
    #expect(pairs.count { $0.species == .bonaFide && !$0.isGenuine } == 30)
    for pair in pairs {
      let (isNear, isSeenNear) = (pair.distance < 0.6, pair.witnessDistance < 0.6)
      #expect(isNear == (pair.isGenuine || pair.species.isAdversarial))
      #expect(isSeenNear == pair.isGenuine)
    }
    // The larger log-odds: the attack of person 0 is example 3, its target example 5.
    #expect(pairs.first { $0.species.isAdversarial }?.logOdds == 5)
  }

  @Test("the same picture in two sets is no pair") func twice() {
    let once = Self.examples(people: 4)
    let again = once.map { example in
      var example = example
      example.set = 1
      return example
    }
    let both = once + again
    func genuine(_ examples: [DetectionExamples.Example]) -> Int {
      ClaimedPairs(
        examples, logOdds: examples.map { _ in 0 }, folds: examples.map { _ in 0 }
      ).pairs.count(where: \.isGenuine)
    }
    #expect(genuine(once) == 12 && genuine(both) == 12)
  }

  @Test("a detector of pairs is trained where people have several pictures, with its thresholds")
  func training() throws {
    let examples = Self.examples(people: 250)
    let training = try DetectorTraining(
      DetectionExamples(examples), kind: .full, descriptor: TextureDescriptor(), source: "drawn")
    let pairs = try #require(training.pairFit)
    // 750 genuine pairs: 30 errors are expected at 5 %, not at 1 %.
    #expect(training.pairs.points.map(\.name) == ["bpcer-5e-2", "bpcer-1e-1"])
    for point in training.pairs.points {
      #expect(point.count == 750 && (point.apcer ?? 1) < 0.02)
    }
    // A picture that the first check lets pass is stopped by the claim.
    let threshold = try #require(training.pairs.points.first).threshold
    let attack = pairs.detector.score(logOdds: -50, distance: 0.3, witnessDistance: 2)
    let genuine = pairs.detector.score(logOdds: -50, distance: 0.3, witnessDistance: 0.3)
    #expect(attack.probability > threshold && genuine.probability < threshold)
    #expect(attack.isOfClaim)
    let single = try DetectorTraining(
      DetectionExamples(examples.filter { $0.pair.source.hasSuffix("/0.png") }), kind: .full,
      descriptor: TextureDescriptor(), source: "drawn")
    #expect(single.pairFit == nil && single.pairs.points.isEmpty)
  }

  @Test("measured on unseen folds, the screen stops claims and lets genuine pairs in")
  func report() throws {
    let report = try DetectionReport(
      DetectionExamples(Self.examples(people: 200)), kind: .full,
      training: .pooled(["minimum-norm"]), descriptor: TextureDescriptor(),
      costs: DetectorFit.Costs())
    let pairs = try #require(report.pairs)
    #expect(pairs.genuine == 600 && pairs.rows.map(\.pairs).reduce(0, +) > 0)
    #expect(pairs.rows.map(\.species) == ["minimum-norm 0.4"])
    #expect(pairs.checks.map(\.bpcer) == [nil] + DetectionReport.rates)
    // Attacks match their targets; the screen is what keeps them out.
    #expect(pairs.checks[0].attacks[0] > 0.95 && pairs.checks[0].genuine > 0.95)
    #expect(pairs.checks[2].attacks[0] < 0.05 && pairs.checks[2].genuine > 0.9)
    #expect(pairs.checks[0].impostors < 0.05 && pairs.checks[2].accuracy > 0.95)
    #expect((pairs.rows.first?.areaUnderCurve ?? 0) > 0.99)
    #expect(report.text.contains("screen, BPCER 1%"))
  }
}
