import Attacks
import Images
import SeededRandom
import TestSupport
import Testing

@Suite struct MinimumNormAttackTests {
  static let theta = TinyPairs.theta

  @Test("a smaller θ never costs less") func monotone() {
    for list in TinyPairs.results(MinimumNormAttack(), [Self.theta, Self.theta * 0.6]) {
      #expect(list[0].succeeded && list[1].succeeded)
      #expect(list[1].perturbation.l2 >= list[0].perturbation.l2 * 0.999)
    }
  }

  @Test("more iterations never make it larger") func patience() {
    for (few, many) in zip(
      TinyPairs.results(MinimumNormAttack(iterations: 8)),
      TinyPairs.results(MinimumNormAttack(iterations: 32)))
    {
      #expect(few[0].succeeded && many[0].succeeded)
      #expect(many[0].perturbation.l2 <= few[0].perturbation.l2)
    }
  }

  @Test("gradients are the iterations at each threshold and those of the approach") func counts() {
    let attack = MinimumNormAttack(iterations: 12, approach: 10)
    let lists = TinyPairs.results(attack, [Self.theta, Self.theta / 2])
    // Pairs that are not below yet may take as long again at each threshold.
    #expect(lists.allSatisfy { (34...58).contains($0[0].gradients) })
    #expect(lists.contains { $0[0].gradients == 34 })
    #expect(lists.allSatisfy { $0[0].gradients == $0[1].gradients })
  }

  @Test("a pair that matched before is recorded as no attack") func alreadyBelow() {
    for (index, list) in TinyPairs.results(MinimumNormAttack(), [3.9]).enumerated() {
      #expect(!list[0].succeeded && list[0].distanceBefore < 3.9)
      #expect(list[0].picture == TinyPairs.sources[index] && list[0].perturbation.l2 == 0)
      #expect(list[0].gradients == 0)
    }
  }

  @Test("it is within 2 % of Carlini and Wagner's with ten times the gradients") func reference() {
    let ours = TinyPairs.results(MinimumNormAttack())
    let reference = TinyPairs.results(CarliniWagnerAttack(iterations: 40, trials: 6))
    let gradients = zip(ours, reference).map { ($0[0].gradients, $1[0].gradients) }
    #expect(gradients.allSatisfy { $0.1 >= 10 * $0.0 }, "\(gradients)")
    func median(_ results: [[AttackResult]]) -> Double {
      results.map { $0[0].perturbation.rms }.sorted()[results.count / 2]
    }
    #expect(reference.allSatisfy { $0[0].succeeded })
    #expect(median(ours) <= 1.02 * median(reference), "\(median(ours)), \(median(reference))")
  }
}
