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
  /// - `isUpsampled`: whether each pixel of `self` first becomes a block of 2×2, as by `upsampled()`;
  ///   the result then has twice the rows and columns.
  /// - `isPooled`: whether the largest of each 2×2 block is taken in the end, as by `maxPooled()`.
  /// - `isFitted`: whether tiles may be chosen by the picture's size, as a training's are; F(4×4) is then
  ///   F(5×5) where that has clearly fewer products.
  public func convolved3x3(
    _ weight: Variable, bias: Variable? = nil, slope: Float = 1, tile: WinogradTile = .four,
    isUpsampled: Bool = false, isPooled: Bool = false, isFitted: Bool = false
  ) -> Variable {
    guard
      let convolution = Convolution3x3(
        of: self, weight, tile, isUpsampled: isUpsampled, isFitted: isFitted && !isPooled)
    else {
      return upsampled().convolved3x3(
        weight, bias: bias, slope: slope, tile: tile, isPooled: isPooled, isFitted: isFitted)
    }
    let parents = [self, weight] + (bias.map { [$0] } ?? [])
    if isPooled && parents.contains(where: { $0.isTracked }) {
      // The gradient of the pooling needs to see what was pooled; activation and pooling together
      // are one pass each way.
      let channels = weight.value.shape[3]
      return convolved3x3(
        weight, bias: bias, tile: tile, isUpsampled: isUpsampled, isFitted: isFitted
      ).scaledShifted(
        scale: [Float](repeating: 1, count: channels),
        shift: [Float](repeating: 0, count: channels),
        slope: slope, isPooled: true)
    }
    let (x, w) = (value, weight.value)
    let y = (bias?.value).read { bias in
      convolution(x, w, ConvolutionEpilogue(bias: bias, slope: slope, isPooled: isPooled))
    }
    return Variable(y, parents: parents) { dy, wanted in
      dy.carryBack(throughOutput: y, slope: slope)
      return [
        wanted[0] ? convolution.inputGradient(dy, w) : nil,
        wanted[1] ? convolution.weightGradient(x, dy) : nil,
      ] + (parents.count == 3 ? [wanted[2] ? channelSums(of: dy) : nil] : [])
    }
  }

  /// A 3×3 convolution without bias, with the sums of its result that batch normalisation needs.
  ///
  /// - `isFitted`: whether tiles may be chosen by the picture's size, as a training's are.
  func convolved3x3ForNormalization(
    _ weight: Variable, tile: WinogradTile, isUpsampled: Bool, isFitted: Bool
  ) -> (Variable, ChannelSums) {
    guard
      let convolution = Convolution3x3(
        of: self, weight, tile, isUpsampled: isUpsampled, isFitted: isFitted)
    else {
      return upsampled().convolved3x3ForNormalization(
        weight, tile: tile, isUpsampled: false, isFitted: isFitted)
    }
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

/// A 3×3 convolution of known sizes, and the way it is computed.
private struct Convolution3x3 {
  /// The sizes of the input.
  let shape: ConvolutionShape
  /// How outputs are computed; `nil` for direct sums.
  let scheme: WinogradScheme?
  /// How gradients are carried back.
  let backward: WinogradScheme
  /// Whether the weights change with every step.
  let isTrained: Bool

  /// Up to this many input channels a direct sum costs less than the transforms.
  private static let directChannels = 4

  /// Fails if there is no scheme that upsamples on the way.
  init?(
    of x: Variable, _ weight: Variable, _ tile: WinogradTile, isUpsampled: Bool,
    isFitted: Bool = false
  ) {
    isTrained = weight.isTracked
    let (x, w) = (x.value.shape, weight.value.shape)
    precondition(
      x.count == 4 && w.count == 4 && w[2] == x[3] && w[0] == 3 && w[1] == 3,
      "input \(x) and weights \(w) do not fit a 3×3 convolution")
    shape = ConvolutionShape(
      batch: x[0], height: x[1], width: x[2], inputChannels: x[3], outputChannels: w[3])
    let isDirect = x[3] <= Self.directChannels
    guard isUpsampled else {
      let fitted = isFitted ? tile.scheme.fitted(height: x[1], width: x[2]) : tile.scheme
      (scheme, backward) = (isDirect ? nil : fitted, fitted)
      return
    }
    if tile == .two || isDirect { return nil }
    (scheme, backward) = (.upsampling, .summing)
  }

  /// Rows and columns of the output.
  private var side: (rows: Int, columns: Int) {
    (
      scheme?.outputs(along: shape.height) ?? shape.height,
      scheme?.outputs(along: shape.width) ?? shape.width
    )
  }

  func callAsFunction(_ x: Tensor, _ w: Tensor, _ epilogue: ConvolutionEpilogue) -> Tensor {
    let kernels = Compute.kernels
    let (rows, columns) = side
    let shrink = epilogue.isPooled ? 1 : 0
    precondition(rows >> shrink > 0 && columns >> shrink > 0, "too few pixels to pool")
    let y = [shape.batch, rows >> shrink, columns >> shrink, shape.outputChannels]
    return Tensor(shape: y) { y in
      guard let scheme else {
        let panels = panels(of: w, depth: 9 * shape.inputChannels, columns: shape.outputChannels)
        return x.read { x in
          panels.read { kernels.convolveDirect(x, panels: $0, shape, .same, epilogue, into: y) }
        }
      }
      convolveWinograd(
        x, w, scheme, shape, flipped: false, isTrained: isTrained, epilogue, into: y)
    }
  }

  func inputGradient(_ dy: Tensor, _ w: Tensor) -> Tensor {
    let (rows, columns) = side
    let back = ConvolutionShape(
      batch: shape.batch, height: rows, width: columns, inputChannels: shape.outputChannels,
      outputChannels: shape.inputChannels)
    return Tensor(shape: [shape.batch, shape.height, shape.width, shape.inputChannels]) {
      convolveWinograd(
        dy, w, backward, back, flipped: true, isTrained: isTrained, ConvolutionEpilogue(), into: $0)
    }
  }

  func weightGradient(_ x: Tensor, _ dy: Tensor) -> Tensor {
    Tensor.read(x, dy) { x, dy in
      Tensor(shape: [3, 3, shape.inputChannels, shape.outputChannels]) { dw in
        if let scheme {
          Compute.kernels.weightGradientWinograd(x, dy, scheme, shape, into: dw)
        } else {
          Compute.kernels.weightGradientDirect(x, dy, shape, .same, into: dw)
        }
      }
    }
  }
}

/// ∂L/∂x of a 3×3 convolution with stride 1 and a border of zeros, by weights that are not trained.
func inputGradient3x3(_ dy: Tensor, _ w: Tensor) -> Tensor {
  let (batch, height, width, outputs) = sizes(of: dy)
  let back = ConvolutionShape(
    batch: batch, height: height, width: width, inputChannels: outputs, outputChannels: w.shape[2])
  return Tensor(shape: [batch, height, width, w.shape[2]]) {
    convolveWinograd(
      dy, w, Compute.tile.scheme, back, flipped: true, isTrained: false, ConvolutionEpilogue(),
      into: $0)
  }
}

/// Convolves with weights in Winograd's domain, which are kept with the tensor until it changes where
/// that pays.
private func convolveWinograd(
  _ x: Tensor, _ w: Tensor, _ scheme: WinogradScheme, _ s: ConvolutionShape, flipped: Bool,
  isTrained: Bool, _ epilogue: ConvolutionEpilogue, into y: Destination
) {
  let kernels = Compute.kernels
  let isStreamed = scheme.streamsWeights(s)
  let (depth, channels) = (s.inputChannels, s.outputChannels)
  let count =
    isStreamed
    ? kernels.packedTapsCount(inputChannels: depth, outputChannels: channels)
    : kernels.packedWinogradCount(scheme, inputChannels: depth, outputChannels: channels)
  func pack(_ target: Destination) {
    w.read { w in
      if isStreamed {
        kernels.packTaps(
          w, inputChannels: depth, outputChannels: channels, flipped: flipped, into: target)
      } else {
        kernels.packWinograd(
          w, scheme, inputChannels: depth, outputChannels: channels, flipped: flipped,
          into: target)
      }
    }
  }
  func convolve(_ packed: Source) {
    x.read { x in
      if isStreamed {
        kernels.convolveWinograd(x, taps: packed, scheme, s, epilogue, into: y)
      } else {
        kernels.convolveWinograd(x, packed: packed, scheme, s, epilogue, into: y)
      }
    }
  }
  if isTrained && count > 1 << 20 {
    // Used once before the weights change: not worth its memory.
    BufferPool.withScratch(count) {
      pack($0)
      convolve(Source($0))
    }
  } else {
    let form = isStreamed ? "taps" : "\(scheme)"
    let packed = w.packedForm("\(kernels.name) \(form) \(flipped)", count: count, make: pack)
    packed.read(convolve)
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
  ) { target in
    matrix.read {
      kernels.pack($0, depth: depth, columns: columns, transposed: transposed, into: target)
    }
  }
}

/// The sum over all but the last axis.
func channelSums(of x: Tensor) -> Tensor {
  Tensor(ChannelSums(of: x).sums.map { Float($0) }, shape: [x.shape.last ?? 1])
}
