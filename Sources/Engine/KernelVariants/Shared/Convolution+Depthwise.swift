public import KernelSupport
private import Glibc

extension Kernels {
  public func convolveDepthwise(
    _ x: Source, weights: Source, _ shape: DepthwiseShape, _ epilogue: ChannelEpilogue,
    into y: Destination
  ) {
    let (height, width, channels) = (shape.height, shape.width, shape.channels)
    let (rows, columns) = (shape.output.rows, shape.output.columns)
    let line = width * channels
    let isSmall = shape.window == PlaneSize(3, 3)
    BufferPool.withScratch(line) { zeros in
      // What lies above and below a picture.
      memset(zeros, 0, line * 4)
      WorkerPool.shared.forEachUnchecked(shape.batch * rows) { index in
        let (picture, row) = index.quotientAndRemainder(dividingBy: rows)
        let source = x + picture * height * line
        let target = y + index * columns * channels
        let top = row * shape.stride.rows - shape.border.rows
        guard isSmall else {
          sumWindows(source, weights, shape, epilogue, top, into: target)
          return
        }
        @inline(__always) func pixels(_ row: Int) -> Source {
          row >= 0 && row < height ? source + row * line : Source(zeros)
        }
        sumThrees(
          (pixels(top), pixels(top + 1), pixels(top + 2)), Source(zeros), weights, shape, epilogue,
          into: target)
      }
    }
  }

  /// One row of outputs of 3×3 windows, whose weights stay in registers.
  @inline(__always)
  private func sumThrees(
    _ lines: (Source, Source, Source), _ zeros: Source, _ weights: Source,
    _ shape: DepthwiseShape, _ epilogue: ChannelEpilogue, into target: Destination
  ) {
    let (width, channels, step) = (shape.width, shape.channels, shape.stride.columns)
    let ceiling = splat(epilogue.ceiling)
    eachVector(channels) { c, few in
      let w = weights + c
      let (w00, w01, w02) = (
        loadSome(w, few), loadSome(w + channels, few), loadSome(w + 2 &* channels, few)
      )
      let (w10, w11, w12) = (
        loadSome(w + 3 &* channels, few), loadSome(w + 4 &* channels, few),
        loadSome(w + 5 &* channels, few)
      )
      let (w20, w21, w22) = (
        loadSome(w + 6 &* channels, few), loadSome(w + 7 &* channels, few),
        loadSome(w + 8 &* channels, few)
      )
      let bias = epilogue.bias.map { loadSome($0 + c, few) } ?? splat(0)
      let slopes = slopes(epilogue, c, few)
      for column in 0..<shape.output.columns {
        let left = column &* step &- shape.border.columns
        var sum = bias
        if left >= 0 && left &+ 2 < width {
          let place = left &* channels &+ c
          let (a, b, d) = (lines.0 + place, lines.1 + place, lines.2 + place)
          multiplyAdd(&sum, loadSome(a, few), w00)
          multiplyAdd(&sum, loadSome(a + channels, few), w01)
          multiplyAdd(&sum, loadSome(a + 2 &* channels, few), w02)
          multiplyAdd(&sum, loadSome(b, few), w10)
          multiplyAdd(&sum, loadSome(b + channels, few), w11)
          multiplyAdd(&sum, loadSome(b + 2 &* channels, few), w12)
          multiplyAdd(&sum, loadSome(d, few), w20)
          multiplyAdd(&sum, loadSome(d + channels, few), w21)
          multiplyAdd(&sum, loadSome(d + 2 &* channels, few), w22)
        } else {
          // Where a window reaches beyond an end, zeros are read instead.
          @inline(__always) func pixel(_ line: Source, _ place: Int) -> Vector {
            loadSome((place >= 0 && place < width ? line + place &* channels : zeros) + c, few)
          }
          multiplyAdd(&sum, pixel(lines.0, left), w00)
          multiplyAdd(&sum, pixel(lines.0, left &+ 1), w01)
          multiplyAdd(&sum, pixel(lines.0, left &+ 2), w02)
          multiplyAdd(&sum, pixel(lines.1, left), w10)
          multiplyAdd(&sum, pixel(lines.1, left &+ 1), w11)
          multiplyAdd(&sum, pixel(lines.1, left &+ 2), w12)
          multiplyAdd(&sum, pixel(lines.2, left), w20)
          multiplyAdd(&sum, pixel(lines.2, left &+ 1), w21)
          multiplyAdd(&sum, pixel(lines.2, left &+ 2), w22)
        }
        storeSome(
          activated(sum, slopes, ceiling), target + (column &* channels &+ c), few)
      }
    }
  }

  /// One row of outputs of any windows.
  private func sumWindows(
    _ source: Source, _ weights: Source, _ shape: DepthwiseShape, _ epilogue: ChannelEpilogue,
    _ top: Int, into target: Destination
  ) {
    let (height, width, channels) = (shape.height, shape.width, shape.channels)
    let ceiling = splat(epilogue.ceiling)
    let tapRows = max(0, -top)..<max(0, -top, min(shape.window.rows, height - top))
    for column in 0..<shape.output.columns {
      let left = column * shape.stride.columns - shape.border.columns
      let tapColumns = max(0, -left)..<max(0, -left, min(shape.window.columns, width - left))
      eachVector(channels) { c, few in
        var sum = epilogue.bias.map { loadSome($0 + c, few) } ?? splat(0)
        for i in tapRows {
          for j in tapColumns {
            let place = ((top &+ i) &* width &+ left &+ j) &* channels &+ c
            let tap = (i &* shape.window.columns &+ j) &* channels &+ c
            multiplyAdd(&sum, loadSome(source + place, few), loadSome(weights + tap, few))
          }
        }
        storeSome(
          activated(sum, slopes(epilogue, c, few), ceiling), target + (column &* channels &+ c), few
        )
      }
    }
  }
}
