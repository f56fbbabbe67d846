/// The attacks by name.
public enum AttackCatalogue {
  /// All attacks, in the order in which they are listed.
  ///
  /// - `iterations`: replaces each attack's own number of gradients, rounds or queries, where it has one.
  public static func all(iterations: Int? = nil) -> [NamedAttack] {
    func descent(
      _ name: String, _ summary: String, _ attack: GradientDescentAttack
    ) -> NamedAttack {
      var attack = attack
      // One step is what makes it FGSM.
      if let iterations, attack.steps > 1 { attack.steps = iterations }
      return NamedAttack(name, summary, attack)
    }
    return [
      NamedAttack(
        "minimum-norm", "equation (8), the smallest change",
        MinimumNormAttack(iterations: iterations ?? 12)),
      NamedAttack(
        "carlini-wagner", "equation (8) by the slow reference",
        CarliniWagnerAttack(iterations: iterations ?? 100)),
      NamedAttack(
        "deepfool", "linear steps to the threshold",
        DeepFoolAttack(iterations: iterations ?? 50)),
      descent(
        "fgsm", "one step by the gradient's signs",
        GradientDescentAttack(.maximum, steps: 1, stepShare: 1)),
      descent(
        "bim", "small steps by the signs",
        GradientDescentAttack(.maximum, steps: 20, stepShare: 0.1)),
      descent(
        "pgd-linf", "the same from a random start",
        GradientDescentAttack(.maximum, steps: 20, stepShare: 0.1, startsAtRandom: true)),
      descent(
        "pgd-l2", "small steps along the gradient from a random start",
        GradientDescentAttack(.euclidean, steps: 20, stepShare: 0.1, startsAtRandom: true)),
      descent(
        "mim", "steps by the signs of a running gradient",
        GradientDescentAttack(.maximum, steps: 20, stepShare: 0.1, momentum: 1)),
      descent(
        "feature-matching", "towards the target's f_I instead of f_C",
        GradientDescentAttack(.euclidean, steps: 20, stepShare: 0.1, loss: .features)),
      NamedAttack(
        "square", "black box that asks for distances",
        SquareAttack(rounds: iterations ?? 1000), needs: .queries),
      NamedAttack(
        "nes", "black box that asks for distances, along an estimated gradient",
        GradientEstimationAttack(.normal, queries: iterations ?? 1000), needs: .queries),
      NamedAttack(
        "spsa", "the same with directions of ±1",
        GradientEstimationAttack(.signs, queries: iterations ?? 1000), needs: .queries),
      NamedAttack(
        "hop-skip-jump", "black box that asks for decisions",
        HopSkipJumpAttack(rounds: iterations ?? 15), needs: .queries),
      NamedAttack(
        "noise", "random noise as strong as minimum-norm",
        EqualNormNoise(reference: MinimumNormAttack(iterations: iterations ?? 12))),
      NamedAttack(
        "self-perturbation", "towards nobody, to train a detector without attacks",
        SelfPerturbation(), needs: .perturbation),
    ] + doorAttacks(iterations: iterations) + controls
  }

  /// The share of θ that the mean distance² over random transforms is to fall below, so that the picture
  /// itself does: 1.1 at θ 1.27.
  static let reserve: Float = 0.87

