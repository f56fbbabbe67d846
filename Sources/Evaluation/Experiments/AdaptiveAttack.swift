public import Attacks
private import Embedders
private import Glibc
public import Images
private import NeuralNetworks
private import PictureTensors
private import Reconstruction
public import Screening
private import SeededRandom
private import Tensors

/// Equation (8) with the detector in it: the smallest change of an 8-bit picture that brings it within
/// θ of a target and that the detector lets pass.
///
/// minimise ‖r‖₂ subject to ‖f_C(x₁ + r) − f_C(x₂)‖² < θ and s(x₁ + r) < τ, x₁ + r in {0, …, 255},
/// for s the log-odds of tampering. Direction and norm are decoupled (Rony et al., 2019): each step
/// goes along the gradients of both constraints, each of length one and weighing by how far it is from
/// being met; the norm shrinks while both are met and grows while one is not. Gradients run through
/// the whole screen: A, G, f_C, f_V, the changes that consistency looks at, and stand-ins where there
/// are no derivatives.
public struct AdaptiveAttack: Sendable {
  /// The screen.
  public let screen: TamperingScreen
  /// The probability of tampering from which the screen refuses.
  public let threshold: Double
  /// Gradients of both constraints for each pair.
  public var iterations = 100
  /// Pictures that are worked on together; results do not depend on it.
  public var batch = 8
  /// By how much the norm changes in one step, as a share.
  public var pace: Float = 0.05
  /// Further searches, each from the start with other noise on it; the smallest change counts.
  public var restarts = 0
  /// Where that noise comes from.
  public var seed: UInt64 = 1

  /// Creates the attack.
  public init(on screen: TamperingScreen, threshold: Double) {
    (self.screen, self.threshold) = (screen, threshold)
  }

  /// What came of one pair.
  public struct Result: Sendable {
    /// The smallest change that meets both constraints; nil if none was found.
    public let picture: RGBImage?
    /// How large it is.
    public let perturbation: Perturbation?
    /// Its distance² and probability of tampering, as the verdict computes them.
    public let distance, probability: Double?
  }

  /// Attacks pairs at one θ.
  ///
  /// - Parameters:
  ///   - sources: x₁, aligned pictures.
  ///   - starts: where the search begins for each, such as a plain attack's result.
  ///   - targets: x₂, aligned pictures.
  ///   - theta: the distance² to undercut.
  ///   - progress: called after each batch with the number of pairs done.
  /// - Returns: for each source what was found.
  public func attack(
    _ sources: [RGBImage], from starts: [RGBImage], targets: [RGBImage], theta: Float,
    progress: (Int) -> Void = { _ in }
  ) -> [Result] {
    precondition(
      sources.count == targets.count && sources.count == starts.count,
      "\(sources.count) sources, \(starts.count) starts, \(targets.count) targets")
    return stride(from: 0, to: sources.count, by: batch).flatMap { first in
      let part = first..<min(sources.count, first + batch)
      defer { progress(part.upperBound) }
      var best = attackBatch(
        Array(sources[part]), Array(starts[part]), Array(targets[part]), theta)
      for restart in 0..<restarts {
        let others = attackBatch(
          Array(sources[part]), part.map { noisy(starts[$0], pair: $0, restart) },
          Array(targets[part]), theta)
        for (index, other) in others.enumerated() {
          guard let found = other.perturbation else { continue }
          if found.l2 < best[index].perturbation?.l2 ?? .infinity { best[index] = other }
        }
      }
      return best
    }
  }

  /// A start with normal noise of two grey levels on it.
  private func noisy(_ start: RGBImage, pair: Int, _ restart: Int) -> RGBImage {
    var random = SplitMix64(seed: seed).derived(from: "restart \(restart)", pair)
    return RGBImage(
      width: start.width, height: start.height,
      pixels: start.pixels.map {
        UInt8(min(255, max(0, (Float($0) + 2 * random.normal()).rounded())))
      })
  }

