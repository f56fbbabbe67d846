internal import KernelSupport

// Pixels to points, one vector of channels at a time.

@inline(never)
func inputTile(
  _ scheme: WinogradScheme, _ s: Source, _ rowStride: Int, _ pixelStride: Int, _ channels: Int,
  _ target: Destination, _ pointStride: Int
) {
  switch scheme {
  case .two:
    spread(TwoThree.input, s, rowStride, pixelStride, channels, target, pointStride)
  case .four:
    spread(FourThree.input, s, rowStride, pixelStride, channels, target, pointStride)
  case .five:
    spread(FiveThree.input, s, rowStride, pixelStride, channels, target, pointStride)
  case .upsampling:
    spread(UpsampledFourThree.input, s, rowStride, pixelStride, channels, target, pointStride)
  case .summing:
    spread(SummedFourThree.input, s, rowStride, pixelStride, channels, target, pointStride)
  }
}

@inline(never)
func outputGradientTile(
  _ scheme: WinogradScheme, _ s: Source, _ rowStride: Int, _ pixelStride: Int, _ channels: Int,
  _ target: Destination, _ pointStride: Int
) {
  switch scheme {
  case .two:
    spread(TwoThree.outputGradient, s, rowStride, pixelStride, channels, target, pointStride)
  case .four:
    spread(FourThree.outputGradient, s, rowStride, pixelStride, channels, target, pointStride)
  case .five:
    spread(FiveThree.outputGradient, s, rowStride, pixelStride, channels, target, pointStride)
  case .upsampling:
    spread(
      UpsampledFourThree.outputGradient, s, rowStride, pixelStride, channels, target, pointStride)
  case .summing:
    preconditionFailure("the weights of a summing convolution have no gradient")
  }
}

/// Pixels to points.
@inline(__always)
func spread<let n: Int, let m: Int>(
  _ transform: (InlineArray<n, Vector>) -> InlineArray<m, Vector>, _ s: Source, _ rowStride: Int,
  _ pixelStride: Int, _ channels: Int, _ target: Destination, _ pointStride: Int
) {
  for c in stride(from: 0, to: channels, by: lanes) {
    transformTile(transform) {
      load(s + (c &+ $0 &* rowStride &+ $1 &* pixelStride))
    } store: {
      store($2, target + (c &+ ($0 &* m &+ $1) &* pointStride))
    }
  }
}
