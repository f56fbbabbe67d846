import NeuralNetworks
import SeededRandom
import Tensors

/// An operation whose gradient is held against differences: a row of the table.
struct GradientRow {
  /// The operation, its sizes and what is fused with it.
  let name: String
  /// Which inputs gradients are asked for; all if empty. With fixed weights some gradients take another way.
  let tracked: [Int]
  /// The inputs' shapes.
  let shapes: [[Int]]
  /// How far from zero the inputs' numbers are, so that few of them cross a kink.
  let gap: Float
  let operation: @Sendable ([Variable]) -> Variable

  init(
    _ name: String, _ shapes: [[Int]], tracked: [Int] = [], gap: Float = 0,
    _ operation: @escaping @Sendable ([Variable]) -> Variable
  ) {
    (self.name, self.shapes, self.tracked, self.gap) = (name, shapes, tracked, gap)
    self.operation = operation
  }

  /// Directions in which derivatives are compared.
  private static let directions: UInt64 = 5
  /// A large step crosses kinks, a small one is lost in rounding; a wrong gradient is wrong by each.
  private static let steps: [Float] = [1e-2, 2e-3, 4e-4, 8e-5]

  /// The middle difference, over directions, of the derivative by gradients and by central differences, each by the
  /// step that suits it best, over the length of the gradient and at least over a thousandth of the loss.
  ///
  /// The loss is ⟨y, r⟩ for a random r, in double precision; a direction is random in all inputs that gradients are
  /// asked for (the fast mode of PyTorch's `gradcheck`).
  func difference() -> Double {
    let wanted = tracked.isEmpty ? Array(shapes.indices) : tracked
    let inputs = shapes.indices.map { numbers($0, seed: 1) }
    let leaves = inputs.indices.map {
      wanted.contains($0) ? Variable(tracked: inputs[$0]) : Variable(inputs[$0])
    }
    let output = operation(leaves)
    var random = SplitMix64(seed: 99)
    let r = Tensor.normal(output.value.shape, using: &random)
    let slopes = gradients(of: output, withRespectTo: wanted.map { leaves[$0] }, seed: r)
    let length = slopes.reduce(0) { $0 + $1.dot($1) }.squareRoot()
    let differences = (1...Self.directions).map { seed in
      var random = SplitMix64(seed: 7 * seed)
      let ways = wanted.map { Tensor.normal(inputs[$0].shape, using: &random) }
      func loss(_ step: Float) -> Double {
        var moved = inputs
        for (way, place) in zip(ways, wanted) { moved[place] = moved[place] + way * step }
        return operation(moved.map { Variable($0) }).value.dot(r)
      }
      let analytic = zip(slopes, ways).reduce(0) { $0 + $1.0.dot($1.1) }
      // A typical derivative along a random direction is as long as the gradient.
      let scale = max(length, 1e-3 * abs(output.value.dot(r)), 1e-9)
      return Self.steps.map { step in
        let numeric = (loss(step) - loss(-step)) / (2 * Double(step))
        return abs(numeric - analytic) / scale
      }.min() ?? .infinity
    }
    // One direction may lead right over a kink; what is wrong about a gradient is seen in each.
    return differences.sorted()[differences.count / 2]
  }

  private func numbers(_ input: Int, seed: UInt64) -> Tensor {
    var random = SplitMix64(seed: seed + UInt64(input))
    return Tensor.normal(shapes[input], using: &random).map { $0 < 0 ? $0 - gap : $0 + gap }
  }
}
