import JSON
import NeuralNetworks
import SeededRandom
import Tensors

extension KernelCases {
  /// Batch normalisation with ReLU, by the statistics of the batch.
  static var normalization: [BenchmarkCase] {
    [(128, 16), (64, 48), (32, 96), (8, 384)].flatMap { side, channels in
      [false, true].map { isGradient in
        let shape = [16, side, side, channels]
        // Read once for the statistics, read and written once for the result; the gradient reads
        // input and output's gradient twice.
        let touched = Double(shape.reduce(1, *) * (isGradient ? 5 : 3))
        return BenchmarkCase(
          name: "kernel/batchnorm/\(channels)@\(side)/b16/\(isGradient ? "gradient" : "forward")",
          description: ["kind": "batchnorm", "pass": isGradient ? "gradient" : "forward"],
          work: .numbers(touched)
        ) { batchNormalization(shape, isGradient: isGradient) }
      }
    }
  }

  private static func batchNormalization(_ shape: [Int], isGradient: Bool) -> PreparedCase {
    var random = SplitMix64(seed: 1)
    let x = Variable(tracked: Tensor.normal(shape, using: &random))
    let gamma = Variable(tracked: Tensor.normal([shape[3]], using: &random).map { 1 + 0.1 * $0 })
    let beta = Variable(tracked: Tensor.normal([shape[3]], deviation: 0.1, using: &random))
    var inputs = ParameterTable([("x", x.value), ("gamma", gamma.value), ("beta", beta.value)])
    let forward = { x.batchNormalized(gamma: gamma, beta: beta, slope: 0).0 }
    guard isGradient else {
      return PreparedCase(inputs: inputs) { ParameterTable([("y", forward().value)]) }
    }
    let dy = Tensor.normal(shape, using: &random)
    inputs["dy"] = dy
    let y = forward()
    return PreparedCase(inputs: inputs) {
      let changes = gradients(of: y, withRespectTo: [x, gamma, beta], seed: dy)
      return ParameterTable(Array(zip(["y", "dgamma", "dbeta"], changes)))
    }
  }
}
