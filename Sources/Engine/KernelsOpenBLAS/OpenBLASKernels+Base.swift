public import KernelSupport

/// All that is no product of matrices is the set's below.
extension OpenBLASKernels {
  public func pack(
    _ matrix: Source, depth: Int, columns: Int, transposed: Bool, into panels: Destination
  ) {
    base.pack(matrix, depth: depth, columns: columns, transposed: transposed, into: panels)
  }

  public func inverseRowLengths(
    _ x: Source, rows: Int, columns: Int, into inverse: Destination
  ) {
    base.inverseRowLengths(x, rows: rows, columns: columns, into: inverse)
  }

  public func scaleRows(
    _ x: Source, rows: Int, columns: Int, by factors: Source, into y: Destination
  ) {
    base.scaleRows(x, rows: rows, columns: columns, by: factors, into: y)
  }

  public func unitRowsGradient(
    _ y: Source, _ dy: Source, rows: Int, columns: Int, inverseLengths: Source, into dx: Destination
  ) {
    base.unitRowsGradient(
      y, dy, rows: rows, columns: columns, inverseLengths: inverseLengths, into: dx)
  }

  public func packedWinogradCount(
    _ scheme: WinogradScheme, inputChannels: Int, outputChannels: Int
  ) -> Int {
    base.packedWinogradCount(scheme, inputChannels: inputChannels, outputChannels: outputChannels)
  }

  public func packWinograd(
    _ weights: Source, _ scheme: WinogradScheme, inputChannels: Int, outputChannels: Int,
    flipped: Bool, into packed: Destination
  ) {
    base.packWinograd(
      weights, scheme, inputChannels: inputChannels, outputChannels: outputChannels,
      flipped: flipped, into: packed)
  }

  public func convolveWinograd(
    _ x: Source, packed: Source, _ scheme: WinogradScheme, _ shape: ConvolutionShape,
    _ epilogue: ConvolutionEpilogue, into y: Destination
  ) {
    base.convolveWinograd(x, packed: packed, scheme, shape, epilogue, into: y)
  }

  public func packedTapsCount(
    inputChannels: Int, outputChannels: Int
  ) -> Int {
    base.packedTapsCount(inputChannels: inputChannels, outputChannels: outputChannels)
  }

  public func packTaps(
    _ weights: Source, inputChannels: Int, outputChannels: Int, flipped: Bool,
    into packed: Destination
  ) {
    base.packTaps(
      weights, inputChannels: inputChannels, outputChannels: outputChannels, flipped: flipped,
      into: packed)
  }

  public func convolveWinograd(
    _ x: Source, taps: Source, _ scheme: WinogradScheme, _ shape: ConvolutionShape,
    _ epilogue: ConvolutionEpilogue, into y: Destination
  ) {
    base.convolveWinograd(x, taps: taps, scheme, shape, epilogue, into: y)
  }

  public func weightGradientWinograd(
    _ x: Source, _ dy: Source, _ scheme: WinogradScheme, _ shape: ConvolutionShape,
    into dw: Destination
  ) {
    base.weightGradientWinograd(x, dy, scheme, shape, into: dw)
  }

  public func convolveDirect(
    _ x: Source, panels: Source, _ shape: ConvolutionShape, _ window: ConvolutionWindow,
    _ epilogue: ConvolutionEpilogue, into y: Destination
  ) {
    base.convolveDirect(x, panels: panels, shape, window, epilogue, into: y)
  }

  public func weightGradientDirect(
    _ x: Source, _ dy: Source, _ shape: ConvolutionShape, _ window: ConvolutionWindow,
    into dw: Destination
  ) {
    base.weightGradientDirect(x, dy, shape, window, into: dw)
  }

  public func packedHalvingCount(
    inputChannels: Int, outputChannels: Int
  ) -> Int {
    base.packedHalvingCount(inputChannels: inputChannels, outputChannels: outputChannels)
  }

  public func packHalving(
    _ weights: Source, inputChannels: Int, outputChannels: Int, into packed: Destination
  ) {
    base.packHalving(
      weights, inputChannels: inputChannels, outputChannels: outputChannels, into: packed)
  }

  public func inputGradientHalving(
    _ dy: Source, packed: Source, _ shape: ConvolutionShape, into dx: Destination
  ) {
    base.inputGradientHalving(dy, packed: packed, shape, into: dx)
  }

  public func convolveDepthwise(
    _ x: Source, weights: Source, _ shape: DepthwiseShape, _ epilogue: ChannelEpilogue,
    into y: Destination
  ) {
    base.convolveDepthwise(x, weights: weights, shape, epilogue, into: y)
  }

  public func activate(
    _ x: Source, rows: Int, channels: Int, _ epilogue: ChannelEpilogue, into y: Destination
  ) {
    base.activate(x, rows: rows, channels: channels, epilogue, into: y)
  }

  public func activationGradient(
    _ y: Source, _ dy: Source, rows: Int, channels: Int, slopes: Source?, ceiling: Float,
    into dx: Destination
  ) {
    base.activationGradient(
      y, dy, rows: rows, channels: channels, slopes: slopes, ceiling: ceiling, into: dx)
  }

  public func channelSums(
    _ x: Source, rows: Int, channels: Int, into sums: UnsafeMutablePointer<Double>
  ) {
    base.channelSums(x, rows: rows, channels: channels, into: sums)
  }

