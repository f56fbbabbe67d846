internal import Embedders
private import Glibc
internal import NeuralNetworks
internal import SeededRandom
internal import Tensors

/// A perturbation that serves no attack: a detector can learn from it without having seen one.
///
/// A few steps along the gradient of ‖f_C(x) − u‖² for a random unit vector u that is nobody, up to
/// a random root mean square. There is no target, no θ, and nothing is made small; the picture is the
/// same at every θ.
///
/// Reference: Wang et al., "Detecting adversarial faces using only real face self-perturbations",
/// 2023, where random patterns take the place of gradients.
public struct SelfPerturbation: Attack {
  /// The root mean square of the change in grey levels, drawn evenly in its logarithm.
  public var strength: ClosedRange<Float>
  /// Gradients.
  public var steps: Int

  /// Creates the perturbation.
  ///
  /// - Precondition: the strength is positive, and there is a step.
  public init(strength: ClosedRange<Float> = 0.5...3, steps: Int = 3) {
    precondition(strength.lowerBound > 0 && steps > 0, "strength \(strength), \(steps) steps")
    (self.strength, self.steps) = (strength, steps)
  }

  public var settings: [String: String] {
    [
      "smallest_rms": "\(strength.lowerBound)", "largest_rms": "\(strength.upperBound)",
      "steps": "\(steps)",
    ]
  }

  public func search(_ run: inout AttackRun) {
    let rows = Array(run.pairs.sources.indices)
    let width = run.pairs.victim.embedder.shape.embedding
    var directions: [Float] = []
    var budgets: [Float] = []
    for row in rows {
      let draw = (0..<width).map { _ in run.generators[row].normal() }
      let norm = draw.reduce(0) { $0 + $1 * $1 }.squareRoot()
      directions += draw.map { $0 / max(norm, .leastNormalMagnitude) }
      let logarithms = logf(strength.lowerBound)...logf(strength.upperBound)
      budgets.append(expf(run.generators[row].uniform(in: logarithms)))
    }
    let objective = EmbeddingDistance(
      run.pairs.victim.embedder, embeddings: Tensor(directions, shape: [rows.count, width]))
    var paths = rows.map { Path(run.pairs.sources[$0]) }
    for _ in 0..<steps {
      let at = run.evaluate(paths.map(\.picture), rows: rows, objective: objective)
      for place in paths.indices {
        let slope = at[place].gradient
        let rms = Float((GreyLevels.dot(slope, slope) / Double(slope.count)).squareRoot())
        guard rms > 0 else { continue }
        paths[place].move(
          to: GreyLevels.adding(
            paths[place].change, slope, times: -budgets[place] / Float(steps) / rms))
      }
    }
    run.offer(paths.map(\.picture), rows: rows)
  }
}
