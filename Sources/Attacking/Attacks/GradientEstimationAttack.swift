internal import Images
internal import SeededRandom

/// Descent along an estimated gradient: black box, asks for distances only.
///
/// Each round asks about pictures on both sides of the present one, x ± σu for random u, sums
/// (d²(x + σu) − d²(x − σu)) u, and steps by the signs of a running mean of that sum, within ±ε of the
/// source. The numbers of u are the same in each block of pixels, because queries are too few to tell
/// 49,152 values apart. Budgets are tried from the smallest on until every θ has a success.
///
/// References: Ilyas et al., "Black-box Adversarial Attacks with Limited Queries and Information",
/// 2018 (NES); Uesato et al., "Adversarial Risk and the Dangers of Evaluating Against Weak Attacks",
/// 2018 (SPSA); Ilyas et al., "Prior Convictions", 2019, for the blocks.
public struct GradientEstimationAttack: Attack {
  /// What directions are drawn from.
  public enum Directions: String, Sendable {
    /// Normal numbers: natural evolution strategies.
    case normal
    /// ±1: simultaneous perturbation.
    case signs
  }

  /// What directions are drawn from.
  public var directions: Directions
  /// ε in grey levels, ascending.
  public var budgets: [Int]
  /// Queries at each budget.
  public var queries: Int
  /// Directions a round; each takes two queries.
  public var samples: Int
  /// σ in grey levels.
  public var reach: Float
  /// Rows and columns of the blocks.
  public var block: Int

  /// Creates the attack.
  public init(
    _ directions: Directions, budgets: [Int] = [8, 16, 32], queries: Int = 1000,
    samples: Int = 20, reach: Float = 3, block: Int = 4
  ) {
    precondition(samples > 0 && block > 0, "\(samples) directions in blocks of \(block)")
    (self.directions, self.budgets, self.queries) = (directions, budgets, queries)
    (self.samples, self.reach, self.block) = (samples, reach, block)
  }

  public var settings: [String: String] {
    [
      "directions": directions.rawValue, "budgets": budgets.map { "\($0)" }.joined(separator: " "),
      "queries": "\(queries)", "samples": "\(samples)", "reach": "\(reach)", "block": "\(block)",
    ]
  }

  /// How much of the running mean stays each round.
  private static let memory: Float = 0.7

  public func search(_ run: inout AttackRun) {
    for budget in budgets.sorted() {
      let rows = run.unfinished
      let origins = rows.map { GreyLevels.of(run.pairs.sources[$0]) }
      var points = origins
      var means = origins.map { [Float](repeating: 0, count: $0.count) }
      // A round asks for its directions and for where it went.
      for _ in 0..<queries / (2 * samples + 1) {
        let open = Set(run.unfinished)
        let places = rows.indices.filter { open.contains(rows[$0]) }
        if places.isEmpty { break }
        for place in places {
          let slope = estimate(at: points[place], row: rows[place], &run)
          means[place] = GreyLevels.adding(slope, means[place], times: Self.memory)
          points[place] = step(
            points[place], along: means[place], around: origins[place], budget: Float(budget))
        }
        _ = run.judge(
          places.map { GreyLevels.picture(points[$0], like: run.pairs.sources[rows[$0]]) },
          rows: places.map { rows[$0] })
      }
    }
  }

  /// Σ (d²(x + σu) − d²(x − σu)) u, brought to length one.
  private func estimate(at point: [Float], row: Int, _ run: inout AttackRun) -> [Float] {
    let source = run.pairs.sources[row]
    let waves = (0..<samples).map { _ in wave(source, using: &run.generators[row]) }
    let asked = [reach, -reach].flatMap { length in
      waves.map { GreyLevels.picture(GreyLevels.adding(point, $0, times: length), like: source) }
    }
    let distances = run.judge(asked, rows: asked.map { _ in row })
    var sum = [Float](repeating: 0, count: point.count)
    for (index, wave) in waves.enumerated() {
      sum = GreyLevels.adding(sum, wave, times: distances[index] - distances[samples + index])
    }
    let length = Float(GreyLevels.dot(sum, sum).squareRoot())
    return length > 0 ? sum.map { $0 / length } : sum
  }

  /// A tenth of the budget by the signs, kept within it.
  private func step(
    _ point: [Float], along slope: [Float], around origin: [Float], budget: Float
  ) -> [Float] {
    point.indices.map { i in
      let sign: Float = slope[i] > 0 ? 1 : slope[i] < 0 ? -1 : 0
      let moved = point[i] - 0.1 * budget * sign
      let kept = min(origin[i] + budget, max(origin[i] - budget, moved))
      return min(255, max(0, kept))
    }
  }

  /// Random numbers, the same in each block.
  private func wave(_ source: RGBImage, using random: inout SplitMix64) -> [Float] {
    let columns = (source.width + block - 1) / block
    let rows = (source.height + block - 1) / block
    let values = (0..<rows * columns * 3).map { _ -> Float in
      switch directions {
      case .normal: random.normal()
      case .signs: random.happens(withProbability: 0.5) ? 1 : -1
      }
    }
    return GreyLevels.blocks(values, of: block, columns: columns, like: source)
  }
}
