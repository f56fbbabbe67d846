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
    let convolution = HalvingConvolution(of: self, weight)
    let (x, w) = (value, weight.value)
    let y = (bias?.value).read { bias in
      convolution(x, w, ConvolutionEpilogue(bias: bias, slope: slope))
    }
    let parents = [self, weight] + (bias.map { [$0] } ?? [])
    return Variable(y, parents: parents) { gradient, wanted in
      let dy = slope == 1 ? gradient : leakyGradient(of: y, gradient, slope: slope)
      return [
        wanted[0] ? convolution.inputGradient(dy, w) : nil,
        wanted[1] ? convolution.weightGradient(x, dy) : nil,
      ] + (parents.count == 3 ? [wanted[2] ? channelSums(of: dy) : nil] : [])
    }
  }

  /// The same without bias, with the sums of its result that batch normalisation needs.
  func convolved4x4Stride2ForNormalization(_ weight: Variable) -> (Variable, ChannelSums) {
    let convolution = HalvingConvolution(of: self, weight)
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

  init(of x: Variable, _ weight: Variable) {
    let (x, w) = (x.value.shape, weight.value.shape)
    precondition(
      x.count == 4 && w.count == 4 && w[0] == 4 && w[1] == 4 && w[2] == x[3] && x[1] % 2 == 0
        && x[2] % 2 == 0,
      "input \(x) and weights \(w) do not fit a 4×4 convolution of stride 2")
    shape = ConvolutionShape(
      batch: x[0], height: x[1], width: x[2], inputChannels: x[3], outputChannels: w[3])
  }

  func callAsFunction(_ x: Tensor, _ w: Tensor, _ epilogue: ConvolutionEpilogue) -> Tensor {
    let panels = panels(of: w, depth: 16 * shape.inputChannels, columns: shape.outputChannels)
    return Tensor(
      shape: [shape.batch, shape.height / 2, shape.width / 2, shape.outputChannels]
    ) { y in
      x.read { x in
        panels.read {
          Compute.kernels.convolveDirect(x, panels: $0, shape, .halving, epilogue, into: y)
        }
      }
    }
  }

  func inputGradient(_ dy: Tensor, _ w: Tensor) -> Tensor {
    let kernels = Compute.kernels
    let packed = w.packedForm(
      "\(kernels.name) halving",
      count: kernels.packedHalvingCount(
        inputChannels: shape.inputChannels, outputChannels: shape.outputChannels)
    ) { target in
      w.read {
        kernels.packHalving(
          $0, inputChannels: shape.inputChannels, outputChannels: shape.outputChannels,
          into: target)
      }
    }
    return Tensor(shape: [shape.batch, shape.height, shape.width, shape.inputChannels]) { dx in
      dy.read { dy in
        packed.read { kernels.inputGradientHalving(dy, packed: $0, shape, into: dx) }
      }
    }
  }

  func weightGradient(_ x: Tensor, _ dy: Tensor) -> Tensor {
    Tensor.read(x, dy) { x, dy in
      Tensor(shape: [4, 4, shape.inputChannels, shape.outputChannels]) {
        Compute.kernels.weightGradientDirect(x, dy, shape, .halving, into: $0)
      }
    }
  }
}
