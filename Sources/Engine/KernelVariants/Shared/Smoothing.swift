public import KernelSupport

/// y = ((a + 2b) + c) / 4, in this order.
@inline(__always)
private func weigh(_ a: Source, _ b: Source, _ c: Source, _ count: Int, into y: Destination) {
  let (zero, half, quarter) = (splat(0), splat(0.5), splat(0.25))
  eachVector(count) { i, few in
    let sum =
      zero + quarter * loadSome(a + i, few) + half * loadSome(b + i, few)
      + quarter * loadSome(c + i, few)
    storeSome(sum, y + i, few)
  }
}

/// A row of pixels, each weighed with its neighbours; the ends repeat.
@inline(__always)
private func weighRow(_ x: Source, _ width: Int, _ channels: Int, into y: Destination) {
  let last = (width - 1) * channels
  weigh(x, x, x + min(channels, last), channels, into: y)
  if width > 2 { weigh(x, x + channels, x + 2 * channels, last - channels, into: y + channels) }
  if width > 1 { weigh(x + last - channels, x + last, x + last, channels, into: y + last) }
}

/// The adjoint of `weighRow`: the same weights, added up from the right; what an end's repetition was
/// given comes last.
@inline(__always)
private func spreadRow(_ x: Source, _ width: Int, _ channels: Int, into y: Destination) {
  let last = (width - 1) * channels
  if width > 1 { weigh(x + channels, x, x, channels, into: y) }
  if width > 2 { weigh(x + 2 * channels, x + channels, x, last - channels, into: y + channels) }
  let (zero, half, quarter) = (splat(0), splat(0.5), splat(0.25))
  let (end, before) = (x + last, x + max(0, last - channels))
  eachVector(channels) { i, few in
    let own = loadSome(end + i, few)
    storeSome(
      zero + half * own + quarter * loadSome(before + i, few) + quarter * own, y + last + i, few)
  }
}

extension Kernels {
  public func smooth(
    _ x: Source, batch: Int, height: Int, width: Int, channels: Int, transposed: Bool,
    into y: Destination
  ) {
    let (line, band) = (width * channels, 16)
    let bands = (height + band - 1) / band
    WorkerPool.shared.forEachUnchecked(batch * bands) { index in
      let (picture, part) = index.quotientAndRemainder(dividingBy: bands)
      let (source, target) = (x + picture * height * line, y + picture * height * line)
      let rows = part * band..<min(height, (part + 1) * band)
      BufferPool.withScratch(3 * line) { scratch in
        if transposed {
          // Rows that were spread, each at its place modulo three.
          var next = max(0, rows.lowerBound - 1)
          for row in rows {
            let (above, below) = (max(0, row - 1), min(height - 1, row + 1))
            while next <= below {
              spreadRow(source + next * line, width, channels, into: scratch + next % 3 * line)
              next += 1
            }
            weigh(
              scratch + above % 3 * line, scratch + row % 3 * line, scratch + below % 3 * line,
              line, into: target + row * line)
          }
        } else {
          for row in rows {
            let (above, below) = (max(0, row - 1), min(height - 1, row + 1))
            weigh(
              source + above * line, source + row * line, source + below * line, line,
              into: scratch)
            weighRow(scratch, width, channels, into: target + row * line)
          }
        }
      }
    }
  }
}
