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
  /// Batch normalisation with the batch's own statistics, activation and pooling included.
  ///
  /// y = act(γ · (x − μ) / √(σ² + ε) + β), over all axes but the last.
  ///
  /// Reference: Ioffe and Szegedy, "Batch Normalization", 2015, algorithm 1.
  ///
  /// - `slope`: the activation's slope below zero: 1 for none, 0 for ReLU.
  /// - `isPooled`: whether the largest of each 2×2 block is taken at once, as `maxPooled()` would;
  ///   the full-sized result is then never written to memory.
  /// - Returns: the result, and the statistics for the running averages.
  public func batchNormalized(
    gamma: Variable, beta: Variable, epsilon: Float = 1e-5, slope: Float = 1,
    isPooled: Bool = false
  ) -> (Variable, ChannelStatistics) {
    batchNormalized(
      gamma: gamma, beta: beta, epsilon: epsilon, slope: slope, isPooled: isPooled,
      sums: ChannelSums(of: value))
  }

  /// The same with sums that were gathered before.
  func batchNormalized(
    gamma: Variable, beta: Variable, epsilon: Float = 1e-5, slope: Float, isPooled: Bool,
    sums: ChannelSums
  ) -> (Variable, ChannelStatistics) {
    let x = value
    let channels = x.shape.last ?? 1
    precondition(
      gamma.value.count == channels && beta.value.count == channels,
      "\(gamma.value.count) factors for \(channels) channels")
    let count = Double(x.count / channels)
    let mean = sums.sums.map { $0 / count }
    let variance = (0..<channels).map { max(0, sums.squares($0) / count - mean[$0] * mean[$0]) }
    let inverse = variance.map { 1 / ($0 + Double(epsilon)).squareRoot() }
    let scale = (0..<channels).map { Float(inverse[$0]) * gamma.value[$0] }
    let affine = AffineActivation(
      scale: scale,
      shift: (0..<channels).map { beta.value[$0] - Float(mean[$0]) * scale[$0] }, slope: slope,
      isPooled: isPooled)
    let result = Variable(affine(x), parents: [self, gamma, beta]) { dy, wanted in
      let sums = affine.sums(x, dy)
      // Σ g and Σ g·x̂, which are ∂L/∂β and ∂L/∂γ.
      let dBeta = Array(sums[..<channels])
      let dGamma = (0..<channels).map { (sums[channels + $0] - mean[$0] * dBeta[$0]) * inverse[$0] }
      // ∂L/∂x = γ/σ · (g − Σg/N − x̂ · Σ(g·x̂)/N), written as scale · g − (b · x + c).
      let b = (0..<channels).map { Double(scale[$0]) * dGamma[$0] / count * inverse[$0] }
      let c = (0..<channels).map { Double(scale[$0]) * dBeta[$0] / count - b[$0] * mean[$0] }
      return [
        wanted[0] ? affine.gradient(x, &dy, b: b.map(Float.init), c: c.map(Float.init)) : nil,
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
  public func scaledShifted(
    scale: [Float], shift: [Float], slope: Float = 1, isPooled: Bool = false
  ) -> Variable {
    let x = value
    let affine = AffineActivation(scale: scale, shift: shift, slope: slope, isPooled: isPooled)
    let zero = [Float](repeating: 0, count: scale.count)
    return Variable(affine(x), parents: [self]) { dy, _ in
      [affine.gradient(x, &dy, b: zero, c: zero)]
    }
  }
}

/// act(scale · x + shift), channel by channel, and the largest of each 2×2 block if so wanted.
private struct AffineActivation {
  let scale, shift: [Float]
  let slope: Float
  let isPooled: Bool

  private var channels: Int { scale.count }

  func callAsFunction(_ x: Tensor) -> Tensor {
    x.read { numbers in
      guard isPooled else {
        return Tensor(shape: x.shape) {
          Compute.kernels.scaleShift(
            numbers, rows: x.count / channels, channels: channels, scale: scale, shift: shift,
            slope: slope, into: $0)
        }
      }
      let (n, h, w, c) = sizes(of: x)
      precondition(h >= 2 && w >= 2, "\(h)×\(w) pixels are too few to pool")
      return Tensor(shape: [n, h / 2, w / 2, c]) {
        Compute.kernels.scaleShiftPool(
          numbers, batch: n, height: h, width: w, channels: c, scale: scale, shift: shift,
          slope: slope, into: $0)
      }
    }
  }

  /// Σ g and Σ g·x, where g = ∂L/∂(scale · x + shift).
  func sums(_ x: Tensor, _ dy: Tensor) -> [Double] {
    var sums = [Double](repeating: 0, count: 2 * channels)
    Tensor.read(x, dy) { numbers, dy in
      guard isPooled else {
        return Compute.kernels.scaleShiftSums(
          numbers, dy, rows: x.count / channels, channels: channels, scale: scale,
          shift: shift, slope: slope, into: &sums)
      }
      let (n, h, w, c) = sizes(of: x)
      Compute.kernels.scaleShiftPoolSums(
        numbers, dy, batch: n, height: h, width: w, channels: c, scale: scale, shift: shift,
        slope: slope, into: &sums)
    }
    return sums
  }

  /// scale · g − (b · x + c), in the memory of `dy` where nothing is pooled.
  func gradient(_ x: Tensor, _ dy: inout Tensor, b: [Float], c: [Float]) -> Tensor {
    guard isPooled else {
      x.read { x in
        let rows = dy.count / channels
        dy.replace {
          Compute.kernels.scaleShiftGradient(
            x, $0, rows: rows, channels: channels, scale: scale, shift: shift, slope: slope,
            a: scale, b: b, c: c, into: $1)
        }
      }
      return dy
    }
    return Tensor.read(x, dy) { numbers, dy in
      Tensor(shape: x.shape) { dx in
        let (n, h, w, channels) = sizes(of: x)
        Compute.kernels.scaleShiftPoolGradient(
          numbers, dy, batch: n, height: h, width: w, channels: channels, scale: scale,
          shift: shift, slope: slope, a: scale, b: b, c: c, into: dx)
      }
    }
  }
}
