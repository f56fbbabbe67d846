private import Glibc
private import KernelSupport
internal import Tensors

extension Variable {
  /// The largest number of each window, channel by channel; what lies outside the picture does not count.
  ///
  /// Of equal numbers the first takes the gradient.
  ///
  /// - Precondition: each window sees a pixel.
  public func maxPooled(_ window: PlaneWindow) -> Variable {
    let x = value
    let (n, h, w, c) = sizes(of: x)
    let y = pooled(window, start: -Float.infinity) { target, source, c, _ in
      for i in 0..<c where source[i] > target[i] || source[i].isNaN { target[i] = source[i] }
    }
    return Variable(y, parents: [self]) { dy, _ in
      [
        Tensor.read(x, y, dy) { numbers, y, dy in
          Tensor(shape: x.shape) { dx in
            memset(dx, 0, x.count * 4)
            // Unchecked: each iteration writes its own picture.
            nonisolated(unsafe) let (numbers, y, dy, dx) = (numbers, y, dy, dx)
            WorkerPool.shared.forEach(n) { picture in
              for index in 0..<window.output.rows * window.output.columns {
                let place = (picture * window.output.rows * window.output.columns + index) * c
                for i in 0..<c {
                  eachPixel(of: window, index, h, w) { pixel in
                    let source = (picture * h * w + pixel) * c + i
                    guard numbers[source] == y[place + i] else { return true }
                    dx[source] += dy[place + i]
                    return false
                  }
                }
              }
            }
          }
        }
      ]
    }
  }

  /// The mean of each window, channel by channel.
  ///
  /// - `countsBorder`: whether what lies outside the picture counts as zeros.
  /// - Precondition: each window sees a pixel.
  public func averagePooled(_ window: PlaneWindow, countsBorder: Bool) -> Variable {
    let x = value
    let (n, h, w, c) = sizes(of: x)
    let outputs = window.output.rows * window.output.columns
    let area = window.size.rows * window.size.columns
    @Sendable func factor(_ index: Int) -> Float {
      let (row, column) = index.quotientAndRemainder(dividingBy: window.output.columns)
      let seen =
        window.rows(of: row, height: h).count * window.columns(of: column, width: w).count
      return 1 / Float(countsBorder ? area : max(1, seen))
    }
    let y = pooled(window, start: 0) { target, source, c, index in
      let share = factor(index)
      for i in 0..<c { target[i] += source[i] * share }
    }
    return Variable(y, parents: [self]) { dy, _ in
      [
        dy.read { dy in
          Tensor(shape: x.shape) { dx in
            memset(dx, 0, x.count * 4)
            // Unchecked: each iteration writes its own picture.
            nonisolated(unsafe) let (dy, dx) = (dy, dx)
            WorkerPool.shared.forEach(n) { picture in
              for index in 0..<outputs {
                let (source, share) = (dy + (picture * outputs + index) * c, factor(index))
                eachPixel(of: window, index, h, w) { pixel in
                  let target = dx + (picture * h * w + pixel) * c
                  for i in 0..<c { target[i] += source[i] * share }
                  return true
                }
              }
            }
          }
        }
      ]
    }
  }

  private func pooled(
    _ window: PlaneWindow, start: Float,
    _ add: @Sendable (UnsafeMutablePointer<Float>, UnsafePointer<Float>, Int, Int) -> Void
  ) -> Tensor {
    let x = value
    let (n, h, w, c) = sizes(of: x)
    let outputs = window.output.rows * window.output.columns
    return x.read { numbers in
      Tensor(shape: [n, window.output.rows, window.output.columns, c]) { y in
        // Unchecked: each iteration writes its own picture.
        nonisolated(unsafe) let (numbers, y) = (numbers, y)
        WorkerPool.shared.forEach(n) { picture in
          for index in 0..<outputs {
            let target = y + (picture * outputs + index) * c
            target.update(repeating: start, count: c)
            eachPixel(of: window, index, h, w) { pixel in
              add(target, numbers + (picture * h * w + pixel) * c, c, index)
              return true
            }
          }
        }
      }
    }
  }
}

/// Calls `body` with the place of each pixel that a window sees, row by row, until it returns false.
private func eachPixel(
  of window: PlaneWindow, _ index: Int, _ height: Int, _ width: Int, _ body: (Int) -> Bool
) {
  let (row, column) = index.quotientAndRemainder(dividingBy: window.output.columns)
  let top = row * window.stride.rows - window.border.rows
  let left = column * window.stride.columns - window.border.columns
  for i in window.rows(of: row, height: height) {
    for j in window.columns(of: column, width: width) {
      guard body((top + i) * width + left + j) else { return }
    }
  }
}
