import AdversarialAttacks
import FaceVerification
import Images
import NeuralNetworks
import SeededRandom
import Tensors
import TestSupport
import Testing

@Suite struct MinimumNormAttackTests {
  static let embedder = FaceEmbedder.tiny()
  static let sources = (0..<4).map {
    SyntheticPeople.picture(person: $0, variant: 0, side: 16)
  }
  static let goals = (0..<4).map {
    SyntheticPeople.picture(person: $0 + 10, variant: 0, side: 16)
  }

  static func distance(_ a: RGBImage, _ b: RGBImage) -> Float {
    let rows = embedder.unitEmbeddings(of: Variable(Tensor([a, b]))).value
    return squaredDistance(rows.entries(0..<1).numbers, rows.entries(1..<2).numbers)
  }

  static func results(
    _ thetas: [Float], iterations: Int = 12, batch: Int = 16
  ) -> [[AttackResult]] {
    var attack = MinimumNormAttack(on: embedder)
    (attack.iterations, attack.batch) = (iterations, batch)
    return attack.attack(
      sources, targets: embedder.unitEmbeddings(of: Variable(Tensor(goals))).value,
      thetas: thetas)
  }

  /// Half of the distance that each pair has.
  static let theta = (0..<4).map { distance(sources[$0], goals[$0]) }.min().map { $0 / 2 } ?? 0.1

  @Test("finds pictures below θ, and says their distance") func finds() {
    for (index, list) in Self.results([Self.theta]).enumerated() {
      #expect(list[0].succeeded)
      let fresh = Self.distance(list[0].picture, Self.goals[index])
      #expect(abs(fresh - list[0].distance) < 1e-5)
      #expect(fresh < Self.theta)
      let change = Perturbation(from: Self.sources[index], to: list[0].picture)
      #expect(change == list[0].perturbation && change.l2 > 0)
    }
  }

  @Test("a smaller θ never costs less") func monotone() {
    for list in Self.results([Self.theta, Self.theta * 0.6]) {
      #expect(list[0].succeeded && list[1].succeeded)
      #expect(list[1].perturbation.l2 >= list[0].perturbation.l2 * 0.999)
    }
  }

  @Test("more iterations never make it larger") func patience() {
    for (few, many) in zip(
      Self.results([Self.theta], iterations: 8), Self.results([Self.theta], iterations: 24))
    {
      #expect(many[0].perturbation.l2 <= few[0].perturbation.l2)
    }
  }

  @Test("noise of the same size does not succeed") func noise() {
    var random = SplitMix64(seed: 8)
    for (index, list) in Self.results([Self.theta]).enumerated() {
      let source = Self.sources[index]
      let pixels = source.pixels.map {
        UInt8(
          clamping: Int((Float($0) + Float(list[0].perturbation.rms) * random.normal()).rounded()))
      }
      let noisy = RGBImage(width: 16, height: 16, pixels: pixels)
      #expect(Self.distance(noisy, Self.goals[index]) > Self.theta)
    }
  }

  @Test("a pair that matched before is recorded as no attack") func alreadyBelow() {
    for (index, list) in Self.results([3.9]).enumerated() {
      #expect(!list[0].succeeded && list[0].distanceBefore < 3.9)
      #expect(list[0].picture == Self.sources[index] && list[0].perturbation.l2 == 0)
    }
  }

  @Test("results do not depend on the batch") func batches() {
    for (a, b) in zip(Self.results([Self.theta], batch: 1), Self.results([Self.theta], batch: 4)) {
      #expect(a[0].picture == b[0].picture && a[0].distance == b[0].distance)
    }
  }
}
