internal import KernelSupport

// The two-dimensional transforms, one vector of channels at a time. The schemes share the bodies at
// the end; each scheme's use is a function of its own, so that its loops unroll into registers.

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
  case .upsampling:
    spread(
      UpsampledFourThree.outputGradient, s, rowStride, pixelStride, channels, target, pointStride)
  case .summing:
    preconditionFailure("the weights of a summing convolution have no gradient")
  }
}

/// Transforms one row of padded weights, `[3][3][…][width]` with taps `tapStride` apart.
@inline(never)
func weightTile(
  _ scheme: WinogradScheme, _ w: Source, _ tapStride: Int, _ width: Int, _ flipped: Bool,
  _ target: Destination, _ depth: Int, _ pointStride: Int
) {
  switch scheme {
  case .two:
    spread(TwoThree.weights, w, tapStride, width, flipped, target, depth, pointStride)
  case .four:
    spread(FourThree.weights, w, tapStride, width, flipped, target, depth, pointStride)
  case .upsampling, .summing:
    spread(UpsampledFourThree.weights, w, tapStride, width, flipped, target, depth, pointStride)
  }
}

/// Adds up `groups` partial sums and transforms them to the gradients of nine weights.
@inline(never)
func weightGradientTile(
  _ scheme: WinogradScheme, _ sums: Source, _ pointStride: Int, _ groups: Int,
  _ groupStride: Int, _ channels: Int, _ dw: Destination, _ tapStride: Int
) {
  switch scheme {
  case .two:
    gather(
      TwoThree.weightGradient, sums, pointStride, groups, groupStride, channels, dw, tapStride)
  case .four:
    gather(
      FourThree.weightGradient, sums, pointStride, groups, groupStride, channels, dw, tapStride)
  case .upsampling:
    gather(
      UpsampledFourThree.weightGradient, sums, pointStride, groups, groupStride, channels, dw,
      tapStride)
  case .summing:
    preconditionFailure("the weights of a summing convolution have no gradient")
  }
}

/// Where an output tile goes, and what happens to it on the way.
struct OutputTarget {
  var start: Destination
  var rowStride, pixelStride: Int
  var bias: Source?
  var slope: Float
  var isPooled: Bool
  /// Sums of the channels, and `sumStride` further of their squares.
  var sums: Destination?
  var sumStride: Int
}

@inline(never)
func outputTile(
  _ scheme: WinogradScheme, _ s: Source, _ pointStride: Int, _ channels: Int, _ t: OutputTarget
) {
  switch scheme {
  case .two: collect(TwoThree.output, s, pointStride, channels, t)
  case .four: collect(FourThree.output, s, pointStride, channels, t)
  case .upsampling: collect(UpsampledFourThree.output, s, pointStride, channels, t)
  case .summing: collect(SummedFourThree.output, s, pointStride, channels, t)
  }
}

/// Pixels to points.
@inline(__always)
private func spread<let n: Int, let m: Int>(
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

/// Nine weights to points, in panels.
@inline(__always)
private func spread<let m: Int>(
  _ transform: (Three) -> InlineArray<m, Vector>, _ w: Source, _ tapStride: Int, _ width: Int,
  _ flipped: Bool, _ target: Destination, _ depth: Int, _ pointStride: Int
) {
  let (start, sign) = flipped ? (8, -1) : (0, 1)
  for c in stride(from: 0, to: width, by: lanes) {
    let column = c / panel * panel &* depth &+ c % panel
    transformTile(transform) {
      load(w + (c &+ (start &+ sign &* ($0 &* 3 &+ $1)) &* tapStride))
    } store: {
      store($2, target + (column &+ ($0 &* m &+ $1) &* pointStride))
    }
  }
}

@inline(__always)
private func gather<let n: Int>(
  _ transform: (InlineArray<n, Vector>) -> Three, _ sums: Source, _ pointStride: Int,
  _ groups: Int, _ groupStride: Int, _ channels: Int, _ dw: Destination, _ tapStride: Int
) {
  for c in stride(from: 0, to: channels, by: lanes) {
    let rest = min(lanes, channels - c)
    transformTile(transform) {
      let p = sums + (c &+ ($0 &* n &+ $1) &* pointStride)
      var v = load(p)
      for g in 1..<max(1, groups) { v += load(p + g &* groupStride) }
      return v
    } store: {
      let p = dw + (c &+ ($0 &* 3 &+ $1) &* tapStride)
      if rest == lanes { store($2, p) } else { store($2, p, first: rest) }
    }
  }
}

/// Points to pixels, through the epilogue.
@inline(__always)
private func collect<let n: Int, let m: Int>(
  _ transform: (InlineArray<n, Vector>) -> InlineArray<m, Vector>, _ s: Source,
  _ pointStride: Int, _ channels: Int, _ t: OutputTarget
) {
  let slopes = splat(t.slope)
  for c in stride(from: 0, to: channels, by: lanes) {
    let offset = t.bias.map { load($0 + c) } ?? splat(0)
    let target = t.start + c
    if let sums = t.sums {
      var (sum, squares) = (load(sums + c), load(sums + (c &+ t.sumStride)))
      transformTile(transform) {
        load(s + (c &+ ($0 &* n &+ $1) &* pointStride))
      } store: {
        sum += $2
        multiplyAdd(&squares, $2, $2)
        store($2, target + ($0 &* t.rowStride &+ $1 &* t.pixelStride))
      }
      store(sum, sums + c)
      store(squares, sums + (c &+ t.sumStride))
    } else if t.isPooled {
      var upper = InlineArray<m, Vector>(repeating: splat(0))
      var left = splat(0)
      transformTile(transform) {
        load(s + (c &+ ($0 &* n &+ $1) &* pointStride))
      } store: { row, column, v in
        let z = leaky(v + offset, slopes)
        if column & 1 == 0 {
          left = z
        } else if row & 1 == 0 {
          upper[unchecked: column] = larger(left, z)
        } else {
          store(
            larger(upper[unchecked: column], larger(left, z)),
            target + ((row >> 1) &* t.rowStride &+ (column >> 1) &* t.pixelStride))
        }
      }
    } else if t.slope == 1 {
      transformTile(transform) {
        load(s + (c &+ ($0 &* n &+ $1) &* pointStride))
      } store: {
        store($2 + offset, target + ($0 &* t.rowStride &+ $1 &* t.pixelStride))
      }
    } else {
      transformTile(transform) {
        load(s + (c &+ ($0 &* n &+ $1) &* pointStride))
      } store: {
        store(leaky($2 + offset, slopes), target + ($0 &* t.rowStride &+ $1 &* t.pixelStride))
      }
    }
  }
}
