internal import KernelSupport

// Products to pixels, through the epilogue. One function a scheme and use: a transform that is passed
// as a value is not inlined here, and then its registers go through memory.

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

  @inline(__always) func place(_ channel: Int, _ row: Int, _ column: Int) -> Destination {
    start + (channel &+ row &* rowStride &+ column &* pixelStride)
  }

  @inline(__always) func offset(_ channel: Int) -> Vector {
    bias.map { load($0 + channel) } ?? splat(0)
  }

  /// Stores the largest of each 2×2 block of finished pixels.
  @inline(__always)
  func storePooled<let m: Int>(
    _ pixels: InlineArray<m, InlineArray<m, Vector>>, _ channel: Int
  ) {
    for i in 0..<m / 2 {
      for j in 0..<m / 2 {
        let (y, x) = (2 &* i, 2 &* j)
        let top = larger(
          pixels[unchecked: y][unchecked: x], pixels[unchecked: y][unchecked: x &+ 1])
        let bottom = larger(
          pixels[unchecked: y &+ 1][unchecked: x], pixels[unchecked: y &+ 1][unchecked: x &+ 1])
        store(larger(top, bottom), place(channel, i, j))
      }
    }
  }
}

/// Transforms the products of one tile.
func outputTile(
  _ scheme: WinogradScheme, _ s: Source, _ pointStride: Int, _ channels: Int, _ t: OutputTarget
) {
  switch (scheme, t.sums, t.isPooled) {
  case (.two, let sums?, _): sumTwo(s, pointStride, channels, t, sums)
  case (.two, nil, false): outputTwo(s, pointStride, channels, t)
  case (.two, nil, true): poolTwo(s, pointStride, channels, t)
  case (.four, let sums?, _): sumFour(s, pointStride, channels, t, sums)
  case (.four, nil, false): outputFour(s, pointStride, channels, t)
  case (.four, nil, true): poolFour(s, pointStride, channels, t)
  case (.five, let sums?, _): sumFive(s, pointStride, channels, t, sums)
  case (.five, nil, false): outputFive(s, pointStride, channels, t)
  case (.five, nil, true): preconditionFailure("tiles of five pixels have no 2×2 blocks")
  case (.upsampling, let sums?, _): sumUpsampling(s, pointStride, channels, t, sums)
  case (.upsampling, nil, false): outputUpsampling(s, pointStride, channels, t)
  case (.upsampling, nil, true): poolUpsampling(s, pointStride, channels, t)
  case (.summing, _, _): outputSumming(s, pointStride, channels, t)
  }
}

@inline(never)
private func outputTwo(_ s: Source, _ pointStride: Int, _ channels: Int, _ t: OutputTarget) {
  let slopes = splat(t.slope)
  for c in stride(from: 0, to: channels, by: lanes) {
    let offset = t.offset(c)
    transformTile(TwoThree.output) {
      load(s + (c &+ ($0 &* 4 &+ $1) &* pointStride))
    } store: {
      store(leaky($2 + offset, slopes), t.place(c, $0, $1))
    }
  }
}

@inline(never)
private func sumTwo(
  _ s: Source, _ pointStride: Int, _ channels: Int, _ t: OutputTarget, _ sums: Destination
) {
  for c in stride(from: 0, to: channels, by: lanes) {
    var (sum, squares) = (load(sums + c), load(sums + (c &+ t.sumStride)))
    transformTile(TwoThree.output) {
      load(s + (c &+ ($0 &* 4 &+ $1) &* pointStride))
    } store: {
      sum += $2
      multiplyAdd(&squares, $2, $2)
      store($2, t.place(c, $0, $1))
    }
    store(sum, sums + c)
    store(squares, sums + (c &+ t.sumStride))
  }
}

@inline(never)
private func poolTwo(_ s: Source, _ pointStride: Int, _ channels: Int, _ t: OutputTarget) {
  let slopes = splat(t.slope)
  for c in stride(from: 0, to: channels, by: lanes) {
    let offset = t.offset(c)
    var pixels = InlineArray<2, InlineArray<2, Vector>>(
      repeating: InlineArray<2, Vector>(repeating: splat(0)))
    transformTile(TwoThree.output) {
      load(s + (c &+ ($0 &* 4 &+ $1) &* pointStride))
    } store: {
      pixels[unchecked: $0][unchecked: $1] = leaky($2 + offset, slopes)
    }
    t.storePooled(pixels, c)
  }
}

@inline(never)
private func outputFour(_ s: Source, _ pointStride: Int, _ channels: Int, _ t: OutputTarget) {
  let slopes = splat(t.slope)
  for c in stride(from: 0, to: channels, by: lanes) {
    let offset = t.offset(c)
    transformTile(FourThree.output) {
      load(s + (c &+ ($0 &* 6 &+ $1) &* pointStride))
    } store: {
      store(leaky($2 + offset, slopes), t.place(c, $0, $1))
    }
  }
}

