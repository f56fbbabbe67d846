public import KernelSupport
private import Glibc

extension Kernels {
  public var panelWidth: Int { panel }

  public func pack(
    _ matrix: Source, depth: Int, columns: Int, transposed: Bool, into panels: Destination
  ) {
    WorkerPool.shared.forEach((columns + panel - 1) / panel) { index in
      let first = index * panel
      let few = min(panel, columns - first)
      let target = panels + first * depth
      if few < panel { memset(target, 0, depth * panel * 4) }
      if transposed {
        for j in 0..<few {
          let row = matrix + (first + j) * depth
          for k in 0..<depth { target[k &* panel &+ j] = row[k] }
        }
      } else {
        for k in 0..<depth { memcpy(target + k * panel, matrix + k * columns + first, few * 4) }
      }
    }
  }

  public func multiply(
    _ a: Source, rows: Int, depth: Int, panels: Source, columns: Int, bias: Source?,
    slope: Float, into c: Destination
  ) {
    let width = roundUp(columns, panel)
    let block = 8 * tileRows
    let (rowBlocks, strips) = ((rows + block - 1) / block, width / panel)
    withPadded(bias, columns, width) { bias in
      WorkerPool.shared.forEach(rowBlocks * strips) { index in
        let (rowBlock, strip) = index.quotientAndRemainder(dividingBy: strips)
        let column = strip * panel
        let last = min(rows, (rowBlock + 1) * block)
        for row in stride(from: rowBlock * block, to: last, by: tileRows) {
          multiplyInto(
            a + row * depth, depth, min(tileRows, last - row), depth, 1, 0,
            panels + column * depth, bias.map { $0 + column }, slope,
            c + row * columns + column, columns, min(panel, columns - column))
        }
      }
    }
  }

  public func convolveDirect(
    _ x: Source, panels: Source, _ shape: ConvolutionShape, bias: Source?, slope: Float,
    into y: Destination
  ) {
    let (height, width) = (shape.height, shape.width)
    let (depth, columns) = (shape.inputChannels, shape.outputChannels)
    let band = min(height, max(4, 32768 / ((width + 2) * depth)))
    let bands = (height + band - 1) / band
    let rowStride = (width + 2) * depth
    withPadded(bias, columns, roundUp(columns, panel)) { bias in
      WorkerPool.shared.forEach(shape.batch * bands) { index in
        let (picture, bandIndex) = index.quotientAndRemainder(dividingBy: bands)
        let y0 = bandIndex * band
        let rows = min(band, height - y0)
        BufferPool.withScratch((band + 2) * rowStride) { s in
          copyRows(
            x + picture * height * width * depth, height, width, depth, y0 - 1, rows + 2, into: s)
          for column in stride(from: 0, to: columns, by: panel) {
            for r in 0..<rows {
              let target = y + ((picture * height + y0 + r) * width) * columns + column
              for pixel in stride(from: 0, to: width, by: tileRows) {
                multiplyInto(
                  s + r * rowStride + pixel * depth, depth, min(tileRows, width - pixel),
                  3 * depth, 3, rowStride, panels + column * 9 * depth,
                  bias.map { $0 + column }, slope, target + pixel * columns, columns,
                  min(panel, columns - column))
              }
            }
          }
        }
      }
    }
  }

  public func weightGradientDirect(
    _ x: Source, _ dy: Source, _ shape: ConvolutionShape, into dw: Destination
  ) {
    let (height, width) = (shape.height, shape.width)
    let (depth, columns) = (shape.inputChannels, shape.outputChannels)
    let (count, padded) = (9 * depth * columns, roundUp(columns, panel))
    let rowStride = (width + 2) * depth
    let groups = min(8, shape.batch * height)
    let sums = 9 * depth * padded
    BufferPool.withScratch(groups * sums) { partial in
      WorkerPool.shared.forEach(groups) { group in
        let target = partial + group * sums
        memset(target, 0, sums * 4)
        BufferPool.withScratch(3 * rowStride + width * padded) { s in
          let gradients = s + 3 * rowStride
          if padded != columns { memset(gradients, 0, width * padded * 4) }
          let rows = shape.batch * height
          for row in group * rows / groups..<(group + 1) * rows / groups {
            let (picture, y0) = row.quotientAndRemainder(dividingBy: height)
            copyRows(
              x + picture * height * width * depth, height, width, depth, y0 - 1, 3, into: s)
            var dyRow = dy + row * width * columns
            if padded != columns {
              for i in 0..<width {
                memcpy(gradients + i * padded, dyRow + i * columns, columns * 4)
              }
              dyRow = Source(gradients)
            }
            for tapRow in 0..<3 {
              // The taps of a row and their channels are neighbours in memory.
              multiplyTransposed(
                s + tapRow * rowStride, depth, dyRow, padded, depth: width, rows: 3 * depth,
                columns: padded, accumulates: true, into: target + tapRow * 3 * depth * padded)
            }
          }
        }
      }
      for i in 0..<count {
        let place = i / columns * padded + i % columns
        var sum: Float = 0
        for group in 0..<groups { sum += partial[group * sums + place] }
        dw[i] = sum
      }
    }
  }
}

/// Copies `count` rows of pixels from row `first` on, with a pixel of zeros at both ends.
@inline(__always)
private func copyRows(
  _ picture: Source, _ height: Int, _ width: Int, _ channels: Int, _ first: Int, _ count: Int,
  into s: Destination
) {
  let rowStride = (width + 2) * channels
  for r in 0..<count {
    let (source, target) = (first + r, s + r * rowStride)
    if source < 0 || source >= height {
      memset(target, 0, rowStride * 4)
    } else {
      memset(target, 0, channels * 4)
      memcpy(target + channels, picture + source * width * channels, width * channels * 4)
      memset(target + rowStride - channels, 0, channels * 4)
    }
  }
}

/// One tile of a product; a last, narrow panel goes through a buffer.
@inline(__always)
private func multiplyInto(
  _ a: Source, _ lda: Int, _ rows: Int, _ depth: Int, _ segments: Int, _ segmentStride: Int,
  _ panels: Source, _ bias: Source?, _ slope: Float, _ c: Destination, _ ldc: Int, _ columns: Int
) {
  if columns == panel {
    multiplyTile(
      rows: rows, a, lda, panels, depth, segments, segmentStride, bias, slope, c, ldc)
    return
  }
  withUnsafeTemporaryAllocation(of: Float.self, capacity: 12 * 32) { buffer in
    guard let narrow = buffer.baseAddress else { return }
    multiplyTile(
      rows: rows, a, lda, panels, depth, segments, segmentStride, bias, slope, narrow, panel)
    for r in 0..<rows { memcpy(c + r * ldc, narrow + r * panel, columns * 4) }
  }
}