  public func scaleShift(
    _ x: Source, rows: Int, channels: Int, scale: Source, shift: Source, slope: Float,
    into y: Destination
  ) {
    base.scaleShift(
      x, rows: rows, channels: channels, scale: scale, shift: shift, slope: slope, into: y)
  }

  public func scaleShiftSums(
    _ x: Source, _ dy: Source, rows: Int, channels: Int, scale: Source, shift: Source, slope: Float,
    into sums: UnsafeMutablePointer<Double>
  ) {
    base.scaleShiftSums(
      x, dy, rows: rows, channels: channels, scale: scale, shift: shift, slope: slope, into: sums)
  }

  public func scaleShiftGradient(
    _ x: Source, _ dy: Source, rows: Int, channels: Int, scale: Source, shift: Source, slope: Float,
    a: Source, b: Source, c: Source, into dx: Destination
  ) {
    base.scaleShiftGradient(
      x, dy, rows: rows, channels: channels, scale: scale, shift: shift, slope: slope, a: a, b: b,
      c: c, into: dx)
  }

  public func scaleShiftPool(
    _ x: Source, batch: Int, height: Int, width: Int, channels: Int, scale: Source, shift: Source,
    slope: Float, into y: Destination
  ) {
    base.scaleShiftPool(
      x, batch: batch, height: height, width: width, channels: channels, scale: scale, shift: shift,
      slope: slope, into: y)
  }

  public func scaleShiftPoolSums(
    _ x: Source, _ dy: Source, batch: Int, height: Int, width: Int, channels: Int, scale: Source,
    shift: Source, slope: Float, into sums: UnsafeMutablePointer<Double>
  ) {
    base.scaleShiftPoolSums(
      x, dy, batch: batch, height: height, width: width, channels: channels, scale: scale,
      shift: shift, slope: slope, into: sums)
  }

  public func scaleShiftPoolGradient(
    _ x: Source, _ dy: Source, batch: Int, height: Int, width: Int, channels: Int, scale: Source,
    shift: Source, slope: Float, a: Source, b: Source, c: Source, into dx: Destination
  ) {
    base.scaleShiftPoolGradient(
      x, dy, batch: batch, height: height, width: width, channels: channels, scale: scale,
      shift: shift, slope: slope, a: a, b: b, c: c, into: dx)
  }

  public func packedHalvingTilesCount(inputChannels: Int, outputChannels: Int) -> Int {
    base.packedHalvingTilesCount(inputChannels: inputChannels, outputChannels: outputChannels)
  }

  public func packHalvingTiles(
    _ weights: Source, inputChannels: Int, outputChannels: Int, into packed: Destination
  ) {
    base.packHalvingTiles(
      weights, inputChannels: inputChannels, outputChannels: outputChannels, into: packed)
  }

  public func convolveHalvingTiles(
    _ x: Source, packed: Source, _ shape: ConvolutionShape, bias: Source?, slope: Float,
    into y: Destination
  ) {
    base.convolveHalvingTiles(x, packed: packed, shape, bias: bias, slope: slope, into: y)
  }

  public func weightGradientHalvingTiles(
    _ x: Source, _ dy: Source, _ shape: ConvolutionShape, into dw: Destination
  ) {
    base.weightGradientHalvingTiles(x, dy, shape, into: dw)
  }

  public func inputGradientHalvingTiles(
    _ dy: Source, _ weights: Source, _ shape: ConvolutionShape, into dx: Destination
  ) {
    base.inputGradientHalvingTiles(dy, weights, shape, into: dx)
  }

  public func smooth(
    _ x: Source, batch: Int, height: Int, width: Int, channels: Int, transposed: Bool,
    into y: Destination
  ) {
    base.smooth(
      x, batch: batch, height: height, width: width, channels: channels, transposed: transposed,
      into: y)
  }

  public func maxPool(
    _ x: Source, batch: Int, height: Int, width: Int, channels: Int, into y: Destination
  ) {
    base.maxPool(x, batch: batch, height: height, width: width, channels: channels, into: y)
  }

  public func maxPoolGradient(
    _ x: Source, _ dy: Source, batch: Int, height: Int, width: Int, channels: Int,
    into dx: Destination
  ) {
    base.maxPoolGradient(
      x, dy, batch: batch, height: height, width: width, channels: channels, into: dx)
  }

  public func leakyGradient(
    _ y: Source, _ dy: Source, _ count: Int, slope: Float, into dx: Destination
  ) {
    base.leakyGradient(y, dy, count, slope: slope, into: dx)
  }

  public func hyperbolicTangent(
    _ x: Source, _ count: Int, into y: Destination
  ) {
    base.hyperbolicTangent(x, count, into: y)
  }

  public func softmax(
    _ logits: Destination, rows: Int, columns: Int, logSums: UnsafeMutablePointer<Double>
  ) {
    base.softmax(logits, rows: rows, columns: columns, logSums: logSums)
  }

  public func adam(
    _ w: Destination, _ m: Destination, _ v: Destination, _ gradient: Source, _ count: Int,
    rate: Float, beta1: Float, beta2: Float, epsilon: Float, decay: Float
  ) {
    base.adam(
      w, m, v, gradient, count, rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon,
      decay: decay)
  }

  public func momentumDescent(
    _ w: Destination, _ v: Destination, _ gradient: Source, _ count: Int, rate: Float,
    momentum: Float, decay: Float
  ) {
    base.momentumDescent(w, v, gradient, count, rate: rate, momentum: momentum, decay: decay)
  }
}
