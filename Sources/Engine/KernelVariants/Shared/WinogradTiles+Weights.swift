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
