import Attacks
import Embedders
import Images
import TestSupport
import Testing

/// What every attack has to keep to.
@Suite struct AttackSuiteTests {
  /// All attacks by name, those that are slow with fewer rounds.
  /// What sees a screen has tests of its own.
  static let attacks = AttackCatalogue.all().filter { !$0.sees(.screen) }.map { named in
    switch named.name {
    case "carlini-wagner":
      NamedAttack(named.name, named.summary, CarliniWagnerAttack(iterations: 10, trials: 3))
    case "square": NamedAttack(named.name, named.summary, SquareAttack(rounds: 100))
    case "nes", "spsa":
      NamedAttack(
        named.name, named.summary,
        GradientEstimationAttack(
          named.name == "nes" ? .normal : .signs, queries: 84, samples: 10, block: 2))
    case "hop-skip-jump":
      NamedAttack(named.name, named.summary, HopSkipJumpAttack(rounds: 3, block: 2))
    default: named
    }
  }

  static func attack(_ name: String) throws -> any Attack {
    try #require(attacks.first { $0.name == name }).attack
  }

  @Test("names differ, are found, and fit a folder's") func names() {
    let names = AttackCatalogue.all().map(\.name)
    #expect(Set(names).count == names.count)
    for name in names {
      #expect(AttackCatalogue.find(name)?.name == name)
      #expect(name.allSatisfy { $0.isLetter || $0.isNumber || "-.".contains($0) })
    }
    #expect(AttackCatalogue.find("none") == nil)
  }

  @Test("distance and change of a result are those of its picture", arguments: attacks.map(\.name))
  func consistency(_ name: String) throws {
    let thetas = [TinyPairs.theta, TinyPairs.theta / 2]
    let lists = TinyPairs.results(try Self.attack(name), thetas, places: [0, 1])
    for (index, list) in lists.enumerated() {
      #expect(list.map(\.theta) == thetas)
      for result in list {
        let fresh = TinyPairs.distance(result.picture, TinyPairs.targets[index])
        #expect(abs(fresh - result.distance) < 1e-5)
        #expect(
          Perturbation(from: TinyPairs.sources[index], to: result.picture) == result.perturbation)
        #expect(abs(result.distanceInFloat - result.distance) < 0.5)
      }
    }
  }

  @Test("results depend on the pair and the seed alone", arguments: attacks.map(\.name))
  func batches(_ name: String) throws {
    let attack = try Self.attack(name)
    let together = TinyPairs.results(attack, places: [0, 2])
    let alone = TinyPairs.results(attack, places: [2, 0], together: false)
    for (a, b) in [(together[1][0], alone[0][0]), (together[0][0], alone[1][0])] {
      #expect(a.picture == b.picture && a.distance == b.distance)
      #expect(a.gradients == b.gradients && a.queries == b.queries)
      #expect(a.distanceInFloat == b.distanceInFloat)
    }
  }

  @Test(
    "white-box attacks succeed, and a larger budget never succeeds less",
    arguments: ["fgsm", "bim", "pgd-linf", "pgd-l2", "mim", "feature-matching"])
  func budgets(_ name: String) throws {
    var attack = try #require(try Self.attack(name) as? GradientDescentAttack)
    let isSingleStep = attack.steps == 1
    let all: [Float] = [1, 4, 16, 32]
    var before = 0
    for index in all.indices {
      // A single long step overshoots, which is why smaller budgets are tried first.
      attack.budgets = isSingleStep ? Array(all[...index]) : [all[index]]
      let found = TinyPairs.results(attack).count { $0[0].succeeded }
      #expect(found >= before, "\(found) at \(all[index])")
      before = found
    }
    #expect(isSingleStep ? before > 0 : before == 4)
  }

  @Test("more steps never make it worse", arguments: ["bim", "pgd-l2", "mim", "feature-matching"])
  func steps(_ name: String) throws {
    var attack = try #require(try Self.attack(name) as? GradientDescentAttack)
    attack.budgets = [8]
    let few = TinyPairs.results(attack)
    attack.steps *= 3
    for (few, many) in zip(few, TinyPairs.results(attack)) {
      #expect(many[0].succeeded || !few[0].succeeded)
      if few[0].succeeded {
        #expect(many[0].perturbation.l2 <= few[0].perturbation.l2)
      } else {
        #expect(many[0].distance <= few[0].distance)
      }
    }
  }

  @Test("budgets are kept, rounding and all") func bounds() {
    for budget: Float in [2, 8] {
      let flat = GradientDescentAttack(.maximum, budgets: [budget], steps: 20, stepShare: 0.2)
      let round = GradientDescentAttack(.euclidean, budgets: [budget], steps: 20, stepShare: 0.2)
      for (a, b) in zip(TinyPairs.results(flat), TinyPairs.results(round)) {
        #expect(a[0].perturbation.maximum <= Int(budget))
        // Rounding adds at most its own variance of 1/12.
        #expect(b[0].perturbation.rms <= Double(budget * budget + 0.2).squareRoot())
      }
    }
  }

  @Test("iterated attacks go nearer than the single step") func iteration() {
    func distances(_ steps: Int, _ share: Float) -> Float {
      let attack = GradientDescentAttack(.maximum, budgets: [4], steps: steps, stepShare: share)
      return TinyPairs.results(attack, [0.0001]).reduce(0) { $0 + $1[0].distance }
    }
    #expect(distances(20, 0.1) < distances(1, 1))
  }
}
