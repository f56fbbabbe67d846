internal import Images

/// A search with an aim, a spread and a store: how attacks are put together.
///
/// It may aim deeper than it has to and scale its change back until the deciding distance is only just
/// below θ, and it may search several times with other random numbers; the smallest change counts.
public struct ComposedAttack: Attack {
  /// The search.
  public var search: any Attack
  /// What it descends, and what becomes of its pictures.
  public var setup: AttackSetup
  /// The distance² that the search is after in θ's place, before its change is scaled back to θ; nil to
  /// search for θ.
  public var overshoot: Float?
  /// Further searches with other random numbers.
  public var restarts: Int

  /// Puts an attack together.
  public init(
    _ search: any Attack, _ setup: AttackSetup = AttackSetup(), overshoot: Float? = nil,
    restarts: Int = 0
  ) {
    (self.search, self.setup) = (search, setup)
    (self.overshoot, self.restarts) = (overshoot, restarts)
  }

  public var settings: [String: String] {
    var all = search.settings.merging(setup.settings) { first, _ in first }
    if let overshoot { all["overshoot"] = "\(overshoot)" }
    if restarts > 0 { all["again"] = "\(restarts)" }
    return all
  }

  public func search(_ run: inout AttackRun) {
    for restart in 0...max(0, restarts) {
      if let overshoot {
        var deep = run.inner(thetas: [overshoot], setup: setup, restart: restart)
        search.search(&deep)
        run.charge(deep)
        scale(run.pairs.sources.indices.map { deep.findings[$0].candidate(at: 0).picture }, &run)
      } else if restart == 0 {
        search.search(&run)
      } else {
        var other = run.inner(thetas: run.thetas, setup: setup, restart: restart)
        search.search(&other)
        run.merge(other)
      }
    }
  }

  /// Halvings on the way to the smallest factor.
  private static let halvings = 9

  /// The smallest multiple of each change, up to the whole, whose file is below θ: a query each.
  private func scale(_ pictures: [RGBImage], _ run: inout AttackRun) {
    let origins = run.pairs.sources.map { GreyLevels.of($0) }
    let changes = pictures.indices.map {
      GreyLevels.adding(GreyLevels.of(pictures[$0]), origins[$0], times: -1)
    }
    func scaled(_ row: Int, _ factor: Float) -> RGBImage {
      GreyLevels.picture(
        GreyLevels.adding(origins[row], changes[row], times: factor), like: pictures[row])
    }
    for theta in run.thetas {
      let all = run.open(at: theta)
      let whole = run.judge(all.map { pictures[$0] }, rows: all, theta: theta)
      let rows = all.indices.filter { whole[$0] < theta }.map { all[$0] }
      var (low, high) = (rows.map { _ in Float(0) }, rows.map { _ in Float(1) })
      for _ in 0..<Self.halvings where !rows.isEmpty {
        let middle = rows.indices.map { 0.5 * (low[$0] + high[$0]) }
        let found = run.judge(
          rows.indices.map { scaled(rows[$0], middle[$0]) }, rows: rows, theta: theta)
        for place in rows.indices {
          if found[place] < theta {
            high[place] = middle[place]
          } else {
            low[place] = middle[place]
          }
        }
      }
    }
  }
}
