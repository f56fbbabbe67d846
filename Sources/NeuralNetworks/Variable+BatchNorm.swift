private import KernelSupport
private import Kernels
public import Tensors

/// Mean and variance of each channel over a batch.
public struct ChannelStatistics: Sendable {
  /// The means.
  public let mean: Tensor
  /// The variances, divided by the count (not the count less one).
  public let variance: Tensor
}

extension Variable {
  /// Batch normalisation with the batch's own statistics, activation included.
  ///
  /// y = act(γ · (x − μ) / √(σ² + ε) + β), over all axes but the last.
  ///
  /// Reference: Ioffe and Szegedy, "Batch Normalization", 2015, algorithm 1.
  ///
  /// - `slope`: the activation's slope below zero: 1 for none, 0 for ReLU.
  /// - Returns: the result, and the statistics for the running averages.
  public func batchNormalized(
    gamma: Variable, beta: Variable, epsilon: Float = 1e-5, slope: Float = 1
  ) -> (Variable, ChannelStatistics) {
    let x = value
    let channels = x.shape.last ?? 1
    precondition(
      gamma.value.count == channels && beta.value.count == channels,
      "\(gamma.value.count) factors for \(channels) channels")
    let rows = x.count / channels
    var sums = [Double](repeating: 0, count: 2 * channels)
    withExtendedLifetime(x) {
      Compute.kernels.channelSums(x.source, rows: rows, channels: channels, into: &sums)
    }
    let count = Double(rows)
    let mean = (0..<channels).map { sums[$0] / count }
    let variance = (0..<channels).map { max(0, sums[channels + $0] / count - mean[$0] * mean[$0]) }
    let inverse = variance.map { 1 / ($0 + Double(epsilon)).squareRoot() }
    let scale = (0..<channels).map { Float(inverse[$0]) * gamma.value[$0] }
    let shift = (0..<channels).map { beta.value[$0] - Float(mean[$0]) * scale[$0] }
    let y = affine(x, scale, shift, slope)
    let result = Variable(y, parents: [self, gamma, beta]) { dy, wanted in
      var sums = [Double](repeating: 0, count: 2 * channels)
      withExtendedLifetime((x, dy)) {
        Compute.kernels.scaleShiftSums(
          x.source, dy.source, rows: rows, channels: channels, scale: scale, shift: shift,
          slope: slope, into: &sums)
      }
      // Σ g and Σ g·x̂, which are ∂L/∂β and ∂L/∂γ.
      let dBeta = Array(sums[..<channels])
      let dGamma = (0..<channels).map { (sums[channels + $0] - mean[$0] * dBeta[$0]) * inverse[$0] }
      // ∂L/∂x = γ/σ · (g − Σg/N − x̂ · Σ(g·x̂)/N), written as scale · g − (b · x + c).
      let b = (0..<channels).map { Double(scale[$0]) * dGamma[$0] / count * inverse[$0] }
      let c = (0..<channels).map { Double(scale[$0]) * dBeta[$0] / count - b[$0] * mean[$0] }
      return [
        wanted[0]
          ? scaleShiftGradient(
            x, dy, scale, shift, slope, scale, b.map(Float.init), c.map(Float.init))
          : nil,
        wanted[1] ? Tensor(dGamma.map(Float.init), shape: gamma.value.shape) : nil,
        wanted[2] ? Tensor(dBeta.map(Float.init), shape: beta.value.shape) : nil,
      ]
    }
    return (
      result,
      ChannelStatistics(
        mean: Tensor(mean.map(Float.init), shape: [channels]),
        variance: Tensor(variance.map(Float.init), shape: [channels]))
    )
  }

  /// y = act(scale · x + shift), channel by channel, with constant factors.
  public func scaledShifted(scale: [Float], shift: [Float], slope: Float = 1) -> Variable {
    let x = value
    let zero = [Float](repeating: 0, count: scale.count)
    return Variable(affine(x, scale, shift, slope), parents: [self]) {
      dy, _ in [scaleShiftGradient(x, dy, scale, shift, slope, scale, zero, zero)]
    }
  }
}

private func affine(_ x: Tensor, _ scale: [Float], _ shift: [Float], _ slope: Float)
  -> Tensor
{
  withExtendedLifetime(x) {
    Tensor(shape: x.shape) {
      Compute.kernels.scaleShift(
        x.source, rows: x.count / scale.count, channels: scale.count, scale: scale, shift: shift,
        slope: slope, into: $0)
    }
  }
}

private func scaleShiftGradient(
  _ x: Tensor, _ dy: Tensor, _ scale: [Float], _ shift: [Float], _ slope: Float, _ a: [Float],
  _ b: [Float], _ c: [Float]
) -> Tensor {
  withExtendedLifetime((x, dy)) {
    Tensor(shape: x.shape) {
      Compute.kernels.scaleShiftGradient(
        x.source, dy.source, rows: x.count / scale.count, channels: scale.count, scale: scale,
        shift: shift, slope: slope, a: a, b: b, c: c, into: $0)
    }
  }
}
