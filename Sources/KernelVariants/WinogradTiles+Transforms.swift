internal import KernelSupport

// The two-dimensional transforms, one vector of channels at a time. Both tile sizes share the
// bodies below; each size is one function, so that its loops unroll into registers.

@inline(never)
func inputTile4(
  _ s: Source, _ rowStride: Int, _ pixelStride: Int, _ channels: Int, _ target: Destination,
  _ pointStride: Int
) {
  for c in stride(from: 0, to: channels, by: lanes) {
    transformTile(FourThree.input) {
      load(s + (c &+ $0 &* rowStride &+ $1 &* pixelStride))
    } store: {
      store($2, target + (c &+ ($0 &* 6 &+ $1) &* pointStride))
    }
  }
}

@inline(never)
func outputGradientTile4(
  _ s: Source, _ rowStride: Int, _ pixelStride: Int, _ channels: Int, _ target: Destination,
  _ pointStride: Int
) {
  for c in stride(from: 0, to: channels, by: lanes) {
    transformTile(FourThree.outputGradient) {
      load(s + (c &+ $0 &* rowStride &+ $1 &* pixelStride))
    } store: {
      store($2, target + (c &+ ($0 &* 6 &+ $1) &* pointStride))
    }
  }
}

@inline(never)
func outputTile4(
  _ s: Source, _ pointStride: Int, _ channels: Int, _ target: Destination, _ rowStride: Int,
  _ pixelStride: Int, _ bias: Source?, _ slope: Float
) {
  let slopes = splat(slope)
  for c in stride(from: 0, to: channels, by: lanes) {
    let offset = bias.map { load($0 + c) } ?? splat(0)
    if slope == 1 {
      transformTile(FourThree.output) {
        load(s + (c &+ ($0 &* 6 &+ $1) &* pointStride))
      } store: {
        store($2 + offset, target + (c &+ $0 &* rowStride &+ $1 &* pixelStride))
      }
    } else {
      transformTile(FourThree.output) {
        load(s + (c &+ ($0 &* 6 &+ $1) &* pointStride))
      } store: {
        store(leaky($2 + offset, slopes), target + (c &+ $0 &* rowStride &+ $1 &* pixelStride))
      }
    }
  }
}

/// Transforms one row of padded weights, `[3][3][…][width]` with taps `tapStride` apart.
@inline(never)
func weightTile4(
  _ w: Source, _ tapStride: Int, _ width: Int, _ flipped: Bool, _ target: Destination,
  _ depth: Int, _ pointStride: Int
) {
  let (start, sign) = flipped ? (8, -1) : (0, 1)
  for c in stride(from: 0, to: width, by: lanes) {
    let column = c / panel * panel &* depth &+ c % panel
    transformTile(FourThree.weights) {
      load(w + (c &+ (start &+ sign &* ($0 &* 3 &+ $1)) &* tapStride))
    } store: {
      store($2, target + (column &+ ($0 &* 6 &+ $1) &* pointStride))
    }
  }
}

/// Adds up `groups` partial sums and transforms them to the gradients of nine weights.
@inline(never)
func weightGradientTile4(
  _ sums: Source, _ pointStride: Int, _ groups: Int, _ groupStride: Int, _ channels: Int,
  _ dw: Destination, _ tapStride: Int
) {
  for c in stride(from: 0, to: channels, by: lanes) {
    let rest = min(lanes, channels - c)
    transformTile(FourThree.weightGradient) {
      let p = sums + (c &+ ($0 &* 6 &+ $1) &* pointStride)
      var v = load(p)
      for g in 1..<max(1, groups) { v += load(p + g &* groupStride) }
      return v
    } store: {
      let p = dw + (c &+ ($0 &* 3 &+ $1) &* tapStride)
      if rest == lanes { store($2, p) } else { store($2, p, first: rest) }
    }
  }
}

@inline(never)
func inputTile2(
  _ s: Source, _ rowStride: Int, _ pixelStride: Int, _ channels: Int, _ target: Destination,
  _ pointStride: Int
) {
  for c in stride(from: 0, to: channels, by: lanes) {
    transformTile(TwoThree.input) {
      load(s + (c &+ $0 &* rowStride &+ $1 &* pixelStride))
    } store: {
      store($2, target + (c &+ ($0 &* 4 &+ $1) &* pointStride))
    }
  }
}

@inline(never)
func outputGradientTile2(
  _ s: Source, _ rowStride: Int, _ pixelStride: Int, _ channels: Int, _ target: Destination,
  _ pointStride: Int
) {
  for c in stride(from: 0, to: channels, by: lanes) {
    transformTile(TwoThree.outputGradient) {
      load(s + (c &+ $0 &* rowStride &+ $1 &* pixelStride))
    } store: {
      store($2, target + (c &+ ($0 &* 4 &+ $1) &* pointStride))
    }
  }
}

@inline(never)
func outputTile2(
  _ s: Source, _ pointStride: Int, _ channels: Int, _ target: Destination, _ rowStride: Int,
  _ pixelStride: Int, _ bias: Source?, _ slope: Float
) {
  let slopes = splat(slope)
  for c in stride(from: 0, to: channels, by: lanes) {
    let offset = bias.map { load($0 + c) } ?? splat(0)
    if slope == 1 {
      transformTile(TwoThree.output) {
        load(s + (c &+ ($0 &* 4 &+ $1) &* pointStride))
      } store: {
        store($2 + offset, target + (c &+ $0 &* rowStride &+ $1 &* pixelStride))
      }
    } else {
      transformTile(TwoThree.output) {
        load(s + (c &+ ($0 &* 4 &+ $1) &* pointStride))
      } store: {
        store(leaky($2 + offset, slopes), target + (c &+ $0 &* rowStride &+ $1 &* pixelStride))
      }
    }
  }
}

/// Transforms one row of padded weights, `[3][3][…][width]` with taps `tapStride` apart.
@inline(never)
func weightTile2(
  _ w: Source, _ tapStride: Int, _ width: Int, _ flipped: Bool, _ target: Destination,
  _ depth: Int, _ pointStride: Int
) {
  let (start, sign) = flipped ? (8, -1) : (0, 1)
  for c in stride(from: 0, to: width, by: lanes) {
    let column = c / panel * panel &* depth &+ c % panel
    transformTile(TwoThree.weights) {
      load(w + (c &+ (start &+ sign &* ($0 &* 3 &+ $1)) &* tapStride))
    } store: {
      store($2, target + (column &+ ($0 &* 4 &+ $1) &* pointStride))
    }
  }
}

/// Adds up `groups` partial sums and transforms them to the gradients of nine weights.
@inline(never)
func weightGradientTile2(
  _ sums: Source, _ pointStride: Int, _ groups: Int, _ groupStride: Int, _ channels: Int,
  _ dw: Destination, _ tapStride: Int
) {
  for c in stride(from: 0, to: channels, by: lanes) {
    let rest = min(lanes, channels - c)
    transformTile(TwoThree.weightGradient) {
      let p = sums + (c &+ ($0 &* 4 &+ $1) &* pointStride)
      var v = load(p)
      for g in 1..<max(1, groups) { v += load(p + g &* groupStride) }
      return v
    } store: {
      let p = dw + (c &+ ($0 &* 3 &+ $1) &* tapStride)
      if rest == lanes { store($2, p) } else { store($2, p, first: rest) }
    }
  }
}