  /// The search for one pair.
  private struct Path {
    let source: [Float]
    var change: [Float]
    /// ‖r‖₂ that the search is at, in grey levels.
    var norm: Float
    var best: (picture: RGBImage, l2: Double)?

    init(_ source: RGBImage, start: RGBImage) {
      self.source = source.pixels.map(Float.init)
      change = zip(start.pixels, source.pixels).map { Float($0) - Float($1) }
      // A start that changes nothing leaves room for a first step.
      norm = max(50, change.reduce(0) { $0 + $1 * $1 }.squareRoot())
    }
  }

  private func attackBatch(
    _ sources: [RGBImage], _ starts: [RGBImage], _ targets: [RGBImage], _ theta: Float
  ) -> [Result] {
    let goals = screen.examine(targets)
    let limit = Float(log(threshold / (1 - threshold)))
    var paths = zip(sources, starts).map { Path($0, start: $1) }
    var pictures = starts
    for iteration in 0..<iterations {
      let x = Variable(tracked: Tensor(pictures))
      let (distances, odds) = screen.descent(of: x, to: goals)
      let slopes = [distances, odds].map {
        gradients(of: $0.sum(), withRespectTo: [x])[0]
      }
      // Large steps first, fine ones at the end.
      let share = 0.02 + 0.3 * 0.5 * (1 + cosf(.pi * Float(iteration) / Float(iterations)))
      for index in paths.indices {
        let (distance, score) = (distances.value[index], odds.value[index])
        let isMet = distance < theta && score < limit
        if isMet {
          let l2 = Perturbation(from: sources[index], to: pictures[index]).l2
          if l2 < paths[index].best?.l2 ?? .infinity {
            paths[index].best = (pictures[index], l2)
          }
        }
        paths[index].norm *= isMet ? 1 - pace : 1 + pace
        // A constraint weighs from a tenth, when it is met with ease, to one.
        let weights = [
          weight((distance - theta) / 0.1), weight((score - limit) / 2),
        ]
        step(
          &paths[index], along: slopes.map { $0.entries(index..<index + 1).numbers }, weights,
          length: share * paths[index].norm)
        pictures[index] = RGBImage(
          width: sources[index].width, height: sources[index].height,
          pixels: zip(paths[index].source, paths[index].change).map {
            UInt8(min(255, max(0, ($0 + $1).rounded())))
          })
      }
    }
    return paths.indices.map { judged(paths[$0].best?.picture, sources[$0], goals[$0], theta) }
  }

  private func weight(_ excess: Float) -> Float { min(1, max(0.1, 0.5 + excess)) }

  private func step(
    _ path: inout Path, along slopes: [[Float]], _ weights: [Float], length: Float
  ) {
    var direction = [Float](repeating: 0, count: path.change.count)
    for (slope, weight) in zip(slopes, weights) {
      let norm = slope.reduce(0) { $0 + $1 * $1 }.squareRoot()
      guard norm > 0, norm.isFinite else { continue }
      for i in slope.indices { direction[i] += weight / norm * slope[i] }
    }
    let norm = direction.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard norm > 0 else { return }
    for i in direction.indices { path.change[i] -= length / norm * direction[i] }
    let now = path.change.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard now > 0 else { return }
    for i in path.change.indices { path.change[i] *= path.norm / now }
  }

  /// What the verdict would say of a found picture: only that counts.
  private func judged(
    _ picture: RGBImage?, _ source: RGBImage, _ goal: Examination, _ theta: Float
  ) -> Result {
    let nothing = Result(picture: nil, perturbation: nil, distance: nil, probability: nil)
    guard let picture else { return nothing }
    let found = screen.examine(picture)
    let distance = squaredDistance(found.evidence.embedding, goal.evidence.embedding)
    let probability = screen.probability(of: found, against: goal)
    guard distance < theta, probability < threshold else { return nothing }
    return Result(
      picture: picture, perturbation: Perturbation(from: source, to: picture),
      distance: Double(distance), probability: probability)
  }
}
