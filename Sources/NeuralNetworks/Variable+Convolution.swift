public import KernelSupport
private import Kernels
internal import Tensors

extension Variable {
  /// A 3×3 convolution with stride 1 and a border of zeros, bias and activation included.
  ///
  /// y[n, r, c, o] = act(Σ x[n, r + i − 1, c + j − 1, k] · w[i, j, k, o] + b[o])
  ///
  /// | tensor   | shape                        |
  /// |----------|------------------------------|
  /// | `self`   | batch, row, column, in       |
  /// | `weight` | 3, 3, in, out                |
  /// | `bias`   | out                          |
  /// | result   | batch, row, column, out      |
  ///
  /// - `slope`: the activation's slope below zero: 1 for none, 0 for ReLU; not negative.
  /// - `tile`: F(4×4) for speed, F(2×2) for accuracy.
  public func convolved3x3(
    _ weight: Variable, bias: Variable? = nil, slope: Float = 1, tile: WinogradTile = .four
  ) -> Variable {
    let (x, w) = (value, weight.value)
    precondition(
      x.shape.count == 4 && w.shape.count == 4 && w.shape[2] == x.shape[3]
        && w.shape[0] == 3 && w.shape[1] == 3,
      "input \(x.shape) and weights \(w.shape) do not fit a 3×3 convolution")
    let shape = ConvolutionShape(
      batch: x.shape[0], height: x.shape[1], width: x.shape[2], inputChannels: x.shape[3],
      outputChannels: w.shape[3])
    let y = convolve3x3(x, w, bias?.value, shape, slope, tile)
    let parents = [self, weight] + (bias.map { [$0] } ?? [])
    return Variable(y, parents: parents) { gradient, wanted in
      let dy = slope == 1 ? gradient : leakyGradient(of: y, gradient, slope: slope)
      return [
        wanted[0] ? inputGradient3x3(dy, w, shape, tile) : nil,
        wanted[1] ? weightGradient3x3(x, dy, shape, tile) : nil,
      ] + (parents.count == 3 ? [wanted[2] ? channelSums(of: dy) : nil] : [])
    }
  }
}

/// Up to this many input channels a direct sum costs less than the transforms.
private let directChannels = 4

private func convolve3x3(
  _ x: Tensor, _ w: Tensor, _ bias: Tensor?, _ s: ConvolutionShape, _ slope: Float,
  _ tile: WinogradTile
) -> Tensor {
  let kernels = Compute.kernels
  let y = [s.batch, s.height, s.width, s.outputChannels]
  return withExtendedLifetime((x, w, bias)) {
    if s.inputChannels <= directChannels {
      let panels = panels(of: w, depth: 9 * s.inputChannels, columns: s.outputChannels)
      return withExtendedLifetime(panels) {
        Tensor(shape: y) {
          kernels.convolveDirect(
            x.source, panels: panels.source, s, .same, bias: bias?.source, slope: slope, into: $0)
        }
      }
    }
    let packed = packedWeights(w, s, tile, flipped: false)
    return withExtendedLifetime(packed) {
      Tensor(shape: y) {
        kernels.convolveWinograd(
          x.source, packed: packed.source, tile, s, bias: bias?.source, slope: slope, into: $0)
      }
    }
  }
}

private func inputGradient3x3(
  _ dy: Tensor, _ w: Tensor, _ s: ConvolutionShape, _ tile: WinogradTile
) -> Tensor {
  let back = s.transposed
  let packed = packedWeights(w, back, tile, flipped: true)
  return withExtendedLifetime((dy, packed)) {
    Tensor(shape: [s.batch, s.height, s.width, s.inputChannels]) {
      Compute.kernels.convolveWinograd(
        dy.source, packed: packed.source, tile, back, bias: nil, slope: 1, into: $0)
    }
  }
}

private func weightGradient3x3(
  _ x: Tensor, _ dy: Tensor, _ s: ConvolutionShape, _ tile: WinogradTile
) -> Tensor {
  withExtendedLifetime((x, dy)) {
    Tensor(shape: [3, 3, s.inputChannels, s.outputChannels]) {
      if s.inputChannels <= directChannels {
        Compute.kernels.weightGradientDirect(x.source, dy.source, s, .same, into: $0)
      } else {
        Compute.kernels.weightGradientWinograd(x.source, dy.source, tile, s, into: $0)
      }
    }
  }
}

/// The weights in Winograd's domain, kept with the tensor until it changes.
private func packedWeights(
  _ w: Tensor, _ s: ConvolutionShape, _ tile: WinogradTile, flipped: Bool
) -> Tensor.PackedForm {
  let kernels = Compute.kernels
  return w.packedForm(
    "\(kernels.name) \(tile) \(flipped)",
    count: kernels.packedWinogradCount(
      tile, inputChannels: s.inputChannels, outputChannels: s.outputChannels)
  ) {
    kernels.packWinograd(
      w.source, tile, inputChannels: s.inputChannels, outputChannels: s.outputChannels,
      flipped: flipped, into: $0)
  }
}

/// A matrix in panels, kept with the tensor until it changes.
func panels(
  of matrix: Tensor, depth: Int, columns: Int, transposed: Bool = false
) -> Tensor.PackedForm {
  let kernels = Compute.kernels
  let width = (columns + kernels.panelWidth - 1) / kernels.panelWidth * kernels.panelWidth
  return matrix.packedForm(
    "\(kernels.name) panels \(transposed)", count: depth * width
  ) {
    kernels.pack(
      matrix.source, depth: depth, columns: columns, transposed: transposed, into: $0)
  }
}

/// The sum over all but the last axis.
func channelSums(of x: Tensor) -> Tensor {
  let channels = x.shape.last ?? 1
  let sums = [Double](unsafeUninitializedCapacity: 2 * channels) { buffer, count in
    if let base = buffer.baseAddress {
      withExtendedLifetime(x) {
        Compute.kernels.channelSums(
          x.source, rows: x.count / max(1, channels), channels: channels, into: base)
      }
    }
    count = 2 * channels
  }
  return Tensor(sums.prefix(channels).map { Float($0) }, shape: [channels])
}
