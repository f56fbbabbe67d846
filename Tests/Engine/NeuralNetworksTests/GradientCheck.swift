import NeuralNetworks
import SeededRandom
import Tensors
import Testing

/// Expects the gradients of `operation` to match central differences, input by input.
///
/// The scalar is L = ⟨y, r⟩ for a random r, so ∂L/∂y = r. Sums are in double precision; the step
/// suits operations that are linear or gently curved.
func expectGradientsMatch(
  at inputs: [Tensor], step: Float = 1e-2, tolerance: Double = 1e-3,
  sourceLocation: SourceLocation = #_sourceLocation, _ operation: ([Variable]) -> Variable
) {
  var generator = SplitMix64(seed: 99)
  let variables = inputs.map { Variable(tracked: $0) }
  let output = operation(variables)
  let r = Tensor.normal(output.value.shape, using: &generator)
  let analytic = gradients(of: output, withRespectTo: variables, seed: r)
  for (which, input) in inputs.enumerated() {
    #expect(analytic[which].shape == input.shape, sourceLocation: sourceLocation)
    for i in 0..<input.count {
      func loss(_ change: Float) -> Double {
        var moved = inputs
        moved[which].update { $0[i] += change }
        return operation(moved.map { Variable($0) }).value.dot(r)
      }
      let numeric = (loss(step) - loss(-step)) / (2 * Double(step))
      let value = Double(analytic[which][i])
      #expect(
        abs(numeric - value) <= tolerance * max(1, abs(numeric), abs(value)),
        "input \(which), number \(i): analytic \(value), numeric \(numeric)",
        sourceLocation: sourceLocation)
    }
  }
}

/// Random numbers, none nearer to zero than `gap`.
func tensor(_ shape: [Int], seed: UInt64 = 1, gap: Float = 0) -> Tensor {
  var generator = SplitMix64(seed: seed)
  return Tensor.normal(shape, using: &generator).map { $0 < 0 ? $0 - gap : $0 + gap }
}
