public import FaceVerification
public import Images
private import KernelSupport
private import NeuralNetworks
public import Tensors

/// Equation (8): the smallest change of an 8-bit picture that brings it within θ of a target.
///
/// minimise ‖r‖₂ subject to ‖f_C(x₁ + r) − f_C(x₂)‖² < θ, x₁ + r in {0, …, 255}.
///
/// Each iteration linearises the constraint at the present 8-bit picture. On the lattice of 8-bit
/// pictures the linear problem is solved by r = round(−λ g), for g the gradient: going from n to
/// n + 1 grey levels costs 2n + 1 and gains |gᵢ|, so a value deserves its step as long as
/// λ|gᵢ| ≥ n + ½. λ is found by bisection, so that the step lands on the constraint with its
/// rounding included. This is the design-point iteration of reliability analysis (Hasofer and Lind,
/// 1974; Rackwitz and Fiessler, 1978), damped, on integers. Thresholds are solved from the largest to
/// the smallest, each starting at the last one's result. What counts is the 8-bit picture itself.
public struct MinimumNormAttack: Sendable {
  /// The embedder under attack.
  public let embedder: FaceEmbedder
  /// Gradients at each threshold.
  public var iterations = 12
  /// Pictures that are worked on together; results do not depend on it.
  public var batch = 16

  /// Creates the attack.
  public init(on embedder: FaceEmbedder) { self.embedder = embedder }

  /// Attacks pairs at several thresholds.
  ///
  /// - Parameters:
  ///   - sources: x₁, aligned pictures of the embedder's side.
  ///   - targets: f_C(x₂) of unit length, one row a source.
  ///   - thetas: thresholds in 0…4.
  /// - Returns: for each source its results, in the order of `thetas`.
  public func attack(_ sources: [RGBImage], targets: Tensor, thetas: [Float]) -> [[AttackResult]] {
    precondition(
      targets.shape.count == 2 && targets.shape[0] == sources.count,
      "\(sources.count) sources, targets of shape \(targets.shape)")
    var results: [[AttackResult]] = []
    for first in stride(from: 0, to: sources.count, by: batch) {
      let part = first..<min(sources.count, first + batch)
      results += attackBatch(Array(sources[part]), targets.entries(part), thetas)
    }
    return results
  }

  private func attackBatch(_ sources: [RGBImage], _ targets: Tensor, _ thetas: [Float])
    -> [[AttackResult]]
  {
    let start = evaluate(sources, targets)
    let before = start.map(\.distance)
    var current = sources
    var known = start
    var changes = sources.map { [Float](repeating: 0, count: $0.pixels.count) }
    var found = [[Float: AttackResult]](repeating: [:], count: sources.count)
    for theta in Set(thetas).sorted(by: >) {
      var searches = sources.indices.map {
        Search(
          source: sources[$0], theta: theta, before: before[$0], change: changes[$0])
      }
      for iteration in 0...iterations {
        for index in sources.indices {
          searches[index].consider(current[index], known[index].distance)
        }
        // A pair that matched before is no attack; it is recorded as it is.
        let active = sources.indices.filter { before[$0] >= theta }
        guard iteration < iterations, !active.isEmpty else { break }
        searches.withUnsafeMutableBufferPointer { searches in
          current.withUnsafeMutableBufferPointer { current in
            // Unchecked: each iteration has its own search and its own picture.
            nonisolated(unsafe) let (searches, current) = (searches, current)
            WorkerPool.shared.forEach(active.count) { place in
              let index = active[place]
              current[index] = searches[index].next(from: current[index], known[index])
            }
          }
        }
        let moved = evaluate(
          active.map { current[$0] },
          Tensor(joining: active.map { targets.entries($0..<$0 + 1) }))
        for (place, index) in active.enumerated() { known[index] = moved[place] }
      }
      // The next, smaller threshold starts where this one ended.
      for index in sources.indices {
        found[index][theta] = searches[index].result
        changes[index] = searches[index].change
      }
    }
    return found.map { byTheta in
      // What undercuts a smaller threshold undercuts the larger ones, too.
      var (results, best) = (byTheta, AttackResult?.none)
      for theta in thetas.sorted() {
        guard let own = results[theta], own.distanceBefore >= theta else { continue }
        if let smaller = best,
          !own.succeeded || smaller.perturbation.l2 < own.perturbation.l2
        {
          results[theta] = smaller.at(theta, gradients: own.gradients)
        }
        if let result = results[theta], result.succeeded { best = result }
      }
      return thetas.compactMap { results[$0] }
    }
  }

  /// d² to the target and its gradient by grey levels, at 8-bit pictures.
  struct Evaluation {
    let distance: Float
    let gradient: [Float]
  }

  private func evaluate(_ pictures: [RGBImage], _ targets: Tensor) -> [Evaluation] {
    let x = Variable(tracked: Tensor(pictures))
    let distances = embedder.unitEmbeddings(of: x).squaredRowDistances(to: Variable(targets))
    let gradient = gradients(of: distances.sum(), withRespectTo: [x])[0]
    return pictures.indices.map { index in
      Evaluation(
        distance: distances.value[index],
        // Pixels are value / 127.5 − 1.
        gradient: gradient.entries(index..<index + 1).numbers.map { $0 / 127.5 })
    }
  }
}
