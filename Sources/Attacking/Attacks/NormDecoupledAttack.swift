private import Glibc
internal import Images
internal import SeededRandom

/// The smallest change that meets every part of an aim, direction and norm decoupled.
///
/// Each step goes along the gradients of all parts, each of length one and weighing by how far it is from
/// being met; the norm shrinks while all are met and grows while one is not. What the parts are is the
/// aim's: one network or several, a mean over random transforms, the screen's verdict.
///
/// Reference: Rony et al., "Decoupling direction and norm for efficient gradient-based L2 adversarial
/// attacks and defenses", 2019.
public struct NormDecoupledAttack: Attack {
  /// Gradients of each search.
  public var iterations: Int
  /// By how much the norm changes in one step, as a share.
  public var pace: Float
  /// Further searches, each from the start with other noise on it; the smallest change counts.
  public var restarts: Int
  /// The plain attack from whose picture the search starts; the source if not given.
  public var start: MinimumNormAttack?

  /// Creates the attack.
  public init(
    iterations: Int = 100, pace: Float = 0.05, restarts: Int = 0, start: MinimumNormAttack? = nil
  ) {
    (self.iterations, self.pace) = (iterations, pace)
    (self.restarts, self.start) = (restarts, start)
  }

  public var settings: [String: String] {
    let own = ["iterations": "\(iterations)", "pace": "\(pace)", "restarts": "\(restarts)"]
    guard let start else { return own }
    return own.merging(start.settings.map { ("start_" + $0.key, $0.value) }) { first, _ in first }
  }

  public func search(_ run: inout AttackRun) {
    for theta in run.thetas {
      let rows = run.open(at: theta)
      if rows.isEmpty { continue }
      let starts = starts(rows, theta, &run)
      for restart in 0...restarts {
        let begin = rows.indices.map { place in
          restart == 0
            ? starts[place]
            : noisy(starts[place], run.pairs.noise(of: rows[place], restart: restart - 1))
        }
        search(rows, from: begin, theta, &run)
      }
    }
  }

  /// Where the search begins for each row.
  private func starts(_ rows: [Int], _ theta: Float, _ run: inout AttackRun) -> [RGBImage] {
    if let given = run.pairs.starts { return rows.map { given[$0] } }
    guard let start else { return rows.map { run.pairs.sources[$0] } }
    var plain = run.inner(thetas: [theta], setup: AttackSetup(spread: run.setup.spread))
    start.search(&plain)
    run.charge(plain)
    return rows.map { plain.findings[$0].candidate(at: 0).picture }
  }

  /// A start with normal noise of two grey levels on it.
  private func noisy(_ start: RGBImage, _ generator: SplitMix64) -> RGBImage {
    var random = generator
    return RGBImage(
      width: start.width, height: start.height,
      pixels: start.pixels.map {
        UInt8(min(255, max(0, (Float($0) + 2 * random.normal()).rounded())))
      })
  }

  /// The search for one pair.
  private struct Point {
    let source: [Float]
    var change: [Float]
    /// ‖r‖₂ that the search is at, in grey levels.
    var norm: Float

    init(_ source: RGBImage, start: RGBImage) {
      self.source = source.pixels.map(Float.init)
      change = zip(start.pixels, source.pixels).map { Float($0) - Float($1) }
      // A start that changes nothing leaves room for a first step.
      norm = max(50, change.reduce(0) { $0 + $1 * $1 }.squareRoot())
    }
  }

  private func search(
    _ rows: [Int], from starts: [RGBImage], _ theta: Float, _ run: inout AttackRun
  ) {
    var points = rows.indices.map { Point(run.pairs.sources[rows[$0]], start: starts[$0]) }
    var pictures = starts
    for iteration in 0..<iterations {
      let found = run.evaluateParts(pictures, rows: rows, theta: theta)
      // Large steps first, fine ones at the end.
      let share = 0.02 + 0.3 * 0.5 * (1 + cosf(.pi * Float(iteration) / Float(iterations)))
      for place in rows.indices {
        let isMet = found[place].allSatisfy { $0.value < $0.limit }
        points[place].norm *= isMet ? 1 - pace : 1 + pace
        step(&points[place], along: found[place], length: share * points[place].norm)
        pictures[place] = RGBImage(
          width: starts[place].width, height: starts[place].height,
          pixels: zip(points[place].source, points[place].change).map {
            UInt8(min(255, max(0, ($0 + $1).rounded())))
          })
      }
    }
  }

  /// A part weighs from a tenth, when it is met with ease, to one.
  private func weight(_ part: AttackRun.PartEvaluation) -> Float {
    min(1, max(0.1, 0.5 + (part.value - part.limit) / part.slack))
  }

  private func step(
    _ point: inout Point, along parts: [AttackRun.PartEvaluation], length: Float
  ) {
    var direction = [Float](repeating: 0, count: point.change.count)
    for part in parts {
      let (slope, weight) = (part.slope, weight(part))
      let norm = slope.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard norm > 0, norm.isFinite else { continue }
      for i in slope.indices { direction[i] += weight / norm * slope[i] }
    }
    let norm = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard norm > 0 else { return }
    for i in direction.indices { point.change[i] -= length / norm * direction[i] }
    let now = point.change.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard now > 0 else { return }
    for i in point.change.indices { point.change[i] *= point.norm / now }
  }
}
