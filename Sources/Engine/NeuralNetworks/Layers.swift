private import Glibc
public import SeededRandom
public import Tensors

/// The slope of an activation: 1 for none, 0 for ReLU, 0.2 for the leaky one of GANs.
public typealias ActivationSlope = Float

/// A convolution, batch normalisation and an activation.
///
/// After ``ParameterTable/foldingNormalization()`` the normalisation is part of the weights, and
/// the three are one kernel.
public struct ConvBlock: Sendable {
  /// How the size of pictures changes.
  public enum Kind: Sendable {
    /// 3×3, stride 1: the size stays.
    case same
    /// Each pixel four times, then 3×3: the size is doubled.
    case doubling
    /// 4×4, stride 2: the size is halved.
    case halving
  }

  /// The name that its parameters begin with.
  public let name: String
  /// The window.
  public let kind: Kind
  /// Numbers a pixel before and after.
  public let inputChannels, outputChannels: Int
  /// Whether batch normalisation follows; otherwise a bias does.
  public let isNormalized: Bool
  /// The activation's slope below zero.
  public let slope: ActivationSlope
  /// Whether sums are smoothed before they are normalised, so that the pixels that doubling repeated fade
  /// into each other.
  public let isSmoothed: Bool
  /// Whether tiles may be chosen by the pictures' sizes in any pass: for networks that give no verdict.
  public let fitsTiles: Bool

  /// Creates a block.
  ///
  /// - Precondition: only what doubles the size is smoothed.
  public init(
    _ name: String, _ kind: Kind = .same, from inputChannels: Int, to outputChannels: Int,
    isNormalized: Bool = true, slope: ActivationSlope = 0, isSmoothed: Bool = false,
    fitsTiles: Bool = false
  ) {
    precondition(kind == .doubling || !isSmoothed, "'\(name)' does not double the size")
    (self.name, self.kind, self.isNormalized, self.slope) = (name, kind, isNormalized, slope)
    (self.isSmoothed, self.fitsTiles) = (isSmoothed, fitsTiles)
    (self.inputChannels, self.outputChannels) = (inputChannels, outputChannels)
  }

  /// Adds freshly drawn parameters to `table`: He et al., 2015, equation 14.
  public func addParameters(to table: inout ParameterTable, using source: inout WeightSource) {
    let side = kind == .halving ? 4 : 3
    let fanIn = side * side * inputChannels
    let deviation = (2 / (Float(fanIn) * (1 + slope * slope))).squareRoot()
    table[name + ".weight"] = source.weights(
      [side, side, inputChannels, outputChannels], deviation: deviation)
    table.addNormalization(name, outputChannels, isNormalized: isNormalized)
  }

  /// Computes the block's output, and the largest of each 2×2 of its pixels if `isPooled`.
  public func callAsFunction(
    _ x: Variable, _ pass: ForwardPass, isPooled: Bool = false
  ) -> Variable {
    let weight = pass[name + ".weight"]
    let bias = pass.find(name + ".bias")
    let isFitted = fitsTiles || pass.fitsTiles
    if isSmoothed { return smoothed(x, pass, weight, bias, isPooled: isPooled) }
    switch kind {
    case .same, .doubling:
      let isUpsampled = kind == .doubling
      if let bias {
        return x.convolved3x3(
          weight, bias: bias, slope: slope, tile: pass.tile, isUpsampled: isUpsampled,
          isPooled: isPooled, isFitted: isFitted)
      }
      let (y, sums) = x.convolved3x3ForNormalization(
        weight, tile: pass.tile, isUpsampled: isUpsampled, isFitted: isFitted)
      return y.normalized(name, pass, slope: slope, isPooled: isPooled, sums: sums)
    case .halving:
      if let bias {
        let y = x.convolved4x4Stride2(
          weight, bias: bias, slope: slope, isFitted: isFitted)
        return isPooled ? y.maxPooled() : y
      }
      let (y, sums) = x.convolved4x4Stride2ForNormalization(
        weight, isFitted: isFitted)
      return y.normalized(name, pass, slope: slope, isPooled: isPooled, sums: sums)
    }
  }
}

