private import Glibc
private import KernelSupport
private import Kernels
internal import Tensors

extension Variable {
  /// A 4×4 convolution with stride 2 and a border of one zero: halves height and width (DCGAN).
  ///
  /// | tensor   | shape                        |
  /// |----------|------------------------------|
  /// | `self`   | batch, row, column, in; even |
  /// | `weight` | 4, 4, in, out                |
  /// | result   | batch, row / 2, column / 2, out |
  public func convolved4x4Stride2(_ weight: Variable) -> Variable {
    let (x, w) = (value, weight.value)
    precondition(
      x.shape.count == 4 && w.shape.count == 4 && w.shape[0] == 4 && w.shape[1] == 4
        && w.shape[2] == x.shape[3] && x.shape[1] % 2 == 0 && x.shape[2] % 2 == 0,
      "input \(x.shape) and weights \(w.shape) do not fit a 4×4 convolution of stride 2")
    let windows = Windows(
      batch: x.shape[0], height: x.shape[1], width: x.shape[2], channels: x.shape[3])
    let outputs = w.shape[3]
    let y = Tensor(shape: [windows.batch, windows.rows, windows.columns, outputs]) { y in
      withExtendedLifetime((x, w)) {
        windows.eachPicture { picture, matrix in
          windows.gather(x.source, picture, into: matrix)
          DenseProducts.multiply(
            matrix, w.source, rows: windows.count, depth: windows.depth, columns: outputs,
            into: y + picture * windows.count * outputs)
        }
      }
    }
    return Variable(y, parents: [self, weight]) { dy, wanted in
      withExtendedLifetime((x, w, dy)) {
        [
          wanted[0]
            ? Tensor(shape: x.shape) { dx in
              memset(dx, 0, x.count * 4)
              windows.eachPicture { picture, matrix in
                DenseProducts.multiply(
                  dy.source + picture * windows.count * outputs, w.source, transposing: .second,
                  rows: windows.count, depth: outputs, columns: windows.depth, into: matrix)
                windows.scatter(matrix, picture, into: dx)
              }
            } : nil,
          wanted[1]
            ? Tensor(shape: w.shape) { windows.weightGradient(x.source, dy.source, outputs, $0) }
            : nil,
        ]
      }
    }
  }
}

/// The 4×4 windows of pictures, as the rows of a matrix.
private struct Windows {
  let batch, height, width, channels: Int
  var rows: Int { height / 2 }
  var columns: Int { width / 2 }
  /// Windows a picture.
  var count: Int { rows * columns }
  /// Numbers a window.
  var depth: Int { 16 * channels }

  /// Calls `body` for each picture, several at a time, with room for its windows.
  func eachPicture(_ body: (_ picture: Int, _ matrix: Destination) -> Void) {
    WorkerPool.shared.forEach(batch) { picture in
      BufferPool.withScratch(count * depth) { body(picture, $0) }
    }
  }

  /// Calls `body` for each row of taps inside the picture: its place in the matrix, its first pixel.
  @inline(__always)
  private func eachTapRow(
    _ picture: Int, _ body: (_ place: Int, _ pixel: Int, _ first: Int, _ last: Int) -> Void
  ) {
    for row in 0..<rows {
      for column in 0..<columns {
        let place = (row * columns + column) * depth
        let x0 = 2 * column - 1
        for tap in 0..<4 {
          let y = 2 * row - 1 + tap
          let (first, last) =
            y < 0 || y >= height ? (0, 0) : (max(0, -x0), min(4, width - x0))
          body(place + tap * 4 * channels, (picture * height + y) * width + x0, first, last)
        }
      }
    }
  }

  func gather(_ x: Source, _ picture: Int, into matrix: Destination) {
    eachTapRow(picture) { place, pixel, first, last in
      if last - first < 4 { memset(matrix + place, 0, 16 * channels) }
      if first < last {
        memcpy(
          matrix + place + first * channels, x + (pixel + first) * channels,
          (last - first) * channels * 4)
      }
    }
  }

  func scatter(_ matrix: Source, _ picture: Int, into dx: Destination) {
    eachTapRow(picture) { place, pixel, first, last in
      if first >= last { return }
      let (source, target) = (matrix + place, dx + pixel * channels)
      for i in first * channels..<last * channels { target[i] += source[i] }
    }
  }

  /// Groups of pictures have sums of their own, added in order: the same at any thread count.
  func weightGradient(_ x: Source, _ dy: Source, _ outputs: Int, _ dw: Destination) {
    let groups = min(4, batch)
    let size = depth * outputs
    BufferPool.withScratch(groups * size) { sums in
      WorkerPool.shared.forEach(groups) { group in
        BufferPool.withScratch(count * depth) { matrix in
          let mine = group * batch / groups..<(group + 1) * batch / groups
          for picture in mine {
            gather(x, picture, into: matrix)
            DenseProducts.multiply(
              matrix, dy + picture * count * outputs, transposing: .first, rows: depth,
              depth: count,
              columns: outputs, accumulates: picture > mine.lowerBound, into: sums + group * size)
          }
        }
      }
      for i in 0..<size {
        var sum: Float = 0
        for group in 0..<groups { sum += sums[group * size + i] }
        dw[i] = sum
      }
    }
  }
}
