public import KernelSupport
private import Glibc

extension Kernels {
  public func convolveDirect(
    _ x: Source, panels: Source, _ shape: ConvolutionShape, _ window: ConvolutionWindow,
    _ epilogue: ConvolutionEpilogue, into y: Destination
  ) {
    let (height, width, depth) = (shape.height, shape.width, shape.inputChannels)
    let (rows, columns) = (window.outputs(along: height), window.outputs(along: width))
    let (outputs, stride) = (shape.outputChannels, window.stride)
    let rowStride = (width + 2 * window.border) * depth
    // An even number of rows, so that no block to be pooled is torn apart.
    let band = min(roundUp(rows, 2), max(4, 32768 / (rowStride * stride) & ~1))
    let bands = (rows + band - 1) / band
    let strips = (outputs + panel - 1) / panel
    let line = columns * outputs
    // A single small picture is shared out by channels, too.
    let parts = shape.batch * bands < 8 ? min(strips, 4) : 1
    let room = ((band - 1) * stride + window.side) * rowStride
    withPadded(epilogue.bias, outputs, strips * panel) { bias in
      withPartialSums(epilogue.sums, outputs, outputs, shape.batch * bands) { sums in
        WorkerPool.shared.forEachUnchecked(shape.batch * bands * parts) { index in
          let (place, part) = index.quotientAndRemainder(dividingBy: parts)
          let (picture, bandIndex) = place.quotientAndRemainder(dividingBy: bands)
          let y0 = bandIndex * band
          let mine = min(band, rows - y0)
          let needed = (mine - 1) * stride + window.side
          BufferPool.withScratch(room + (epilogue.isPooled ? band * line : 0)) { s in
            copyRows(
              x + picture * height * width * depth, height, width, depth,
              first: y0 * stride - window.border, needed, border: window.border, into: s)
            let target = epilogue.isPooled ? s + room : y + (picture * rows + y0) * line
            let mineStrips = part * strips / parts..<(part + 1) * strips / parts
            for strip in mineStrips {
              let channel = strip * panel
              for r in 0..<mine {
                for pixel in Swift.stride(from: 0, to: columns, by: tileRows) {
                  multiplyInto(
                    s + r * stride * rowStride + pixel * stride * depth, stride * depth,
                    min(tileRows, columns - pixel), window.side * depth, window.side, rowStride,
                    panels + channel * window.taps * depth, bias.map { $0 + channel },
                    epilogue.slope, target + r * line + pixel * outputs + channel, outputs,
                    min(panel, outputs - channel))
                }
              }
            }
            let first = mineStrips.lowerBound * panel
            let channels = min(outputs, mineStrips.upperBound * panel) - first
            if let sums {
              addPixels(
                target + first, mine * columns, outputs, channels,
                to: sums + place * 2 * outputs + first, outputs)
            }
            if epilogue.isPooled {
              pool(
                Source(target) + first, mine / 2, columns / 2, line, outputs, channels,
                into: y + ((picture * (rows / 2) + y0 / 2) * (columns / 2)) * outputs + first)
            }
          }
        }
      }
    }
  }

  public func weightGradientDirect(
    _ x: Source, _ dy: Source, _ shape: ConvolutionShape, _ window: ConvolutionWindow,
    into dw: Destination
  ) {
    let width = roundUp(shape.outputChannels, panel)
    // Small sums are gathered row by row; large ones would be moved through memory for every row.
    if window.taps * shape.inputChannels * width > 32768 {
      sumByWindow(x, dy, shape, window, dw)
    } else {
      sumByRow(x, dy, shape, window, width, dw)
    }
  }

  private func sumByRow(
    _ x: Source, _ dy: Source, _ shape: ConvolutionShape, _ window: ConvolutionWindow,
    _ padded: Int, _ dw: Destination
  ) {
    let (height, width, depth) = (shape.height, shape.width, shape.inputChannels)
    let (rows, columns) = (window.outputs(along: height), window.outputs(along: width))
    let outputs = shape.outputChannels
    let rowStride = (width + 2 * window.border) * depth
    let sums = window.taps * depth * padded
    // Each group of rows has its own sums, added in order: the same at any number of threads.
    let groups = min(8, shape.batch * rows)
    BufferPool.withScratch(groups * sums) { partial in
      WorkerPool.shared.forEachUnchecked(groups) { group in
        let target = partial + group * sums
        memset(target, 0, sums * 4)
        BufferPool.withScratch(window.side * rowStride + columns * padded) { s in
          let gradients = s + window.side * rowStride
          if padded != outputs { memset(gradients, 0, columns * padded * 4) }
          let all = shape.batch * rows
          for row in group * all / groups..<(group + 1) * all / groups {
            let (picture, y0) = row.quotientAndRemainder(dividingBy: rows)
            copyRows(
              x + picture * height * width * depth, height, width, depth,
              first: y0 * window.stride - window.border, window.side, border: window.border,
              into: s)
            var dyRow = dy + row * columns * outputs
            if padded != outputs {
              for i in 0..<columns {
                memcpy(gradients + i * padded, dyRow + i * outputs, outputs * 4)
              }
              dyRow = Source(gradients)
            }
            for tap in 0..<window.side {
              // The taps of a row and their channels are neighbours in memory.
              multiplyTransposedTiles(
                s + tap * rowStride, window.stride * depth, dyRow, padded, depth: columns,
                rows: window.side * depth, columns: outputs, accumulates: true,
                into: target + tap * window.side * depth * padded, rowStride: padded)
            }
          }
        }
      }
      for i in 0..<window.taps * depth * outputs {
        let place = i / outputs * padded + i % outputs
        var sum: Float = 0
        for group in 0..<groups { sum += partial[group * sums + place] }
        dw[i] = sum
      }
    }
  }

