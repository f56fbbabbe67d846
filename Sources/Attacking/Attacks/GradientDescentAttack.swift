internal import Embedders
internal import Images
internal import SeededRandom

/// Steps along the gradient within a budget: FGSM, BIM, PGD, MIM and feature matching are
/// configurations of one loop.
///
/// The perturbation is kept in fractions of grey levels; gradients are taken at its rounded picture
/// and pass the rounding unchanged (straight-through), so that every picture tried is one that a file
/// can hold. Budgets are tried from the smallest on until every θ has a success.
///
/// References: Goodfellow et al., "Explaining and harnessing adversarial examples", 2015; Kurakin et
/// al., "Adversarial examples in the physical world", 2017; Madry et al., "Towards deep learning
/// models resistant to adversarial attacks", 2018; Dong et al., "Boosting adversarial attacks with
/// momentum", 2018.
public struct GradientDescentAttack: Attack {
  /// How changes are measured and steps are taken.
  public enum Norm: String, Sendable {
    /// The largest change; steps go by the gradient's signs.
    case maximum = "linf"
    /// The root mean square; steps go along the gradient.
    case euclidean = "l2"
  }

  /// What is made small.
  public enum Loss: String, Sendable {
    /// ‖f_C(x) − f_C(x₂)‖².
    case embedding
    /// ‖f_I(x) − f_I(x₂)‖², an inner layer.
    case features
  }

  /// The norm.
  public var norm: Norm
  /// Budgets in grey levels, ascending: the largest change, or the root mean square.
  public var budgets: [Float]
  /// Gradients at each budget.
  public var steps: Int
  /// The length of a step as a share of the budget.
  public var stepShare: Float
  /// The share of the last direction that goes on, of gradients brought to unit mean.
  public var momentum: Float
  /// Whether each budget starts at a random point within.
  public var startsAtRandom: Bool
  /// What is made small.
  public var loss: Loss
  /// Whether all steps of every budget are taken and the last picture is what counts, instead of the
  /// smallest change on the way that is below θ.
  public var isThorough: Bool

  /// Creates a configuration.
  public init(
    _ norm: Norm, budgets: [Float]? = nil, steps: Int, stepShare: Float, momentum: Float = 0,
    startsAtRandom: Bool = false, loss: Loss = .embedding, isThorough: Bool = false
  ) {
    self.norm = norm
    self.budgets = budgets ?? (norm == .maximum ? [1, 2, 4, 8, 16] : [0.5, 1, 2, 4, 8])
    (self.steps, self.stepShare, self.momentum) = (steps, stepShare, momentum)
    (self.startsAtRandom, self.loss, self.isThorough) = (startsAtRandom, loss, isThorough)
  }

  public var settings: [String: String] {
    var all = [
      "norm": norm.rawValue, "budgets": budgets.map { "\($0)" }.joined(separator: " "),
      "steps": "\(steps)", "step_share": "\(stepShare)", "momentum": "\(momentum)",
      "random_start": "\(startsAtRandom)", "loss": loss.rawValue,
    ]
    if isThorough { all["thorough"] = "true" }
    return all
  }

  public func search(_ run: inout AttackRun) {
    let objective =
      loss == .features
      ? run.expected(
        FeatureDistance(
          (run.pairs.surrogate ?? run.pairs.victim).embedder, targets: run.targets)) : nil
    for budget in budgets.sorted() {
      let rows = isThorough ? run.attackable : run.unfinished
      var paths = rows.map { row in
        Path(
          run.pairs.sources[row],
          start: startsAtRandom ? start(budget, &run.generators[row], run, row) : nil)
      }
      for _ in 0..<steps {
        let at = run.evaluate(
          paths.map(\.picture), rows: rows, unrounded: paths.map(\.levels), objective: objective,
          isNoted: !isThorough)
        for place in paths.indices {
          let direction = paths[place].direction(at[place].gradient, momentum: momentum)
          let moved = GreyLevels.adding(
            paths[place].change, stepOf(direction, budget * stepShare), times: -1)
          paths[place].move(to: within(budget, moved))
        }
      }
      if isThorough {
        run.offer(paths.map(\.picture), rows: rows)
      } else {
        // The last step's pictures have not been looked at.
        _ = run.judge(paths.map(\.picture), rows: rows, unrounded: paths.map(\.levels))
      }
    }
  }

  private func start(
    _ budget: Float, _ random: inout SplitMix64, _ run: AttackRun, _ row: Int
  ) -> [Float] {
    let count = run.pairs.sources[row].pixels.count
    switch norm {
    case .maximum: return (0..<count).map { _ in random.uniform(in: -budget...budget) }
    case .euclidean:
      let share = random.uniform()
      return within(budget * share, (0..<count).map { _ in budget * random.normal() })
    }
  }

  /// A step of a length against a direction.
  private func stepOf(_ direction: [Float], _ length: Float) -> [Float] {
    switch norm {
    case .maximum: return direction.map { $0 > 0 ? length : $0 < 0 ? -length : 0 }
    case .euclidean:
      let rms = Float((GreyLevels.dot(direction, direction) / Double(direction.count)).squareRoot())
      return rms > 0 ? direction.map { $0 * length / rms } : direction
    }
  }

  /// The nearest change within the budget.
  private func within(_ budget: Float, _ change: [Float]) -> [Float] {
    switch norm {
    case .maximum: return change.map { min(budget, max(-budget, $0)) }
    case .euclidean:
      let rms = Float((GreyLevels.dot(change, change) / Double(change.count)).squareRoot())
      return rms > budget ? change.map { $0 * budget / rms } : change
    }
  }
}

/// Where a perturbation of one source is.
struct Path {
  let source: RGBImage
  private let origin: [Float]
  private(set) var change: [Float]
  private var velocity: [Float]?

  init(_ source: RGBImage, start: [Float]? = nil) {
    self.source = source
    origin = GreyLevels.of(source)
    change = start ?? [Float](repeating: 0, count: source.pixels.count)
    if start != nil { move(to: change) }
  }

  /// The grey levels, in 0…255.
  var levels: [Float] { GreyLevels.adding(origin, change, times: 1) }

  /// The nearest 8-bit picture.
  var picture: RGBImage { GreyLevels.picture(levels, like: source) }

  /// Takes a new change, as far as grey levels stay in 0…255.
  mutating func move(to change: [Float]) {
    self.change = zip(origin, change).map { min(255, max(0, $0 + $1)) - $0 }
  }

  /// The gradient, or its running sum if there is momentum: g ← μ g + ∇ / mean|∇|.
  mutating func direction(_ gradient: [Float], momentum: Float) -> [Float] {
    guard momentum > 0 else { return gradient }
    let mean = gradient.reduce(0) { $0 + abs($1) } / Float(max(1, gradient.count))
    guard mean > 0 else { return velocity ?? gradient }
    let scaled = gradient.map { $0 / mean }
    velocity = velocity.map { GreyLevels.adding(scaled, $0, times: momentum) } ?? scaled
    return velocity ?? scaled
  }
}
