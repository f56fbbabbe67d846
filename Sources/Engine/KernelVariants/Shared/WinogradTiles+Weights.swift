internal import KernelSupport

// Weights to points, and sums at points to gradients of weights. One function a scheme: a transform that is passed as a value is not inlined
// here, and then its registers go through memory.

/// Where the transformed weights of one input channel go.
struct WeightTarget {
  let start: Destination
  /// From panel to panel, in panels: the count of input channels.
  let depth: Int
  let pointStride: Int
  /// Whether the taps are read turned by 180 degrees.
  let isFlipped: Bool

  /// The place of tap (row, column) among nine.
  @inline(__always) func tap(_ row: Int, _ column: Int) -> Int {
    let place = row &* 3 &+ column
    return isFlipped ? 8 &- place : place
  }

  @inline(__always) func column(_ c: Int) -> Destination {
    start + (c / panel * panel &* depth &+ c % panel)
  }
}

/// Transforms one row of `width` weights, whole vectors, whose nine taps are `tapStride` apart.
func weightTile(
  _ scheme: WinogradScheme, _ w: Source, _ tapStride: Int, _ width: Int, _ target: WeightTarget
) {
  switch scheme {
  case .two: weightsTwo(w, tapStride, width, target)
  case .four: weightsFour(w, tapStride, width, target)
  case .five: weightsFive(w, tapStride, width, target)
  case .upsampling, .summing: weightsUpsampling(w, tapStride, width, target)
  }
}

@inline(never)
private func weightsTwo(
  _ w: Source, _ tapStride: Int, _ width: Int, _ t: WeightTarget
) {
  for c in stride(from: 0, to: width, by: lanes) {
    let target = t.column(c)
    transformTile(TwoThree.weights) {
      load(w + (c &+ t.tap($0, $1) &* tapStride))
    } store: {
      store($2, target + ($0 &* 4 &+ $1) &* t.pointStride)
    }
  }
}

@inline(never)
private func weightsFour(
  _ w: Source, _ tapStride: Int, _ width: Int, _ t: WeightTarget
) {
  for c in stride(from: 0, to: width, by: lanes) {
    let target = t.column(c)
    transformTile(FourThree.weights) {
      load(w + (c &+ t.tap($0, $1) &* tapStride))
    } store: {
      store($2, target + ($0 &* 6 &+ $1) &* t.pointStride)
    }
  }
}

@inline(never)
private func weightsFive(
  _ w: Source, _ tapStride: Int, _ width: Int, _ t: WeightTarget
) {
  for c in stride(from: 0, to: width, by: lanes) {
    let target = t.column(c)
    transformTile(FiveThree.weights) {
      load(w + (c &+ t.tap($0, $1) &* tapStride))
    } store: {
      store($2, target + ($0 &* 7 &+ $1) &* t.pointStride)
    }
  }
}

@inline(never)
private func weightsUpsampling(
  _ w: Source, _ tapStride: Int, _ width: Int, _ t: WeightTarget
) {
  for c in stride(from: 0, to: width, by: lanes) {
    let target = t.column(c)
    transformTile(UpsampledFourThree.weights) {
      load(w + (c &+ t.tap($0, $1) &* tapStride))
    } store: {
      store($2, target + ($0 &* 5 &+ $1) &* t.pointStride)
    }
  }
}

/// A panel of weights that is transformed where it is used, some input channels at a time.
///
/// Distances are known when the code is compiled: those of 36 points would not fit in registers.
enum StreamedWeights {
  /// Input channels at a time.
  @inline(__always) static var piece: Int { 48 }
  /// From point to point.
  @inline(__always) static var pointStride: Int { spaced(piece * panel) }

  /// Transforms the taps of `count` ≤ `piece` input channels, as `packTaps` leaves them.
  static func transform(
    _ scheme: WinogradScheme, _ taps: Source, _ count: Int, into target: Destination
  ) {
    switch scheme {
    case .two: two(taps, count, target)
    case .four: four(taps, count, target)
    case .five: five(taps, count, target)
    case .upsampling, .summing: upsampling(taps, count, target)
    }
  }

  @inline(never)
  private static func two(_ taps: Source, _ count: Int, _ target: Destination) {
    spread(TwoThree.weights, taps, count, target)
  }