extension ConvBlock {
  /// Smoothing commutes with the convolution, which may so stay on pixels that are repeated, at 4/9 of the
  /// products (but for a picture's edge).
  private func smoothed(
    _ x: Variable, _ pass: ForwardPass, _ weight: Variable, _ bias: Variable?, isPooled: Bool
  ) -> Variable {
    if let bias {
      let y = x.convolved3x3(weight, bias: bias, slope: 1, tile: pass.tile, isUpsampled: true)
        .smoothed()
      let active = slope == 1 ? y : y.rectified(slope: slope)
      return isPooled ? active.maxPooled() : active
    }
    let y = x.convolved3x3ForNormalization(
      weight, tile: pass.tile, isUpsampled: true, isFitted: pass.fitsTiles
    ).0.smoothed()
    return y.normalized(
      name, pass, slope: slope, isPooled: isPooled, sums: ChannelSums(of: y.value))
  }
}

/// A dense layer with bias, or with batch normalisation in its place, and an activation.
public struct DenseLayer: Sendable {
  /// The name that its parameters begin with.
  public let name: String
  /// Numbers a row before and after.
  public let inputs, outputs: Int
  /// Whether batch normalisation follows; otherwise a bias does.
  public let isNormalized: Bool
  /// The activation's slope below zero.
  public let slope: ActivationSlope

  /// Creates a layer.
  public init(
    _ name: String, from inputs: Int, to outputs: Int, isNormalized: Bool = false,
    slope: ActivationSlope = 1
  ) {
    (self.name, self.inputs, self.outputs) = (name, inputs, outputs)
    (self.isNormalized, self.slope) = (isNormalized, slope)
  }

  /// Adds freshly drawn parameters to `table`: Glorot and Bengio, 2010, equation 16.
  public func addParameters(to table: inout ParameterTable, using source: inout WeightSource) {
    let deviation = (2 / Float(inputs + outputs)).squareRoot()
    table[name + ".weight"] = source.weights([inputs, outputs], deviation: deviation)
    table.addNormalization(name, outputs, isNormalized: isNormalized)
  }

  /// Computes the layer's output.
  public func callAsFunction(_ x: Variable, _ pass: ForwardPass) -> Variable {
    if let bias = pass.find(name + ".bias") {
      let y = x.dense(pass[name + ".weight"], bias: bias)
      return slope == 1 ? y : y.rectified(slope: slope)
    }
    let y = x.dense(pass[name + ".weight"])
    return y.normalized(
      name, pass, slope: slope, isPooled: false, sums: ChannelSums(of: y.value))
  }
}

/// Batch normalisation of channels and an activation, alone.
public struct NormalizationLayer: Sendable {
  /// The name that its parameters begin with.
  public let name: String
  /// Numbers a pixel or a row.
  public let channels: Int
  /// The activation's slope below zero.
  public let slope: ActivationSlope

  /// Creates a layer.
  public init(_ name: String, channels: Int, slope: ActivationSlope = 1) {
    (self.name, self.channels, self.slope) = (name, channels, slope)
  }

  /// Adds what training starts from to `table`.
  public func addParameters(to table: inout ParameterTable) {
    table.addNormalization(name, channels, isNormalized: true)
  }

  /// Computes the layer's output.
  public func callAsFunction(_ x: Variable, _ pass: ForwardPass) -> Variable {
    x.normalized(name, pass, slope: slope, isPooled: false, sums: ChannelSums(of: x.value))
  }
}

