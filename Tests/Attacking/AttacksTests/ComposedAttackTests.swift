import Embedders
import Images
import NeuralNetworks
import PictureTensors
import SeededRandom
import Tensors
import TestSupport
import Testing

@testable import Attacks

@Suite struct ComposedAttackTests {
  private static let search = NormDecoupledAttack(iterations: 40)

  @Test("random transforms depend on a picture's generator alone, and their gradients are right")
  func transforms() {
    let transforms = RandomTransforms(
      blurProbability: 1, jpegProbability: 0, mirrorProbability: 0.5, noise: 2)
    let x = Tensor(TinyPairs.sources)
    let root = SplitMix64(seed: 9)
    let random = (0..<4).map { root.derived(from: "p", $0) }
    let all = transforms(Variable(x), using: random).value
    for i in 0..<4 {
      let alone = transforms(Variable(x.entries(i..<i + 1)), using: [random[i]]).value
      #expect(alone == all.entries(i..<i + 1))
    }
    let leaf = Variable(tracked: x)
    let y = transforms(leaf, using: random)
    var noise = SplitMix64(seed: 2)
    let weights = Tensor.normal(y.value.shape, using: &noise)
    let slope = gradients(of: (y * Variable(weights)).sum(), withRespectTo: [leaf])[0]
    for i in stride(from: 5, to: x.count, by: 331) {
      func value(_ change: Float) -> Double {
        var moved = x
        moved.update { $0[i] += change }
        return transforms(Variable(moved), using: random).value.dot(weights)
      }
      let numeric = (value(0.05) - value(-0.05)) / 0.1
      #expect(abs(numeric - Double(slope[i])) < 2e-3 * max(1, abs(numeric)))
    }
  }

  @Test("an aim at two networks is met by both") func both() {
    let witness = FaceEmbedder.tiny(seed: 5)
    let targets = Tensor(TinyPairs.targets)
    let goals = witness.unitEmbeddings(of: Variable(targets)).value
    func seen(_ picture: RGBImage, _ row: Int) -> Float {
      witness.unitEmbeddings(of: Variable(Tensor([picture])))
        .squaredRowDistances(to: Variable(goals.entries(row..<row + 1))).value[0]
    }
    let limit = (0..<4).map { seen(TinyPairs.sources[$0], $0) }.min().map { $0 / 2 } ?? 0
    let attack = ComposedAttack(
      Self.search,
      AttackSetup(
        aim: AttackAim([.init(.decider), .init(.witness, below: .fixed(limit))]),
        countsByAim: true))
    for (row, list) in TinyPairs.results(attack).enumerated() {
      #expect(list[0].succeeded && seen(list[0].picture, row) < limit && list[0].queries == 0)
    }
  }

  @Test("a patch changes nothing outside; a smooth field has no sharp steps") func spreads() {
    let patch = ComposedAttack(Self.search, AttackSetup(spread: .patch(.glasses)))
    for (row, list) in TinyPairs.results(patch).enumerated() {
      for i in 0..<16 * 16 {
        let (y, x) = (Double(i / 16), Double(i % 16))
        if FaceMask.glasses.covers(x: (x + 0.5) / 16, y: (y + 0.5) / 16) { continue }
        #expect(list[0].picture.pixels[3 * i] == TinyPairs.sources[row].pixels[3 * i])
      }
      #expect(list[0].perturbation.l2 > 0)
    }
    let smooth = ComposedAttack(Self.search, AttackSetup(spread: .smooth(cells: 2)))
    for list in TinyPairs.results(smooth) where list[0].succeeded {
      #expect(list[0].perturbation.maximum < 100)
    }
  }

