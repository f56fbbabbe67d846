import LinearMachines
import ModelStore
import Screening
import SeededRandom
import Testing
import Textures

@testable import AttackSets
@testable import DetectorTraining
@testable import Experiments

/// Detectors on drawn numbers in the place of features.
@Suite struct DetectionTests {
  /// Sources of pairs in six folds, attacks of two kinds and a benign change of each.
  ///
  /// - `shift`: how far the attacks' numbers lie from the others', in standard deviations.
  static func examples(shift: Float, pairs: Int = 240) -> DetectionExamples {
    var random = SplitMix64(seed: 11)
    func numbers(_ count: Int, _ shift: Float) -> [Float] {
      (0..<count).map { _ in random.normal() + shift }
    }
    let kinds: [(Species, Float, Double)] = [
      (.bonaFide, 0, 0), (.attack("minimum-norm", theta: 0.4), shift, 1.5),
      (.attack("bim", theta: 0.4), shift, 2.5), (.control("blur"), 0, 3),
    ]
    return DetectionExamples(
      (0..<pairs).flatMap { number in
        kinds.map { species, shift, rms in
          DetectionExamples.Example(
            pair: AttackPair(
              id: "p\(number)", source: "person\(number)/a.png", target: "b/b.png",
              fold: number % 6),
            species: species,
            features: Dictionary(
              uniqueKeysWithValues: FeatureGroup.allCases.map {
                ($0, numbers(3, $0 == .consistency ? shift : 0))
              }), identityGap: 0, rms: rms)
        }
      })
  }

  static func report(
    shift: Float, kind: DetectorKind = .full, training: DetectionReport.Training
  ) throws -> DetectionReport {
    try DetectionReport(
      examples(shift: shift), kind: kind, training: training, descriptor: TextureDescriptor(),
      costs: DetectorFit.Costs())
  }

  @Test("attacks that differ in one kind of evidence are found, also those never shown")
  func separable() throws {
    let report = try Self.report(shift: 3, training: .pooled(["minimum-norm"]))
    #expect(report.rows.map(\.species) == ["bim 0.4", "minimum-norm 0.4"])
    for row in report.rows {
      #expect(row.pictures == 240 && row.accuracy > 0.95 && row.areaUnderCurve > 0.99)
      // The part that carries the difference does it alone, the others are guessing.
      #expect((row.ablations["consistency"] ?? 0) > 0.95)
      #expect(abs((row.ablations["relation"] ?? 0) - 0.5) < 0.12)
      #expect(row.points.map(\.bpcer) == DetectionReport.rates)
      #expect(row.points[2].apcer <= row.points[0].apcer)
    }
    #expect(report.rows[1].paper == 0.9241 && report.rows[0].paper == nil)
    let controls = Dictionary(uniqueKeysWithValues: report.controls.map { ($0.species, $0) })
    #expect(Set(controls.keys) == ["bona fide", "blur"])
    // Drawn like the sources, a benign change is called adversarial about as rarely.
    #expect((controls["blur"]?.rates[2].apcer ?? 1) < 0.12)
    #expect((controls["bona fide"]?.rates[2].apcer ?? 1) < 0.12)
    #expect(report.text.contains("worst species") && report.rows.count == report.curves.count)
  }

  @Test("species are named by their attack, or by attack and θ") func names() {
    let species = Species.attack("bim", theta: 0.4)
    #expect(species.isNamed(in: ["pgd", "bim"]) && species.isNamed(in: ["bim@0.40"]))
    #expect(!species.isNamed(in: ["bim@0.6", "bi", "bim@", "bim@0.4@0.4"]))
    #expect(Species.control("noise", theta: 1).isNamed(in: ["noise@1"]))
    #expect(Species.control("blur").isNamed(in: ["blur"]))
    #expect(!Species.control("blur").isNamed(in: ["blur@1"]))
  }

  @Test("a detector may be shown one θ alone") func oneTheta() throws {
    var examples = Self.examples(shift: 3).examples
    // What is never shown differs in nothing, so that showing it would spoil what is learnt.
    for index in examples.indices where examples[index].species.name == "bim" {
      examples[index].species = .attack("minimum-norm", theta: 1)
      examples[index].features = examples[index - 2].features
    }
    func accuracy(_ words: [String]) throws -> [Double] {
      try DetectionReport(
        DetectionExamples(examples), kind: .full, training: .pooled(words),
        descriptor: TextureDescriptor(), costs: DetectorFit.Costs()
      ).rows.map(\.accuracy)
    }
    let one = try accuracy(["minimum-norm@0.4"])
    #expect(one[0] > 0.95 && abs(one[1] - 0.5) < 0.1)
    let other = try accuracy(["minimum-norm@1"])
    #expect(other[0] < one[0])
  }

  @Test(
    "attacks like the sources are told by chance only: nothing leaks from fold to fold",
    arguments: DetectorKind.allCases)
  func nothingToFind(_ kind: DetectorKind) throws {
    for training in [DetectionReport.Training.each, .pooled(["minimum-norm"])] {
      let report = try Self.report(shift: 0, kind: kind, training: training)
      for row in report.rows {
        #expect(abs(row.accuracy - 0.5) < 0.1)
        #expect(abs(row.areaUnderCurve - 0.5) < 0.1)
      }
    }
  }

  @Test("a trained detector has thresholds where the pictures suffice, and says where not")
  func training() throws {
    let training = try DetectorTraining(
      Self.examples(shift: 3, pairs: 700), kind: .full, descriptor: TextureDescriptor(),
      source: "drawn numbers")
    #expect(training.balancedAccuracy > 0.95)
    // 700 bona fide pictures: 30 errors are expected at 5 %, not at 1 %.
    #expect(training.pictures.points.map(\.name) == ["bpcer-5e-2", "bpcer-1e-1"])
    #expect(training.pictures.refusals.count == 2)
    #expect(training.pictures.points.allSatisfy { ($0.apcer ?? 1) < 0.1 && $0.count == 700 })
    #expect(training.fit.searches["consistency"]?.trials.count == 3)
  }

  @Test("fewer than three folds are refused") func folds() {
    let few = DetectionExamples(
      Self.examples(shift: 3, pairs: 12).examples.map { example in
        var example = example
        example.pair.fold = 0
        return example
      })
    #expect(throws: (any Error).self) {
      try DetectionReport(
        few, kind: .paper, training: .each, descriptor: TextureDescriptor(),
        costs: DetectorFit.Costs())
    }
  }
}