extension Variable {
  /// Batch normalisation with the parameters called `name`, in the pass's mode.
  fileprivate func normalized(
    _ name: String, _ pass: ForwardPass, slope: ActivationSlope, isPooled: Bool, sums: ChannelSums
  ) -> Variable {
    let (gamma, beta) = (pass[name + ".gamma"], pass[name + ".beta"])
    switch pass.mode {
    case .training:
      let (result, statistics) = batchNormalized(
        gamma: gamma, beta: beta, slope: slope, isPooled: isPooled, sums: sums)
      pass.record(statistics, for: name)
      return result
    case .inference:
      let factors = normalizationFactors(
        gamma: gamma.value, beta: beta.value, mean: pass[name + ".running_mean"].value,
        variance: pass[name + ".running_variance"].value)
      return scaledShifted(
        scale: factors.scale, shift: factors.shift, slope: slope, isPooled: isPooled)
    }
  }
}

/// γ/σ and β − μγ/σ.
func normalizationFactors(
  gamma: Tensor, beta: Tensor, mean: Tensor, variance: Tensor, epsilon: Float = 1e-5
) -> (scale: [Float], shift: [Float]) {
  let scale = (0..<gamma.count).map { gamma[$0] / (variance[$0] + epsilon).squareRoot() }
  return (scale, (0..<gamma.count).map { beta[$0] - mean[$0] * scale[$0] })
}

extension ParameterTable {
  /// Adds what batch normalisation starts from, or a bias of zeros.
  fileprivate mutating func addNormalization(_ name: String, _ channels: Int, isNormalized: Bool) {
    guard isNormalized else {
      self[name + ".bias"] = Tensor(zeros: [channels])
      return
    }
    self[name + ".gamma"] = Tensor(repeating: 1, shape: [channels])
    self[name + ".beta"] = Tensor(zeros: [channels])
    self[name + ".running_mean"] = Tensor(zeros: [channels])
    self[name + ".running_variance"] = Tensor(repeating: 1, shape: [channels])
  }

  /// The table with each normalisation multiplied into the weights before it, for inference; one
  /// that stands alone stays.
  public func foldingNormalization() -> ParameterTable {
    var result = ParameterTable()
    for name in names {
      guard let tensor = self[name] else { continue }
      let block = String(name[..<(name.lastIndex(of: ".") ?? name.endIndex)])
      guard self[block + ".weight"] != nil, let gamma = self[block + ".gamma"],
        let beta = self[block + ".beta"],
        let mean = self[block + ".running_mean"], let variance = self[block + ".running_variance"]
      else {
        result[name] = tensor
        continue
      }
      guard name.hasSuffix(".weight") else { continue }
      let factors = normalizationFactors(gamma: gamma, beta: beta, mean: mean, variance: variance)
      var weight = tensor
      let (count, channels) = (weight.count, gamma.count)
      precondition(count % channels == 0, "'\(name)' has \(count) weights for \(channels) channels")
      weight.update { weight in
        factors.scale.withUnsafeBufferPointer { scale in
          for first in stride(from: 0, to: count, by: channels) {
            for channel in 0..<channels { weight[first + channel] *= scale[channel] }
          }
        }
      }
      result[name] = weight
      result[block + ".bias"] = Tensor(factors.shift, shape: [channels])
    }
    return result
  }
}

extension Tensor {
  /// Numbers drawn from N(0, deviation²).
  public static func normal(
    _ shape: [Int], deviation: Float = 1, using generator: inout SplitMix64
  ) -> Tensor {
    let count = shape.reduce(1, *)
    return Tensor((0..<count).map { _ in generator.normal() * deviation }, shape: shape)
  }
}

extension Variable {
  /// Adds a number a channel.
  public func biased(_ bias: Variable) -> Variable {
    let (x, b) = (value, bias.value)
    let channels = b.count
    let count = x.count
    precondition(channels > 0 && count % channels == 0, "\(channels) numbers for \(x.shape)")
    let y = Tensor.read(x, b) { x, b in
      Tensor(shape: value.shape) { y in
        for first in stride(from: 0, to: count, by: channels) {
          for channel in 0..<channels { y[first + channel] = x[first + channel] + b[channel] }
        }
      }
    }
    return Variable(y, parents: [self, bias]) { dy, wanted in
      [dy, wanted[1] ? channelSums(of: dy) : nil]
    }
  }
}
