private import KernelSupport
private import Kernels
internal import Tensors

extension Variable {
  /// A 4×4 convolution with stride 2 and a border of one zero: halves height and width (DCGAN).
  ///
  /// y[n, r, c, o] = act(Σ x[n, 2r + i − 1, 2c + j − 1, k] · w[i, j, k, o] + b[o])
  ///
  /// | tensor   | shape                           |
  /// |----------|---------------------------------|
  /// | `self`   | batch, row, column, in; even    |
  /// | `weight` | 4, 4, in, out                   |
  /// | `bias`   | out                             |
  /// | result   | batch, row / 2, column / 2, out |
  ///
  /// - `slope`: the activation's slope below zero: 1 for none, 0 for ReLU; not negative.
  public func convolved4x4Stride2(
    _ weight: Variable, bias: Variable? = nil, slope: Float = 1
  ) -> Variable {
    let (x, w) = (value, weight.value)
    precondition(
      x.shape.count == 4 && w.shape.count == 4 && w.shape[0] == 4 && w.shape[1] == 4
        && w.shape[2] == x.shape[3] && x.shape[1] % 2 == 0 && x.shape[2] % 2 == 0,
      "input \(x.shape) and weights \(w.shape) do not fit a 4×4 convolution of stride 2")
    let shape = ConvolutionShape(
      batch: x.shape[0], height: x.shape[1], width: x.shape[2], inputChannels: x.shape[3],
      outputChannels: w.shape[3])
    let panels = panels(of: w, depth: 16 * shape.inputChannels, columns: shape.outputChannels)
    let y = withExtendedLifetime((x, panels, bias)) {
      Tensor(shape: [shape.batch, shape.height / 2, shape.width / 2, shape.outputChannels]) {
        Compute.kernels.convolveDirect(
          x.source, panels: panels.source, shape, .halving, bias: bias?.value.source, slope: slope,
          into: $0)
      }
    }
    let parents = [self, weight] + (bias.map { [$0] } ?? [])
    return Variable(y, parents: parents) { gradient, wanted in
      let dy = slope == 1 ? gradient : leakyGradient(of: y, gradient, slope: slope)
      return [
        wanted[0] ? inputGradient(dy, w, shape) : nil,
        wanted[1] ? weightGradient(x, dy, shape) : nil,
      ] + (parents.count == 3 ? [wanted[2] ? channelSums(of: dy) : nil] : [])
    }
  }
}

private func inputGradient(_ dy: Tensor, _ w: Tensor, _ s: ConvolutionShape) -> Tensor {
  let kernels = Compute.kernels
  let packed = w.packedForm(
    "\(kernels.name) halving",
    count: kernels.packedHalvingCount(
      inputChannels: s.inputChannels, outputChannels: s.outputChannels)
  ) {
    kernels.packHalving(
      w.source, inputChannels: s.inputChannels, outputChannels: s.outputChannels, into: $0)
  }
  return withExtendedLifetime((dy, packed)) {
    Tensor(shape: [s.batch, s.height, s.width, s.inputChannels]) {
      kernels.inputGradientHalving(dy.source, packed: packed.source, s, into: $0)
    }
  }
}

private func weightGradient(_ x: Tensor, _ dy: Tensor, _ s: ConvolutionShape) -> Tensor {
  withExtendedLifetime((x, dy)) {
    Tensor(shape: [4, 4, s.inputChannels, s.outputChannels]) {
      Compute.kernels.weightGradientDirect(x.source, dy.source, s, .halving, into: $0)
    }
  }
}
