public import KernelSupport
private import Glibc

/// Slopes and ceiling of one vector of channels.
@inline(__always)
func activated(_ v: Vector, _ slopes: Vector, _ ceiling: Vector) -> Vector {
  let bent = leaky(v, slopes)
  return bent.replacing(with: ceiling, where: bent .> ceiling)
}

/// The slopes of one vector of channels: 1 where there is no activation.
@inline(__always)
func slopes(_ epilogue: ChannelEpilogue, _ channel: Int, _ few: Int) -> Vector {
  epilogue.slopes.map { loadSome($0 + channel, few) } ?? splat(1)
}

extension Kernels {
  public func multiply(
    _ a: Source, rows: Int, depth: Int, panels: Source, columns: Int,
    _ epilogue: ChannelEpilogue, into c: Destination
  ) {
    let width = roundUp(columns, panel)
    let block = 8 * tileRows
    let (rowBlocks, strips) = ((rows + block - 1) / block, width / panel)
    let ceiling = splat(epilogue.ceiling)
    withPadded(epilogue.bias, columns, width) { bias in
      WorkerPool.shared.forEachUnchecked(rowBlocks * strips) { index in
        let (rowBlock, strip) = index.quotientAndRemainder(dividingBy: strips)
        let column = strip * panel
        let few = min(panel, columns - column)
        let last = min(rows, (rowBlock + 1) * block)
        for row in stride(from: rowBlock * block, to: last, by: tileRows) {
          let count = min(tileRows, last - row)
          let tile = c + row * columns + column
          multiplyInto(
            a + row * depth, depth, count, depth, 1, 0, panels + column * depth,
            bias.map { $0 + column }, 1, tile, columns, few)
          guard epilogue.activates else { continue }
          eachVector(few) { i, some in
            let slopes = slopes(epilogue, column + i, some)
            for r in 0..<count {
              let place = tile + (r &* columns &+ i)
              storeSome(activated(loadSome(place, some), slopes, ceiling), place, some)
            }
          }
        }
      }
    }
  }

  public func activate(
    _ x: Source, rows: Int, channels: Int, _ epilogue: ChannelEpilogue, into y: Destination
  ) {
    let ceiling = splat(epilogue.ceiling)
    eachRowBlock(rows) { rows in
      for row in rows {
        let (p, q) = (x + row &* channels, y + row &* channels)
        eachVector(channels) { c, few in
          var v = loadSome(p + c, few)
          if let bias = epilogue.bias { v += loadSome(bias + c, few) }
          storeSome(activated(v, slopes(epilogue, c, few), ceiling), q + c, few)
        }
      }
    }
  }

  public func activationGradient(
    _ y: Source, _ dy: Source, rows: Int, channels: Int, slopes: Source?, ceiling: Float,
    into dx: Destination
  ) {
    let (limit, zero) = (splat(ceiling), splat(0))
    eachRowBlock(rows) { rows in
      for row in rows {
        let (p, q, r) = (y + row &* channels, dy + row &* channels, dx + row &* channels)
        eachVector(channels) { c, few in
          let (v, d) = (loadSome(p + c, few), loadSome(q + c, few))
          let bent =
            slopes.map { d.replacing(with: d * loadSome($0 + c, few), where: v .<= zero) } ?? d
          storeSome(bent.replacing(with: zero, where: v .>= limit), r + c, few)
        }
      }
    }
  }
}
