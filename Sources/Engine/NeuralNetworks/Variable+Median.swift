private import Glibc
private import KernelSupport
internal import Tensors

extension Variable {
  /// The median of each pixel of pictures (batch, row, column, channel) and its eight neighbours,
  /// channel by channel; outside, a picture's edge is repeated.
  ///
  /// The gradient goes to the pixel that is the median; of equal ones, the first.
  public func medianFiltered() -> Variable {
    let x = value
    let (n, h, w, c) = sizes(of: x)
    let line = w * c
    let y = x.read { numbers in
      Tensor(shape: x.shape) { y in
        // Unchecked: each iteration writes its own picture.
        nonisolated(unsafe) let (numbers, y) = (numbers, y)
        WorkerPool.shared.forEach(n) { picture in
          withScratch(3 * (line + 2 * c)) { scratch in
            for row in 0..<h {
              Self.medians(
                of: Self.rows(around: row, of: h, line, in: numbers + picture * h * line),
                line, channels: c, scratch, into: y + (picture * h + row) * line)
            }
          }
        }
      }
    }
    return Variable(y, parents: [self]) { dy, _ in
      [
        Tensor.read(x, y, dy) { numbers, y, dy in
          Tensor(shape: x.shape) { dx in
            memset(dx, 0, x.count * 4)
            // Unchecked: each iteration writes its own picture.
            nonisolated(unsafe) let (numbers, y, dy, dx) = (numbers, y, dy, dx)
            WorkerPool.shared.forEach(n) { picture in
              let first = picture * h * line
              for row in 0..<h {
                let rows = Self.rows(around: row, of: h, line, in: numbers + first)
                for i in 0..<line {
                  let (pixel, channel) = i.quotientAndRemainder(dividingBy: c)
                  let place = first + row * line + i
                  let chosen = Self.place(
                    of: y[place], in: rows, around: pixel, of: w, channels: c, channel)
                  dx[chosen - numbers] += dy[place]
                }
              }
            }
          }
        }
      ]
    }
  }

  private typealias Rows = InlineArray<3, UnsafePointer<Float>>

  /// A picture's row and the ones above and below.
  private static func rows(
    around row: Int, of height: Int, _ line: Int, in picture: UnsafePointer<Float>
  ) -> Rows {
    [
      picture + max(0, row - 1) * line, picture + row * line,
      picture + min(height - 1, row + 1) * line,
    ]
  }

  /// The medians of one row.
  ///
  /// Each column of three is sorted once. The median of nine is then that of the largest of three
  /// lows, the middle one of three middles and the smallest of three highs (Smith, 1996). Without a
  /// branch, the compiler does several pixels at once.
  ///
  /// - `scratch`: memory for three rows, each with a pixel more at both ends.
  private static func medians(
    of rows: Rows, _ line: Int, channels c: Int, _ scratch: UnsafeMutablePointer<Float>,
    into y: UnsafeMutablePointer<Float>
  ) {
    let lows = scratch + c
    let middles = lows + line + 2 * c
    let highs = middles + line + 2 * c
    let (above, own, below) = (rows[0], rows[1], rows[2])
    for i in 0..<line {
      let (less, more) = (least(above[i], own[i]), most(above[i], own[i]))
      lows[i] = least(less, below[i])
      middles[i] = most(less, least(more, below[i]))
      highs[i] = most(more, below[i])
    }
    for sorted in [lows, middles, highs] {
      memcpy(sorted - c, sorted, c * 4)
      memcpy(sorted + line, sorted + line - c, c * 4)
    }
    for i in 0..<line {
      y[i] = middle(
        most(most(lows[i - c], lows[i]), lows[i + c]),
        middle(middles[i - c], middles[i], middles[i + c]),
        least(least(highs[i - c], highs[i]), highs[i + c]))
    }
  }

  /// Where the first of nine pixels is that has this value, the median's.
  private static func place(
    of median: Float, in rows: Rows, around pixel: Int, of width: Int, channels c: Int,
    _ channel: Int
  ) -> UnsafePointer<Float> {
    for index in 0..<3 {
      for column in max(0, pixel - 1)...min(width - 1, pixel + 1)
      where rows[index][column * c + channel] == median {
        return rows[index] + (column * c + channel)
      }
    }
    // Only if it is not a number, and then it does not matter which.
    return rows[1] + (pixel * c + channel)
  }
}

// A comparison and a choice each, which is one instruction; `Swift.min` is defined for NaN as well.
@inline(__always)
private func least(_ a: Float, _ b: Float) -> Float { b < a ? b : a }
@inline(__always)
private func most(_ a: Float, _ b: Float) -> Float { a < b ? b : a }
@inline(__always)
private func middle(_ a: Float, _ b: Float, _ c: Float) -> Float {
  most(least(a, b), least(most(a, b), c))
}