  /// Attacks that end where the door opens, outlast what happens to pictures, and know more than f_C.
  private static func doorAttacks(iterations: Int?) -> [NamedAttack] {
    typealias Goal = AttackAim.Goal
    let once = RandomTransforms()
    var twice = once
    twice.draws = 2
    let decider = Goal(.decider, below: .theta(share: reserve))
    let smallest = NormDecoupledAttack(iterations: iterations ?? 100)
    func descent(_ budget: Float, stepShare: Float, momentum: Float = 0.8) -> GradientDescentAttack
    {
      GradientDescentAttack(
        .maximum, budgets: [budget], steps: iterations ?? 50, stepShare: stepShare,
        momentum: momentum, isThorough: true)
    }
    func door(_ name: String, _ summary: String, _ goals: [Goal]) -> NamedAttack {
      NamedAttack(
        name, summary,
        ComposedAttack(
          smallest, AttackSetup(aim: AttackAim(goals, transforms: twice), countsByAim: true)))
    }
    func deep(_ name: String, _ summary: String, _ goals: [Goal]) -> NamedAttack {
      NamedAttack(
        name, summary,
        ComposedAttack(
          descent(8, stepShare: 0.1), AttackSetup(aim: AttackAim(goals, transforms: once)),
          overshoot: 0.05))
    }
    func patch(_ mask: FaceMask, _ summary: String) -> NamedAttack {
      NamedAttack(
        mask.name, summary,
        ComposedAttack(
          descent(255, stepShare: 0.03),
          AttackSetup(aim: AttackAim([Goal(.decider)], transforms: once), spread: .patch(mask))))
    }
    func stored(_ store: AttackStore, _ summary: String) -> NamedAttack {
      NamedAttack(
        "through-" + store.name, summary, ComposedAttack(smallest, AttackSetup(store: store)))
    }
    return [
      door("eot", "the smallest change that works under random transforms (EOT)", [decider]),
      door(
        "eot-witness", "the same against f_V alone", [Goal(.witness, below: .fixed(1))]),
      door(
        "eot-both", "the same against f_C and f_V",
        [decider, Goal(.witness, below: .fixed(1.62))]),
      door(
        "eot-both-deep", "the same, f_V as near as the same person",
        [Goal(.decider, below: .theta(share: 0.79)), Goal(.witness, below: .fixed(1))]),
      deep("eot-scaled", "EOT within 8 grey levels, scaled back to θ", [Goal(.decider)]),
      deep(
        "eot-both-scaled", "the same against f_C and f_V", [Goal(.decider), Goal(.witness)]),
      NamedAttack(
        "overshoot", "minimum-norm at θ 0.05, scaled back to θ",
        ComposedAttack(MinimumNormAttack(iterations: iterations ?? 12), overshoot: 0.05)),
      stored(.jpeg(quality: 75), "the smallest change that outlasts a JPEG file, which is written"),
      stored(.halved, "the same through half the size and back"),
      patch(.glasses, "any change inside a pair of glasses, under random transforms"),
      patch(.sticker, "any change inside a sticker on the forehead, under random transforms"),
      NamedAttack(
        "smooth", "a smooth field of colour against f_C and f_V",
        ComposedAttack(
          descent(40, stepShare: 0.1),
          AttackSetup(
            aim: AttackAim([Goal(.decider), Goal(.witness)]), spread: .smooth(cells: 16)))),
      NamedAttack(
        "adaptive", "f_C and every part of the screen",
        ComposedAttack(
          NormDecoupledAttack(
            iterations: iterations ?? 100, start: MinimumNormAttack()),
          AttackSetup(aim: AttackAim([Goal(.screen)]), countsByAim: true))),
    ]
  }

  private static var controls: [NamedAttack] {
    func control(_ name: String, _ summary: String, _ change: BenignChange) -> NamedAttack {
      NamedAttack(name, "benign: " + summary, change, needs: .control)
    }
    return [50, 75, 90, 95].map {
      control("jpeg-\($0)", "through a JPEG of quality \($0)", .jpeg(quality: $0))
    } + [
      control("blur", "Gaussian blur of 1 pixel", .blur(deviation: 1)),
      control("rescale", "to half the size and back", .rescale(share: 0.5)),
      control("gamma-0.8", "brighter", .gamma(0.8)),
      control("gamma-1.25", "darker", .gamma(1.25)),
      control("shift", "by 2 pixels along both axes", .shift(pixels: 2)),
      control("rotation-5", "by 5 degrees", .rotation(degrees: 5)),
      control("rotation-10", "by 10 degrees", .rotation(degrees: 10)),
    ]
  }

  /// The attack of this name, if there is one.
  public static func find(_ name: String, iterations: Int? = nil) -> NamedAttack? {
    all(iterations: iterations).first { $0.name == name }
  }
}
