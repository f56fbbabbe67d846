private import KernelSupport
private import Kernels
internal import Tensors

extension Variable {
  /// The largest of each 2×2 block; an odd last row or column is dropped.
  ///
  /// Shape: batch, row, column, channel to batch, row / 2, column / 2, channel. Of equal numbers
  /// the first takes the gradient.
  public func maxPooled() -> Variable {
    let x = value
    let (n, h, w, c) = sizes(of: x)
    let y = x.read { x in
      Tensor(shape: [n, h / 2, w / 2, c]) {
        Compute.kernels.maxPool(
          x, batch: n, height: h, width: w, channels: c, into: $0)
      }
    }
    return Variable(y, parents: [self]) { dy, _ in
      [
        Tensor.read(x, dy) { numbers, dy in
          Tensor(shape: x.shape) {
            Compute.kernels.maxPoolGradient(
              numbers, dy, batch: n, height: h, width: w, channels: c, into: $0)
          }
        }
      ]
    }
  }

  /// The mean over all rows and columns: batch, row, column, channel to batch, channel.
  public func globallyAveraged() -> Variable {
    let x = value
    let (n, h, w, c) = sizes(of: x)
    let factor = 1 / Float(h * w)
    let y = x.read { numbers in
      Tensor(shape: [n, c]) { y in
        for picture in 0..<n {
          let target = y + picture * c
          target.update(repeating: 0, count: c)
          for pixel in 0..<h * w {
            let source = numbers + (picture * h * w + pixel) * c
            for i in 0..<c { target[i] += source[i] }
          }
          for i in 0..<c { target[i] *= factor }
        }
      }
    }
    return Variable(y, parents: [self]) { dy, _ in
      [
        dy.read { dy in
          Tensor(shape: x.shape) { dx in
            for picture in 0..<n {
              let source = dy + picture * c
              for pixel in 0..<h * w {
                let target = dx + (picture * h * w + pixel) * c
                for i in 0..<c { target[i] = source[i] * factor }
              }
            }
          }
        }
      ]
    }
  }

  /// Each pixel four times, as a 2×2 block (nearest neighbour).
  public func upsampled() -> Variable {
    let x = value
    let (n, h, w, c) = sizes(of: x)
    let y = x.read { x in
      Tensor(shape: [n, 2 * h, 2 * w, c]) { y in
        // Unchecked: each iteration writes its own rows.
        nonisolated(unsafe) let (x, y) = (x, y)
        WorkerPool.shared.forEach(n * h) { row in
          let (source, target) = (x + row * w * c, y + row * 4 * w * c)
          for column in 0..<w {
            let pixel = source + column * c
            target.advanced(by: 2 * column * c).update(from: pixel, count: c)
            target.advanced(by: (2 * column + 1) * c).update(from: pixel, count: c)
          }
          target.advanced(by: 2 * w * c).update(from: target, count: 2 * w * c)
        }
      }
    }
    return Variable(y, parents: [self]) { dy, _ in
      [
        dy.read { dy in
          Tensor(shape: x.shape) { dx in
            // Unchecked: each iteration writes its own row.
            nonisolated(unsafe) let (dy, dx) = (dy, dx)
            WorkerPool.shared.forEach(n * h) { row in
              let (source, target) = (dy + row * 4 * w * c, dx + row * w * c)
              for column in 0..<w {
                let (a, b) = (source + 2 * column * c, source + (2 * column + 2 * w) * c)
                for i in 0..<c {
                  target[column * c + i] = (a[i] + a[c + i]) + (b[i] + b[c + i])
                }
              }
            }
          }
        }
      ]
    }
  }
}

/// Batch, rows, columns and channels of a tensor of pictures.
func sizes(of x: Tensor) -> (Int, Int, Int, Int) {
  precondition(x.shape.count == 4, "shape \(x.shape) is not batch, row, column, channel")
  return (x.shape[0], x.shape[1], x.shape[2], x.shape[3])
}
