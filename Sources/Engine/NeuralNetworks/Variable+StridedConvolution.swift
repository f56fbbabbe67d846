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
  /// - `isFitted`: whether it may be computed in tiles, as a training's are: in fewer products, with the
  ///   rounding of F(4×4).
  public func convolved4x4Stride2(
    _ weight: Variable, bias: Variable? = nil, slope: Float = 1, isFitted: Bool = false
  ) -> Variable {
    let convolution = HalvingConvolution(of: self, weight, isFitted: isFitted)
    let (x, w) = (value, weight.value)
    let y = (bias?.value).read { bias in
      convolution(x, w, ConvolutionEpilogue(bias: bias, slope: slope))
    }
    let parents = [self, weight] + (bias.map { [$0] } ?? [])
    return Variable(y, parents: parents) { dy, wanted in
      dy.carryBack(throughOutput: y, slope: slope)
      return [
        wanted[0] ? convolution.inputGradient(dy, w) : nil,
        wanted[1] ? convolution.weightGradient(x, dy) : nil,
      ] + (parents.count == 3 ? [wanted[2] ? channelSums(of: dy) : nil] : [])
    }
  }

  /// The same without bias, with the sums of its result that batch normalisation needs.
  func convolved4x4Stride2ForNormalization(
    _ weight: Variable, isFitted: Bool
  ) -> (Variable, ChannelSums) {
    let convolution = HalvingConvolution(of: self, weight, isFitted: isFitted)
    let (x, w) = (value, weight.value)
    var sums = ChannelSums(channels: w.shape[3])
    let y = sums.gather { convolution(x, w, ConvolutionEpilogue(sums: $0)) }
    let result = Variable(y, parents: [self, weight]) { dy, wanted in
      [
        wanted[0] ? convolution.inputGradient(dy, w) : nil,
        wanted[1] ? convolution.weightGradient(x, dy) : nil,
      ]
    }
    return (result, sums)
  }
}

/// A 4×4 convolution with stride 2 of known sizes.
private struct HalvingConvolution {
  /// The sizes of the input.
  let shape: ConvolutionShape
  /// Whether it is computed in tiles.
  let isTiled: Bool

  /// Up to this many input channels a direct sum costs less than the transforms.
  private static let directChannels = 8
  /// Fewer tiles than these are not worth transforming the weights.
  private static let fewestTiles = 64

  init(of x: Variable, _ weight: Variable, isFitted: Bool) {
    let (x, w) = (x.value.shape, weight.value.shape)
    precondition(
      x.count == 4 && w.count == 4 && w[0] == 4 && w[1] == 4 && w[2] == x[3] && x[1] % 2 == 0
        && x[2] % 2 == 0,
      "input \(x) and weights \(w) do not fit a 4×4 convolution of stride 2")
    shape = ConvolutionShape(
      batch: x[0], height: x[1], width: x[2], inputChannels: x[3], outputChannels: w[3])
    let tiles = x[0] * ((x[1] + 7) / 8) * ((x[2] + 7) / 8)
    isTiled = isFitted && x[3] > Self.directChannels && tiles >= Self.fewestTiles
  }

  func callAsFunction(_ x: Tensor, _ w: Tensor, _ epilogue: ConvolutionEpilogue) -> Tensor {
    let (kernels, channels) = (Compute.kernels, shape.outputChannels)
    let output = [shape.batch, shape.height / 2, shape.width / 2, channels]
    guard isTiled else {
      let panels = panels(of: w, depth: 16 * shape.inputChannels, columns: channels)
      return Tensor(shape: output) { y in
        x.read { x in
          panels.read { kernels.convolveDirect(x, panels: $0, shape, .halving, epilogue, into: y) }
        }
      }
    }
    let packed = packed(
      w, "halving tiles",
      kernels.packedHalvingTilesCount(
        inputChannels: shape.inputChannels, outputChannels: channels),
      kernels.packHalvingTiles)
    return Tensor(shape: output) { y in
      x.read { x in
        packed.read {
          kernels.convolveHalvingTiles(
            x, packed: $0, shape, bias: epilogue.bias, slope: epilogue.slope, into: y)
        }
      }
      if let sums = epilogue.sums {
        kernels.channelSums(
          y, rows: output[0] * output[1] * output[2], channels: channels, into: sums)
      }
    }
  }

  func inputGradient(_ dy: Tensor, _ w: Tensor) -> Tensor {
    let kernels = Compute.kernels
    let (inputs, outputs) = (shape.inputChannels, shape.outputChannels)
    let dx = [shape.batch, shape.height, shape.width, inputs]
    guard !isTiled else {
      return Tensor.read(dy, w) { dy, w in
        Tensor(shape: dx) { kernels.inputGradientHalvingTiles(dy, w, shape, into: $0) }
      }
    }
    let packed = packed(
      w, "halving", kernels.packedHalvingCount(inputChannels: inputs, outputChannels: outputs),
      kernels.packHalving)
    return Tensor(shape: dx) { dx in
      dy.read { dy in
        packed.read { kernels.inputGradientHalving(dy, packed: $0, shape, into: dx) }
      }
    }
  }

  /// Weights as a kernel wants them, kept with the tensor until it changes.
  private func packed(
    _ w: Tensor, _ form: String, _ count: Int, _ pack: (Source, Int, Int, Destination) -> Void
  ) -> Tensor.PackedForm {
    w.packedForm("\(Compute.kernels.name) \(form)", count: count) { target in
      w.read { pack($0, shape.inputChannels, shape.outputChannels, target) }
    }
  }

  func weightGradient(_ x: Tensor, _ dy: Tensor) -> Tensor {
    Tensor.read(x, dy) { x, dy in
      Tensor(shape: [4, 4, shape.inputChannels, shape.outputChannels]) {
        if isTiled {
          Compute.kernels.weightGradientHalvingTiles(x, dy, shape, into: $0)
        } else {
          Compute.kernels.weightGradientDirect(x, dy, shape, .halving, into: $0)
        }
      }
    }
  }
}