@inline(never)
private func sumFour(
  _ s: Source, _ pointStride: Int, _ channels: Int, _ t: OutputTarget, _ sums: Destination
) {
  for c in stride(from: 0, to: channels, by: lanes) {
    var (sum, squares) = (load(sums + c), load(sums + (c &+ t.sumStride)))
    transformTile(FourThree.output) {
      load(s + (c &+ ($0 &* 6 &+ $1) &* pointStride))
    } store: {
      sum += $2
      multiplyAdd(&squares, $2, $2)
      store($2, t.place(c, $0, $1))
    }
    store(sum, sums + c)
    store(squares, sums + (c &+ t.sumStride))
  }
}

@inline(never)
private func poolFour(_ s: Source, _ pointStride: Int, _ channels: Int, _ t: OutputTarget) {
  let slopes = splat(t.slope)
  for c in stride(from: 0, to: channels, by: lanes) {
    let offset = t.offset(c)
    var pixels = InlineArray<4, InlineArray<4, Vector>>(
      repeating: InlineArray<4, Vector>(repeating: splat(0)))
    transformTile(FourThree.output) {
      load(s + (c &+ ($0 &* 6 &+ $1) &* pointStride))
    } store: {
      pixels[unchecked: $0][unchecked: $1] = leaky($2 + offset, slopes)
    }
    t.storePooled(pixels, c)
  }
}

@inline(never)
private func outputFive(_ s: Source, _ pointStride: Int, _ channels: Int, _ t: OutputTarget) {
  let slopes = splat(t.slope)
  for c in stride(from: 0, to: channels, by: lanes) {
    let offset = t.offset(c)
    transformTile(FiveThree.output) {
      load(s + (c &+ ($0 &* 7 &+ $1) &* pointStride))
    } store: {
      store(leaky($2 + offset, slopes), t.place(c, $0, $1))
    }
  }
}

@inline(never)
private func sumFive(
  _ s: Source, _ pointStride: Int, _ channels: Int, _ t: OutputTarget, _ sums: Destination
) {
  for c in stride(from: 0, to: channels, by: lanes) {
    var (sum, squares) = (load(sums + c), load(sums + (c &+ t.sumStride)))
    transformTile(FiveThree.output) {
      load(s + (c &+ ($0 &* 7 &+ $1) &* pointStride))
    } store: {
      sum += $2
      multiplyAdd(&squares, $2, $2)
      store($2, t.place(c, $0, $1))
    }
    store(sum, sums + c)
    store(squares, sums + (c &+ t.sumStride))
  }
}

@inline(never)
private func outputUpsampling(_ s: Source, _ pointStride: Int, _ channels: Int, _ t: OutputTarget) {
  let slopes = splat(t.slope)
  for c in stride(from: 0, to: channels, by: lanes) {
    let offset = t.offset(c)
    transformTile(UpsampledFourThree.output) {
      load(s + (c &+ ($0 &* 5 &+ $1) &* pointStride))
    } store: {
      store(leaky($2 + offset, slopes), t.place(c, $0, $1))
    }
  }
}

@inline(never)
private func sumUpsampling(
  _ s: Source, _ pointStride: Int, _ channels: Int, _ t: OutputTarget, _ sums: Destination
) {
  for c in stride(from: 0, to: channels, by: lanes) {
    var (sum, squares) = (load(sums + c), load(sums + (c &+ t.sumStride)))
    transformTile(UpsampledFourThree.output) {
      load(s + (c &+ ($0 &* 5 &+ $1) &* pointStride))
    } store: {
      sum += $2
      multiplyAdd(&squares, $2, $2)
      store($2, t.place(c, $0, $1))
    }
    store(sum, sums + c)
    store(squares, sums + (c &+ t.sumStride))
  }
}

@inline(never)
private func poolUpsampling(_ s: Source, _ pointStride: Int, _ channels: Int, _ t: OutputTarget) {
  let slopes = splat(t.slope)
  for c in stride(from: 0, to: channels, by: lanes) {
    let offset = t.offset(c)
    var pixels = InlineArray<4, InlineArray<4, Vector>>(
      repeating: InlineArray<4, Vector>(repeating: splat(0)))
    transformTile(UpsampledFourThree.output) {
      load(s + (c &+ ($0 &* 5 &+ $1) &* pointStride))
    } store: {
      pixels[unchecked: $0][unchecked: $1] = leaky($2 + offset, slopes)
    }
    t.storePooled(pixels, c)
  }
}

@inline(never)
private func outputSumming(_ s: Source, _ pointStride: Int, _ channels: Int, _ t: OutputTarget) {
  let slopes = splat(t.slope)
  for c in stride(from: 0, to: channels, by: lanes) {
    let offset = t.offset(c)
    transformTile(SummedFourThree.output) {
      load(s + (c &+ ($0 &* 5 &+ $1) &* pointStride))
    } store: {
      store(leaky($2 + offset, slopes), t.place(c, $0, $1))
    }
  }
}
