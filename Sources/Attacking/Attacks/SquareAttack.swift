internal import Images
internal import SeededRandom

/// Random search with squares: black box, asks for distances only.
///
/// The change is ±ε everywhere, at first in vertical stripes; each query repaints one square, per
/// channel, and keeps it if the distance falls. Squares shrink as queries are spent. Budgets are
/// tried from the smallest on until every θ has a success.
///
/// Reference: Andriushchenko et al., "Square Attack", 2020, algorithms 1 and 2.
public struct SquareAttack: Attack {
  /// ε in grey levels, ascending.
  public var budgets: [Int]
  /// Queries at each budget.
  public var rounds: Int
  /// The first square's share of the picture.
  public var share: Float

  /// Creates the attack.
  public init(budgets: [Int] = [8, 16, 32], rounds: Int = 1000, share: Float = 0.05) {
    (self.budgets, self.rounds, self.share) = (budgets, rounds, share)
  }

  public var settings: [String: String] {
    [
      "budgets": budgets.map { "\($0)" }.joined(separator: " "), "rounds": "\(rounds)",
      "share": "\(share)",
    ]
  }

  public func search(_ run: inout AttackRun) {
    for budget in budgets.sorted() {
      let rows = run.unfinished
      var pictures = rows.map { row in
        stripes(on: run.pairs.sources[row], budget, using: &run.generators[row])
      }
      var distances = run.judge(pictures, rows: rows)
      for round in 0..<rounds {
        let open = Set(run.unfinished)
        let places = rows.indices.filter { open.contains(rows[$0]) }
        if places.isEmpty { break }
        let tried = places.map { place in
          let row = rows[place]
          return repainted(
            pictures[place], from: run.pairs.sources[row], budget, side: side(at: round, run),
            using: &run.generators[row])
        }
        let found = run.judge(tried, rows: places.map { rows[$0] })
        for (index, place) in places.enumerated() where found[index] < distances[place] {
          (pictures[place], distances[place]) = (tried[index], found[index])
        }
      }
    }
  }

  /// The side of the square, which halves its area at the paper's milestones of all queries.
  private func side(at round: Int, _ run: AttackRun) -> Int {
    let milestones: [Float] = [0.001, 0.005, 0.02, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8]
    let passed = milestones.count { Float(round) >= $0 * Float(rounds) }
    var area = share
    for _ in 0..<passed { area /= 2 }
    let picture = run.pairs.sources[0]
    let side = (area * Float(picture.width * picture.height)).squareRoot().rounded()
    return max(1, min(picture.width, picture.height, Int(side)))
  }

  private func stripes(
    on source: RGBImage, _ budget: Int, using random: inout SplitMix64
  ) -> RGBImage {
    let signs = (0..<source.width * 3).map { _ in random.happens(withProbability: 0.5) }
    var pixels = source.pixels
    for i in pixels.indices {
      let sign = signs[i % (source.width * 3)] ? budget : -budget
      pixels[i] = UInt8(clamping: Int(source.pixels[i]) + sign)
    }
    return RGBImage(width: source.width, height: source.height, pixels: pixels)
  }

  private func repainted(
    _ picture: RGBImage, from source: RGBImage, _ budget: Int, side: Int,
    using random: inout SplitMix64
  ) -> RGBImage {
    let top = random.uniform(in: 0..<source.height - side + 1)
    let left = random.uniform(in: 0..<source.width - side + 1)
    let signs = (0..<3).map { _ in random.happens(withProbability: 0.5) ? budget : -budget }
    var pixels = picture.pixels
    for y in top..<top + side {
      for x in left..<left + side {
        for channel in 0..<3 {
          let place = (y * source.width + x) * 3 + channel
          pixels[place] = UInt8(clamping: Int(source.pixels[place]) + signs[channel])
        }
      }
    }
    return RGBImage(width: source.width, height: source.height, pixels: pixels)
  }
}