  private func sumByWindow(
    _ x: Source, _ dy: Source, _ shape: ConvolutionShape, _ window: ConvolutionWindow,
    _ dw: Destination
  ) {
    let (height, width, depth) = (shape.height, shape.width, shape.inputChannels)
    let (rows, columns) = (window.outputs(along: height), window.outputs(along: width))
    let (line, size) = (window.side * depth, window.taps * depth)
    let rowStride = (width + 2 * window.border) * depth
    let count = shape.batch * rows * columns
    BufferPool.withScratch(count * size) { windows in
      WorkerPool.shared.forEachUnchecked(shape.batch * rows) { row in
        let (picture, y0) = row.quotientAndRemainder(dividingBy: rows)
        BufferPool.withScratch(window.side * rowStride) { s in
          copyRows(
            x + picture * height * width * depth, height, width, depth,
            first: y0 * window.stride - window.border, window.side, border: window.border, into: s)
          for column in 0..<columns {
            let target = windows + (row * columns + column) * size
            for tap in 0..<window.side {
              memcpy(
                target + tap * line, s + tap * rowStride + column * window.stride * depth, line * 4)
            }
          }
        }
      }
      multiplyTransposed(
        windows, rows: size, depth: count, dy, columns: shape.outputChannels, into: dw)
    }
  }
}

/// Adds pixels, `stride` apart, to the sums of their channels and the squares to theirs.
@inline(__always)
private func addPixels(
  _ x: Source, _ count: Int, _ stride: Int, _ channels: Int, to sums: Destination,
  _ squaresAfter: Int
) {
  eachVector(channels) { c, few in
    // Two steps: sums of at most 256 numbers lose nothing that matters.
    for first in Swift.stride(from: 0, to: count, by: 256) {
      var (s, q) = (splat(0), splat(0))
      for pixel in first..<min(count, first + 256) {
        let v = loadSome(x + (pixel &* stride &+ c), few)
        s += v
        multiplyAdd(&q, v, v)
      }
      storeSome(loadSome(sums + c, few) + s, sums + c, few)
      storeSome(loadSome(sums + squaresAfter + c, few) + q, sums + squaresAfter + c, few)
    }
  }
}

/// The largest of each 2×2 block of some channels of rows of pixels.
@inline(__always)
private func pool(
  _ x: Source, _ rows: Int, _ columns: Int, _ line: Int, _ stride: Int, _ channels: Int,
  into y: Destination
) {
  for row in 0..<rows {
    for column in 0..<columns {
      let p = x + 2 * (row * line + column * stride)
      let target = y + (row * columns + column) * stride
      eachVector(channels) { c, few in
        let top = larger(loadSome(p + c, few), loadSome(p + stride + c, few))
        let bottom = larger(loadSome(p + line + c, few), loadSome(p + line + stride + c, few))
        storeSome(larger(top, bottom), target + c, few)
      }
    }
  }
}

/// Copies `count` rows of pixels from row `first` on, with `border` pixels of zeros at both ends;
/// rows outside the picture become zeros.
@inline(__always)
func copyRows(
  _ picture: Source, _ height: Int, _ width: Int, _ channels: Int, first: Int, _ count: Int,
  border: Int, into s: Destination
) {
  let edge = border * channels
  let rowStride = width * channels + 2 * edge
  for r in 0..<count {
    let (source, target) = (first + r, s + r * rowStride)
    if source < 0 || source >= height {
      memset(target, 0, rowStride * 4)
    } else {
      memset(target, 0, edge * 4)
      memcpy(target + edge, picture + source * width * channels, width * channels * 4)
      memset(target + rowStride - edge, 0, edge * 4)
    }
  }
}