  @inline(never)
  private static func four(_ taps: Source, _ count: Int, _ target: Destination) {
    spread(FourThree.weights, taps, count, target)
  }

  @inline(never)
  private static func five(_ taps: Source, _ count: Int, _ target: Destination) {
    spread(FiveThree.weights, taps, count, target)
  }

  @inline(never)
  private static func upsampling(_ taps: Source, _ count: Int, _ target: Destination) {
    spread(UpsampledFourThree.weights, taps, count, target)
  }

  @inline(__always)
  private static func spread<let m: Int>(
    _ transform: (Three) -> InlineArray<m, Vector>, _ taps: Source, _ count: Int,
    _ target: Destination
  ) {
    var (source, target) = (taps, target)
    for _ in 0..<count {
      for c in Swift.stride(from: 0, to: panel, by: lanes) {
        transformTile(transform) {
          load(source + (($0 &* 3 &+ $1) &* panel &+ c))
        } store: {
          store($2, target + (($0 &* m &+ $1) &* pointStride &+ c))
        }
      }
      source += 9 &* panel
      target += panel
    }
  }
}

/// The sums of products of groups of tiles.
struct WeightSums {
  let start: Source
  let pointStride: Int
  let groups, groupStride: Int

  /// The sum of all groups at a channel and a point.
  @inline(__always) func sum(_ channel: Int, _ point: Int) -> Vector {
    let p = start + (channel &+ point &* pointStride)
    var v = load(p)
    for g in 1..<max(1, groups) { v += load(p + g &* groupStride) }
    return v
  }
}

/// Transforms the sums of one row of weights to the gradients of nine taps, `tapStride` apart.
func weightGradientTile(
  _ scheme: WinogradScheme, _ sums: WeightSums, _ channels: Int, _ dw: Destination,
  _ tapStride: Int
) {
  switch scheme {
  case .two: gradientsTwo(sums, channels, dw, tapStride)
  case .four: gradientsFour(sums, channels, dw, tapStride)
  case .five: gradientsFive(sums, channels, dw, tapStride)
  case .upsampling: gradientsUpsampling(sums, channels, dw, tapStride)
  case .summing: preconditionFailure("the weights of a summing convolution have no gradient")
  }
}

@inline(never)
private func gradientsTwo(
  _ sums: WeightSums, _ channels: Int, _ dw: Destination, _ tapStride: Int
) {
  for c in stride(from: 0, to: channels, by: lanes) {
    let few = min(lanes, channels - c)
    transformTile(TwoThree.weightGradient) {
      sums.sum(c, $0 &* 4 &+ $1)
    } store: {
      storeSome($2, dw + (c &+ ($0 &* 3 &+ $1) &* tapStride), few)
    }
  }
}

@inline(never)
private func gradientsFour(
  _ sums: WeightSums, _ channels: Int, _ dw: Destination, _ tapStride: Int
) {
  for c in stride(from: 0, to: channels, by: lanes) {
    let few = min(lanes, channels - c)
    transformTile(FourThree.weightGradient) {
      sums.sum(c, $0 &* 6 &+ $1)
    } store: {
      storeSome($2, dw + (c &+ ($0 &* 3 &+ $1) &* tapStride), few)
    }
  }
}

@inline(never)
private func gradientsFive(
  _ sums: WeightSums, _ channels: Int, _ dw: Destination, _ tapStride: Int
) {
  for c in stride(from: 0, to: channels, by: lanes) {
    let few = min(lanes, channels - c)
    transformTile(FiveThree.weightGradient) {
      sums.sum(c, $0 &* 7 &+ $1)
    } store: {
      storeSome($2, dw + (c &+ ($0 &* 3 &+ $1) &* tapStride), few)
    }
  }
}

@inline(never)
private func gradientsUpsampling(
  _ sums: WeightSums, _ channels: Int, _ dw: Destination, _ tapStride: Int
) {
  for c in stride(from: 0, to: channels, by: lanes) {
    let few = min(lanes, channels - c)
    transformTile(UpsampledFourThree.weightGradient) {
      sums.sum(c, $0 &* 5 &+ $1)
    } store: {
      storeSome($2, dw + (c &+ ($0 &* 3 &+ $1) &* tapStride), few)
    }
  }
}
