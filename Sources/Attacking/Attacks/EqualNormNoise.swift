internal import Images
internal import SeededRandom

/// Random noise of the same ‖r‖₂ as the smallest adversarial change: what it does is not the attack.
///
/// For each θ the minimum-norm attack says how much; normal noise of that much takes its place. Its
/// gradients are not counted, because the noise needs none.
public struct EqualNormNoise: Attack {
  /// The attack whose norms are taken.
  public var reference: MinimumNormAttack

  /// Creates the species.
  public init(reference: MinimumNormAttack = MinimumNormAttack()) { self.reference = reference }

  public var settings: [String: String] { reference.settings }

  public func search(_ run: inout AttackRun) {
    let results = reference.attack(run.pairs, thetas: run.thetas)
    for place in run.thetas.indices {
      let rows = run.open(at: run.thetas[place]).filter { results[$0][place].succeeded }
      let noisy = rows.map { row in
        Self.noise(
          on: run.pairs.sources[row], l2: results[row][place].perturbation.l2,
          using: &run.generators[row])
      }
      run.offer(noisy, rows: rows, place: place)
    }
  }

  /// A picture with normal noise of this norm, rounding and range included.
  static func noise(on source: RGBImage, l2: Double, using random: inout SplitMix64) -> RGBImage {
    let origin = GreyLevels.of(source)
    let noise = origin.map { _ in random.normal() }
    func picture(_ scale: Float) -> RGBImage {
      GreyLevels.picture(GreyLevels.adding(origin, noise, times: scale), like: source)
    }
    var (low, high): (Float, Float) = (0, 1)
    while Perturbation(from: source, to: picture(high)).l2 < l2 && high < 512 { high *= 2 }
    for _ in 0..<20 {
      let middle = 0.5 * (low + high)
      let isTooLittle = Perturbation(from: source, to: picture(middle)).l2 < l2
      if isTooLittle { low = middle } else { high = middle }
    }
    return picture(high)
  }
}
