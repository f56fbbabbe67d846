import Embedders
import Images
import NeuralNetworks
import PictureTensors
import SeededRandom
import Tensors
import TestSupport
import Testing

@testable import Attacks

/// Attacks on what decides where two networks' distances² are fused.
@Suite struct FusedVictimTests {
  private static let witness = FaceEmbedder.tiny(seed: 5)

  private static func fused(_ weight: Double) throws -> DecidingEmbedders {
    let fusion = try #require(EmbeddingFusion(weight: weight))
    return DecidingEmbedders(TinyPairs.victim, second: (witness, fusion))
  }

  private static func points(_ rows: [Int]) -> AttackPoints {
    AttackPoints(rows: rows, random: rows.map { SplitMix64(seed: UInt64($0)) })
  }

  private static func distance(
    _ embedder: FaceEmbedder, _ a: RGBImage, _ b: RGBImage
  ) -> Float {
    let rows = embedder.unitEmbeddings(of: Variable(Tensor([a, b]))).value
    return squaredDistance(rows.entries(0..<1).numbers, rows.entries(1..<2).numbers)
  }

  @Test("its distance² and gradient are the weighted means of both networks'") func mean() throws {
    let (sources, targets) = (Tensor(TinyPairs.sources), Tensor(TinyPairs.targets))
    func found(_ networks: DecidingEmbedders) -> (values: [Float], slopes: [Float]) {
      let faces = Variable(tracked: sources)
      let objective = EmbeddingDistance(networks, targets: targets)
      let values = objective.values(of: faces, at: Self.points([0, 1, 2, 3]), theta: 0.1)
      return (
        values.value.numbers, gradients(of: values.sum(), withRespectTo: [faces])[0].numbers
      )
    }
    let (first, second) = (
      found(DecidingEmbedders(TinyPairs.victim)), found(DecidingEmbedders(Self.witness))
    )
    let both = found(try Self.fused(0.25))
    #expect(first.values != second.values)
    for place in both.values.indices {
      let mean = 0.75 * first.values[place] + 0.25 * second.values[place]
      #expect(abs(both.values[place] - mean) < 1e-6)
    }
    for place in both.slopes.indices {
      let mean = 0.75 * first.slopes[place] + 0.25 * second.slopes[place]
      #expect(abs(both.slopes[place] - mean) < 1e-5)
    }
    #expect(EmbeddingDistance(try Self.fused(0.25), targets: targets).load == 2)
  }

  @Test(
    "what an attack reports of it is the fused distance² of its picture, and it falls below θ",
    arguments: ["minimum-norm", "bim"])
  func found(name: String) throws {
    let deciding = try Self.fused(0.5)
    let attack = try #require(AttackCatalogue.find(name, iterations: 12)).attack
    let results = TinyPairs.results(attack, deciding: deciding)
    for (index, result) in results.enumerated() {
      let (picture, target) = (result[0].picture, TinyPairs.targets[index])
      let own = Self.distance(TinyPairs.victim, picture, target)
      let other = Self.distance(Self.witness, picture, target)
      #expect(abs(result[0].distance - (own + other) / 2) < 1e-5)
      if result[0].succeeded { #expect((own + other) / 2 < TinyPairs.theta) }
    }
    #expect(results.count { $0[0].succeeded } >= 3)
    // Batches change nothing of it.
    let alone = TinyPairs.results(attack, together: false, deciding: deciding)
    #expect(alone.map { $0[0].picture } == results.map { $0[0].picture })
  }

  @Test("one network in its place succeeds at one's own goal, and less often at the fused one")
  func surrogate() throws {
    let deciding = try Self.fused(0.5)
    let attack = GradientDescentAttack(.euclidean, budgets: [4], steps: 20, stepShare: 0.1)
    let both = TinyPairs.results(attack, deciding: deciding)
    let first = TinyPairs.results(
      attack, deciding: deciding, surrogate: DecidingEmbedders(TinyPairs.victim))
    #expect(both.count { $0[0].succeeded } >= first.count { $0[0].succeeded })
    for (own, other) in zip(both, first) { #expect(own[0].distance < other[0].distance) }
  }

  @Test("an attacker knows both networks where what it descends joins them") func knowledge() throws
  {
    func known(_ name: String, _ decider: String, _ surrogate: String? = nil) throws
      -> AttackKnowledge
    {
      try #require(AttackCatalogue.find(name)).knowledge(decider: decider, surrogate: surrogate)
    }
    #expect(try known("minimum-norm", "f_c") == .decider)
    #expect(try known("minimum-norm", "f_c", "other") == .surrogate)
    #expect(try known("minimum-norm", "fusion") == .both)
    #expect(try known("minimum-norm", "fusion", "f_c") == .decider)
    #expect(try known("minimum-norm", "fusion", "f_v") == .witness)
    #expect(try known("minimum-norm", "fusion", "other") == .surrogate)
    #expect(try known("eot-both", "fusion", "f_c") == .both)
    #expect(try known("eot-witness", "fusion") == .witness)
    #expect(try known("eot-both", "f_c") == .both)
    #expect(try known("adaptive", "fusion") == .everything)
    #expect(try known("square", "fusion") == .answers)
    #expect(try known("jpeg-75", "fusion") == .nothing)
  }
}
