private import Images
private import KernelSupport

/// Equation (8): the smallest change of an 8-bit picture that brings it within θ of a target.
///
/// minimise ‖r‖₂ subject to ‖f_C(x₁ + r) − f_C(x₂)‖² < θ, x₁ + r in {0, …, 255}.
///
/// Each iteration linearises the constraint at the present 8-bit picture. On the lattice of 8-bit
/// pictures the linear problem is solved by r = round(−λ g), for g the gradient: going from n to
/// n + 1 grey levels costs 2n + 1 and gains |gᵢ|, so a value deserves its step as long as
/// λ|gᵢ| ≥ n + ½. λ is found so that the step lands on the constraint with its rounding included.
/// This is the design-point iteration of reliability analysis (Hasofer and Lind, 1974; Rackwitz and
/// Fiessler, 1978) on integers, damped: r ← round((1 − β) v − λ g), with v the last change before
/// rounding. At the end of each threshold the most promising picture is moved along its gradient until
/// it is below θ by as little as whole grey levels allow; that takes distances only.
///
/// Thresholds are solved from the largest to the smallest, each starting at the last one's result,
/// with steps of 0.2 from 1.0 down to the smallest one asked for.
public struct MinimumNormAttack: Attack {
  /// Gradients at each threshold; up to twice as many for a pair that has no success there yet.
  public var iterations: Int
  /// Further gradients on the way from the source to a pair's first threshold.
  public var approach: Int

  /// Creates the attack.
  public init(iterations: Int = 12, approach: Int = 10) {
    (self.iterations, self.approach) = (iterations, approach)
  }

  public var settings: [String: String] {
    ["iterations": "\(iterations)", "approach": "\(approach)"]
  }

  /// Trials that move a finished picture onto the constraint.
  static let refinements = 4

  public func search(_ run: inout AttackRun) {
    var searches = run.pairs.sources.map { MinimumNormSearch(source: $0) }
    for theta in Self.ladder(run.thetas) {
      let rows = searches.indices.filter { run.findings[$0].before >= theta }
      for row in rows { searches[row].begin(theta) }
      for iteration in 0..<2 * iterations + approach {
        let active = rows.filter {
          let limit = iterations + (searches[$0].isFirst ? approach : 0)
          // The few that are not below yet may take as long again.
          return iteration < limit || (iteration < limit + iterations && !searches[$0].hasCrossed)
        }
        let at = run.evaluate(
          active.map { searches[$0].picture }, rows: active,
          unrounded: active.map { searches[$0].levels }, theta: theta)
        Self.inParallel(active, &searches) { place, search in search.step(at[place]) }
      }
      // The last step has not been looked at yet: the refinement does.
      for _ in 0..<Self.refinements {
        let distances = run.distances(
          of: rows.map { searches[$0].picture }, rows: rows,
          unrounded: rows.map { searches[$0].levels }, theta: theta)
        Self.inParallel(rows, &searches) { place, search in search.refine(distances[place]) }
      }
    }
  }

  /// All thresholds to solve, from the largest to the smallest.
  static func ladder(_ thetas: [Float]) -> [Float] {
    let last = thetas.min() ?? 1
    return Set(thetas + [1, 0.8, 0.6, 0.4].filter { $0 > last }).sorted(by: >)
  }

  private static func inParallel(
    _ rows: [Int], _ searches: inout [MinimumNormSearch],
    _ body: @Sendable (_ place: Int, _ search: inout MinimumNormSearch) -> Void
  ) {
    searches.withUnsafeMutableBufferPointer { searches in
      // Unchecked: each iteration has its own search.
      nonisolated(unsafe) let searches = searches
      WorkerPool.shared.forEach(rows.count) { place in body(place, &searches[rows[place]]) }
    }
  }
}