  @Test("what is made through a store is what comes out of it, and succeeds as that") func stores()
  {
    for store in [AttackStore.jpeg(quality: 75), .halved] {
      let attack = ComposedAttack(Self.search, AttackSetup(store: store))
      for (row, list) in TinyPairs.results(attack, [TinyPairs.theta * 1.5]).enumerated() {
        let found = list[0]
        #expect(found.distance == TinyPairs.distance(found.picture, TinyPairs.targets[row]))
        // A store takes much from a picture that never went through it, and little from one that did.
        let again = Perturbation(from: found.picture, to: store.stored(found.picture)).rms
        let first = Perturbation(from: found.untouched, to: store.stored(found.untouched)).rms
        #expect(again < 0.5 * first, "\(store) takes \(again) after \(first)")
      }
    }
  }

  @Test("overshooting and scaling back ends just below θ") func scaled() {
    let attack = ComposedAttack(MinimumNormAttack(), overshoot: TinyPairs.theta / 4)
    let deep = TinyPairs.results(MinimumNormAttack(), [TinyPairs.theta / 4])
    for (list, deep) in zip(TinyPairs.results(attack), deep) {
      #expect(list[0].succeeded && list[0].distance > TinyPairs.theta / 2)
      #expect(list[0].perturbation.l2 < deep[0].perturbation.l2)
    }
  }

  // MARK: - Sanity after Carlini et al., "On evaluating adversarial robustness", 2019

  @Test("unbounded attacks always succeed") func unbounded() {
    let attack = GradientDescentAttack(
      .maximum, budgets: [255], steps: 60, stepShare: 0.02)
    #expect(TinyPairs.results(attack).allSatisfy { $0[0].succeeded })
    #expect(TinyPairs.results(Self.search).allSatisfy { $0[0].succeeded })
  }

  @Test("a larger budget never hurts", arguments: [GradientDescentAttack.Norm.maximum, .euclidean])
  func budget(norm: GradientDescentAttack.Norm) {
    var before = 0
    for budgets: [Float] in [[0.5], [0.5, 1], [0.5, 1, 2], [0.5, 1, 2, 4], [0.5, 1, 2, 4, 255]] {
      let attack = GradientDescentAttack(norm, budgets: budgets, steps: 30, stepShare: 0.05)
      let found = TinyPairs.results(attack).count { $0[0].succeeded }
      #expect(found >= before, "\(budgets)")
      before = found
    }
    #expect(before == 4)
  }

  @Test("a change made robust outlasts draws it has not seen better than the smallest one")
  func robust() {
    let transforms = RandomTransforms(jpegProbability: 0)
    var aim = AttackAim.plain
    aim.transforms = transforms
    let setup = AttackSetup(aim: aim, countsByAim: true)
    let robust = TinyPairs.results(ComposedAttack(Self.search, setup))
    let plain = TinyPairs.results(MinimumNormAttack())
    let root = SplitMix64(seed: 321)
    func mean(_ picture: RGBImage, _ row: Int) -> Float {
      let draws = 16
      let many = Variable(Tensor((0..<draws).map { _ in picture }))
      let changed = transforms(many, using: (0..<draws).map { root.derived(from: "new", $0) })
      return changed.value.pictures().reduce(0) {
        $0 + TinyPairs.distance($1, TinyPairs.targets[row]) / Float(draws)
      }
    }
    for row in 0..<4 where robust[row][0].succeeded {
      #expect(mean(robust[row][0].picture, row) < mean(plain[row][0].picture, row))
    }
    #expect(robust.count { $0[0].succeeded } >= 3)
  }

  @Test("the same search against another network succeeds less") func transfer() {
    let own = TinyPairs.results(Self.search).count { $0[0].succeeded }
    let other = TinyPairs.results(Self.search, surrogate: DecidingEmbedders(.tiny(seed: 4))).count {
      $0[0].succeeded
    }
    #expect(own == 4 && other < own)
  }

  @Test("searching again never hurts") func again() {
    let once = TinyPairs.results(Self.search)
    var more = Self.search
    more.restarts = 2
    for (a, b) in zip(once, TinyPairs.results(more)) {
      #expect(!a[0].succeeded || (b[0].succeeded && b[0].perturbation.l2 <= a[0].perturbation.l2))
    }
  }
}
