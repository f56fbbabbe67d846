internal import Tensors

/// The largest singular values of a network's weights, followed by power iteration.
///
/// A weight is read as a matrix of (rows · columns · inputs, outputs). Reference: Miyato et al.,
/// "Spectral normalization for generative adversarial networks", 2018, algorithm 1; there the weights
/// are divided at each use, here once after each step, which is a projection.
struct SpectralNorms: Equatable, Sendable {
  /// A direction of the outputs for each weight, of unit length; part of the training's state.
  var directions: ParameterTable

  /// Starts for the weights of `parameters` with equal parts of all outputs.
  init(for parameters: ParameterTable) {
    directions = ParameterTable()
    for name in parameters.names where name.hasSuffix(".weight") {
      let outputs = parameters[name]?.shape.last ?? 1
      directions[name] = Tensor(
        repeating: 1 / Float(outputs).squareRoot(), shape: [outputs])
    }
  }

  /// Brings each weight to spectral norm 1, as far as `iterations` more steps know it.
  mutating func normalize(_ parameters: inout ParameterTable, iterations: Int = 1) {
    for name in directions.names {
      guard var weight = parameters[name], var direction = directions[name] else { continue }
      var norm: Float = 0
      for _ in 0..<iterations { norm = Self.advance(&direction, weight) }
      directions[name] = direction
      guard norm > 1e-12 else { continue }
      let factor = 1 / norm
      let count = weight.count
      weight.update { weight in
        for i in 0..<count { weight[i] *= factor }
      }
      parameters[name] = weight
    }
  }

  /// One step v ← Wᵀ(Wv) / ‖Wᵀ(Wv)‖; returns ‖Wᵀu‖ with u = Wv / ‖Wv‖.
  private static func advance(_ direction: inout Tensor, _ weight: Tensor) -> Float {
    let outputs = direction.count
    let rows = weight.count / max(1, outputs)
    var next = [Double](repeating: 0, count: outputs)
    var length = 0.0
    Tensor.read(weight, direction) { weight, direction in
      for row in 0..<rows {
        let first = row * outputs
        var sum = 0.0
        for i in 0..<outputs { sum += Double(weight[first + i]) * Double(direction[i]) }
        length += sum * sum
        for i in 0..<outputs { next[i] += sum * Double(weight[first + i]) }
      }
    }
    let size = next.reduce(0) { $0 + $1 * $1 }.squareRoot()
    guard size > 1e-24, length > 1e-24 else { return 0 }
    direction = Tensor(next.map { Float($0 / size) }, shape: [outputs])
    return Float(size / length.squareRoot())
  }
}
