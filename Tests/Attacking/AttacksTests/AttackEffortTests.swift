import Embedders
import TestSupport
import Testing

@testable import Attacks

@Suite struct AttackEffortTests {
  @Test("every search of the catalogue has a longer form, with twice the number that it is made of")
  func longer() throws {
    let without = ["fgsm", "noise", "self-perturbation"]
    for named in AttackCatalogue.all() where !named.isControl {
      guard let twice = named.attack.prolonged(by: 2) else {
        #expect(without.contains(named.name), "\(named.name)")
        continue
      }
      #expect(!without.contains(named.name))
      let (before, after) = (named.attack.settings, twice.settings)
      let changed = before.keys.filter { before[$0] != after[$0] }
      #expect(!changed.isEmpty && twice.setup == named.attack.setup, "\(named.name)")
      for name in changed {
        let (own, now) = (Int(before[name] ?? ""), Int(after[name] ?? ""))
        #expect(own.map { 2 * $0 } == now && own != nil, "\(named.name): \(name)")
      }
    }
  }

  @Test("further searches are of those that draw random numbers")
  func again() {
    let deterministic = [
      "minimum-norm", "carlini-wagner", "deepfool", "fgsm", "bim", "mim", "feature-matching",
      "overshoot", "smooth", "noise", "self-perturbation",
    ]
    let found = AttackCatalogue.all().filter { !$0.isControl && $0.attack.restarted(3) == nil }
    #expect(found.map(\.name).sorted() == deterministic.sorted())
  }

  @Test("further searches ask more, and what they find is never larger", arguments: [1, 2])
  func smaller(seed: UInt64) throws {
    let faces = (0..<6).map { SyntheticPeople.picture(person: $0, variant: 0, side: 16) }
    let pairs = AttackBatch(
      sources: Array(faces.prefix(3)), targets: Array(faces.suffix(3)), seed: seed,
      victim: DecidingEmbedders(.tiny()))
    let setup = AttackSetup(
      aim: AttackAim([.init(.decider)], transforms: RandomTransforms(jpegProbability: 0)))
    for attack: any Attack in [
      ComposedAttack(NormDecoupledAttack(iterations: 8), setup),
      GradientDescentAttack(.euclidean, steps: 4, stepShare: 0.3, startsAtRandom: true),
    ] {
      let again = try #require(attack.restarted(3))
      let (once, best) = (
        attack.attack(pairs, thetas: [0.05]), again.attack(pairs, thetas: [0.05])
      )
      for (own, other) in zip(once, best) {
        #expect(other[0].succeeded || !own[0].succeeded)
        if own[0].succeeded { #expect(other[0].perturbation.l2 <= own[0].perturbation.l2) }
        #expect(own[0].gradients == 0 || other[0].gradients == 4 * own[0].gradients)
      }
    }
  }
}
