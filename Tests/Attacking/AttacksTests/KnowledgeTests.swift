import Embedders
import Images
import SeededRandom
import TestSupport
import Testing

@testable import Attacks

/// What an attacker gains by knowing the network.
@Suite struct KnowledgeTests {
  @Test("noise of the same norm does not succeed") func noise() {
    let found = TinyPairs.results(MinimumNormAttack())
    let noise = TinyPairs.results(EqualNormNoise())
    for (attack, noise) in zip(found, noise) {
      #expect(attack[0].succeeded && !noise[0].succeeded)
      #expect(abs(noise[0].perturbation.l2 / attack[0].perturbation.l2 - 1) < 0.02)
      #expect(noise[0].gradients == 0)
    }
  }

  @Test("an attack made against another network succeeds less than one made against this one")
  func transfer() {
    for attack in [
      GradientDescentAttack(.maximum, budgets: [4], steps: 20, stepShare: 0.1),
      GradientDescentAttack(.euclidean, budgets: [4], steps: 20, stepShare: 0.1),
    ] {
      let own = TinyPairs.results(attack)
      let other = TinyPairs.results(attack, surrogate: DecidingEmbedders(.tiny(seed: 4)))
      #expect(own.count { $0[0].succeeded } > other.count { $0[0].succeeded })
      // Choosing among the pictures made takes an answer of the network for each.
      #expect(other.allSatisfy { $0[0].queries >= $0[0].gradients && $0[0].gradients > 0 })
    }
  }

  @Test("a surrogate that is the network itself is as good as it") func sameSurrogate() {
    let attack = GradientDescentAttack(.maximum, budgets: [4], steps: 10, stepShare: 0.2)
    for (a, b) in zip(
      TinyPairs.results(attack), TinyPairs.results(attack, surrogate: DecidingEmbedders(.tiny())))
    {
      #expect(a[0].picture == b[0].picture && a[0].distance == b[0].distance)
    }
  }

  @Test("the white box beats the black boxes, which count their queries") func blackBox() {
    let white = TinyPairs.results(MinimumNormAttack())
    let square = TinyPairs.results(SquareAttack(budgets: [8, 16, 32], rounds: 60))
    let estimates = [GradientEstimationAttack.Directions.normal, .signs].map {
      TinyPairs.results(GradientEstimationAttack($0, queries: 210, samples: 10, block: 2))
    }
    let decisions = TinyPairs.results(HopSkipJumpAttack(rounds: 4, block: 2))
    for (index, own) in white.enumerated() {
      #expect(own[0].succeeded)
      for box in [square, decisions, estimates[0], estimates[1]].map({ $0[index][0] }) {
        #expect(box.gradients == 0 && box.queries > 0)
        #expect(!box.succeeded || box.perturbation.l2 > own[0].perturbation.l2)
      }
      #expect(square[index][0].queries <= 3 * 61)
      for boxes in estimates { #expect(boxes[index][0].queries <= 3 * 210) }
    }
    // An estimated gradient leads somewhere.
    for boxes in estimates {
      #expect(boxes.count { $0[0].distance < 0.7 * $0[0].distanceBefore } >= boxes.count / 2)
    }
    // Decisions alone suffice: the walk starts at the target, which is accepted.
    #expect(decisions.allSatisfy { $0[0].succeeded })
  }

  @Test("more rounds of a black box never make it worse") func patience() {
    for (few, many) in zip(
      TinyPairs.results(HopSkipJumpAttack(rounds: 2, block: 2)),
      TinyPairs.results(HopSkipJumpAttack(rounds: 8, block: 2)))
    {
      #expect(many[0].perturbation.l2 <= few[0].perturbation.l2)
    }
  }

  @Test("a self-perturbation has its strength, asks for no target, and moves f_C more than noise")
  func selfPerturbation() {
    let strength: ClosedRange<Float> = 1...4
    let attack = SelfPerturbation(strength: strength)
    let results = TinyPairs.results(attack, [TinyPairs.theta, TinyPairs.theta / 2])
    for (index, pair) in results.enumerated() {
      #expect(pair[0].picture == pair[1].picture)
      // Rounding to grey levels adds up to 0.3 to what is drawn.
      #expect((0.8...4.4).contains(pair[0].perturbation.rms))
      let source = TinyPairs.sources[index]
      var random = SplitMix64(seed: UInt64(index))
      let noise = EqualNormNoise.noise(
        on: source, l2: pair[0].perturbation.l2, using: &random)
      #expect(
        TinyPairs.distance(pair[0].picture, source) > TinyPairs.distance(noise, source))
    }
    #expect(Set(results.map { $0[0].perturbation.rms }).count == results.count)
  }
}
