internal import Images
internal import SeededRandom

/// A walk along the border of what is accepted: black box, learns only whether d² < θ.
///
/// It begins at the target's picture, which is accepted, and draws nearer to the source: to the
/// border along the straight line by halving; there, from which of a few dozen random neighbours are
/// accepted, an estimate of the way inwards; a step that way, and to the border again. Neighbours
/// differ by blocks of 8×8 pixels, because queries are too few to tell 49,152 values apart.
///
/// References: Chen et al., "HopSkipJumpAttack", 2020, algorithm 2; Li et al., "QEBA", 2020, for
/// estimates in a space of fewer dimensions.
public struct HopSkipJumpAttack: Attack {
  /// Steps along the border.
  public var rounds: Int
  /// Neighbours asked about in the first round; they grow with the root of the round.
  public var neighbours: Int
  /// Rows and columns of the blocks.
  public var block: Int

  /// Creates the attack.
  public init(rounds: Int = 15, neighbours: Int = 24, block: Int = 8) {
    (self.rounds, self.neighbours, self.block) = (rounds, neighbours, block)
  }

  public var settings: [String: String] {
    ["rounds": "\(rounds)", "neighbours": "\(neighbours)", "block": "\(block)"]
  }

  /// Halvings on the way to the border.
  private static let halvings = 8

  public func search(_ run: inout AttackRun) {
    for theta in run.thetas {
      // Where the target itself is refused there is no border to walk along.
      let all = run.open(at: theta)
      let begin = run.judge(all.map { run.target(for: $0) }, rows: all, theta: theta)
      let rows = all.indices.filter { begin[$0] < theta }.map { all[$0] }
      let origins = rows.map { GreyLevels.of(run.pairs.sources[$0]) }
      let targets = rows.map { GreyLevels.of(run.target(for: $0)) }
      var points = toBorder(targets, origins, theta, rows, &run)
      for round in 1...rounds where !rows.isEmpty {
        let inwards = directions(at: points, origins, theta, rows, round, &run)
        var lengths = rows.indices.map { place -> Float in
          let away = GreyLevels.adding(points[place], origins[place], times: -1)
          return Float(GreyLevels.dot(away, away).squareRoot()) / Float(round).squareRoot()
        }
        // Halve the step until it is accepted; who finds none stays.
        var open = Array(rows.indices)
        var moved = points
        for _ in 0..<Self.halvings where !open.isEmpty {
          let tried = open.map { place in
            GreyLevels.adding(points[place], inwards[place], times: lengths[place])
              .map { min(255, max(0, $0)) }
          }
          let accepted = ask(tried, theta, open.map { rows[$0] }, &run)
          for (index, place) in open.enumerated() {
            if accepted[index] { moved[place] = tried[index] } else { lengths[place] /= 2 }
          }
          open = open.indices.filter { !accepted[$0] }.map { open[$0] }
        }
        points = toBorder(moved, origins, theta, rows, &run)
      }
    }
  }

  /// Whether rounded pictures are accepted: all that the attack may know.
  private func ask(
    _ levels: [[Float]], _ theta: Float, _ rows: [Int], _ run: inout AttackRun
  ) -> [Bool] {
    let pictures = levels.indices.map {
      GreyLevels.picture(levels[$0], like: run.pairs.sources[rows[$0]])
    }
    return run.judge(pictures, rows: rows, unrounded: levels, theta: theta).map { $0 < theta }
  }

  /// The accepted point nearest to the source on the line from each accepted point.
  private func toBorder(
    _ points: [[Float]], _ origins: [[Float]], _ theta: Float, _ rows: [Int],
    _ run: inout AttackRun
  ) -> [[Float]] {
    var (low, high) = (rows.map { _ in Float(0) }, rows.map { _ in Float(1) })
    func between(_ place: Int, _ share: Float) -> [Float] {
      GreyLevels.adding(
        origins[place], GreyLevels.adding(points[place], origins[place], times: -1), times: share)
    }
    for _ in 0..<Self.halvings where !rows.isEmpty {
      let middle = rows.indices.map { 0.5 * (low[$0] + high[$0]) }
      let accepted = ask(rows.indices.map { between($0, middle[$0]) }, theta, rows, &run)
      for place in rows.indices {
        if accepted[place] { high[place] = middle[place] } else { low[place] = middle[place] }
      }
    }
    return rows.indices.map { high[$0] == 1 ? points[$0] : between($0, high[$0]) }
  }

  /// Unit vectors inwards, estimated: Σ (φᵢ − mean φ) uᵢ, φ = ±1 for accepted or not.
  private func directions(
    at points: [[Float]], _ origins: [[Float]], _ theta: Float, _ rows: [Int], _ round: Int,
    _ run: inout AttackRun
  ) -> [[Float]] {
    let count = Int((Float(neighbours) * Float(round).squareRoot()).rounded())
    return rows.indices.map { place in
      let row = rows[place]
      let source = run.pairs.sources[row]
      let away = GreyLevels.adding(points[place], origins[place], times: -1)
      let rms = Float((GreyLevels.dot(away, away) / Double(away.count)).squareRoot())
      // Far enough that rounding does not decide.
      let reach = max(1, 0.05 * rms)
      let waves = (0..<count).map { _ in blocks(source, using: &run.generators[row]) }
      let accepted = ask(
        waves.map { GreyLevels.adding(points[place], $0, times: reach) }, theta,
        waves.map { _ in row }, &run)
      let mean = accepted.reduce(0) { $0 + ($1 ? 1 : -1) } / Float(max(1, count))
      var sum = [Float](repeating: 0, count: source.pixels.count)
      for (wave, isAccepted) in zip(waves, accepted) {
        // All alike: the plain mean is what is left to go by.
        let weight = abs(mean) == 1 ? mean : (isAccepted ? 1 : -1) - mean
        sum = GreyLevels.adding(sum, wave, times: weight)
      }
      let length = Float(GreyLevels.dot(sum, sum).squareRoot())
      return length > 0 ? sum.map { $0 / length } : sum
    }
  }

  /// Normal noise, the same in each block.
  private func blocks(_ source: RGBImage, using random: inout SplitMix64) -> [Float] {
    let columns = (source.width + block - 1) / block
    let rows = (source.height + block - 1) / block
    let values = (0..<rows * columns * 3).map { _ in random.normal() }
    return GreyLevels.blocks(values, of: block, columns: columns, like: source)
  }
}
