internal import Images

/// The search for one pair: where it is and where to go next.
struct MinimumNormSearch {
  private let source: RGBImage
  private let origin: [Float]
  /// The change before rounding.
  private var change: [Float]
  private(set) var picture: RGBImage
  private var theta: Float = 4
  private var thresholds = 0
  /// Steps at this threshold, and whether one ended below it.
  private var steps = 0
  private(set) var hasCrossed = false
  /// How far below θ the linear model aims: what curvature and rounding took last time.
  private var reserve: Float = 0.002
  /// The most promising point of this threshold, to be refined.
  private var finest: Finest?
  private var lastGradient: [Float] = []
  private var trials = 0
  /// What a trial asks of the linear model.
  private var needed = 0.0

  private struct Finest {
    var change, gradient: [Float]
    var distance: Float
    /// ‖r‖ on the constraint, estimated.
    var norm: Double
  }

  init(source: RGBImage) {
    (self.source, picture) = (source, source)
    origin = GreyLevels.of(source)
    change = [Float](repeating: 0, count: source.pixels.count)
  }

  /// The grey levels of which ``picture`` is the rounded form.
  var levels: [Float] {
    GreyLevels.adding(origin, change, times: 1).map { min(255, max(0, $0)) }
  }

  /// Whether this threshold is the pair's first.
  var isFirst: Bool { thresholds == 1 }

  /// Starts on the next, smaller threshold.
  mutating func begin(_ theta: Float) {
    self.theta = theta
    thresholds += 1
    (finest, trials, steps, hasCrossed) = (nil, 0, 0, false)
  }

  /// The share of the change that a step gives up before it goes back to the constraint.
  ///
  /// The gradient turns within a grey level or two, because the network is made of many pieces. The
  /// change is therefore a fading sum of the gradients on the way; the longer the search goes on, the
  /// more of them it averages. Where the threshold is not reached soon, nothing may be given up.
  private var forgetting: Float {
    hasCrossed ? max(0.05, 0.28 / (1 + 0.15 * Float(steps))) : steps <= patience ? 0.1 : 0.01
  }

  /// Steps in which a threshold is normally reached.
  private var patience: Int { isFirst ? 12 : 6 }

  /// Moves to the lattice point that solves the problem linearised here, damped.
  mutating func step(_ at: AttackRun.Evaluation) {
    let (g, distance) = (at.gradient, at.value)
    let steepness = GreyLevels.dot(g, g)
    guard steepness > 0, distance.isFinite else { return }
    lastGradient = g
    note(g, distance, steepness)
    learn(from: distance)
    steps += 1
    hasCrossed = hasCrossed || distance < theta
    let kept = change.map { $0 * (1 - forgetting) }
    // Far from the constraint the model is not trusted with the whole way at once.
    let goal = max(theta - reserve, distance - 0.3)
    land(from: kept, g, needed: Double(distance - goal))
  }

  /// Moves `kept` along the gradient until the linear model at the picture promises `needed`.
  private mutating func land(from kept: [Float], _ g: [Float], needed: Double) {
    let present = GreyLevels.of(picture)
    let start = GreyLevels.adding(origin, kept, times: 1)
    let steepness = GreyLevels.dot(g, g)
    func promise(_ lambda: Float) -> Double {
      GreyLevels.promise(lambda, g, from: start, present: present) - needed
    }
    // The promise grows with λ, by steps: bracket, then halve or interpolate.
    var (low, atLow) = (Float(0), promise(0))
    var (high, atHigh) = (low, atLow)
    let span = Float(max(abs(atLow), 0.01) / steepness)
    var reach = atLow < 0 ? span : -span
    for _ in 0..<12 {
      let next = promise(reach)
      if atLow < 0 { (high, atHigh) = (reach, next) } else { (low, atLow) = (reach, next) }
      if atLow < 0 && atHigh >= 0 { break }
      if atLow < 0 { (low, atLow) = (high, atHigh) } else { (high, atHigh) = (low, atLow) }
      reach *= 2
    }
    for trial in 0..<8 where atHigh - atLow > 1e-7 {
      let share = trial % 3 == 2 ? 0.5 : min(0.95, max(0.05, -atLow / (atHigh - atLow)))
      let middle = low + Float(share) * (high - low)
      let value = promise(middle)
      if value < 0 { (low, atLow) = (middle, value) } else { (high, atHigh) = (middle, value) }
      if value >= 0 && value < 2e-4 { break }
    }
    change = GreyLevels.adding(kept, g, times: -high)
    picture = GreyLevels.picture(GreyLevels.adding(origin, change, times: 1), like: source)
  }

  private mutating func note(_ g: [Float], _ distance: Float, _ steepness: Double) {
    guard distance < theta + 0.1, steepness > 0 else { return }
    let norm =
      Perturbation(from: source, to: picture).l2
      + Double(distance - theta) / steepness.squareRoot()
    if finest.map({ norm < $0.norm }) ?? true {
      finest = Finest(change: change, gradient: g, distance: distance, norm: norm)
    }
  }

  private mutating func learn(from distance: Float) {
    if distance < theta {
      // Below by more than needed: aim closer, but never at the constraint itself.
      reserve = max(0.0005, 0.6 * reserve - 0.3 * max(0, theta - distance - reserve))
    } else if distance < theta + 0.2 {
      reserve = min(0.3, reserve + 0.8 * (distance - theta))
    }
  }

  /// How far below θ a refined picture aims.
  private static let margin: Float = 0.0003

  /// After the last step: moves the most promising picture along its gradient onto the constraint.
  ///
  /// - `distance`: of ``picture``, which is the last step's at first and then the last trial's.
  mutating func refine(_ distance: Float) {
    if trials == 0 {
      note(lastGradient, distance, GreyLevels.dot(lastGradient, lastGradient))
    } else {
      // What the linear model was wrong by is added to what it is asked for.
      needed += Double(distance - (theta - Self.margin))
    }
    trials += 1
    guard let finest else { return }
    if trials == 1 { needed = Double(finest.distance - (theta - Self.margin)) }
    change = finest.change
    picture = GreyLevels.picture(GreyLevels.adding(origin, change, times: 1), like: source)
    if trials < MinimumNormAttack.refinements {
      land(from: finest.change, finest.gradient, needed: needed)
    }
  }
}
