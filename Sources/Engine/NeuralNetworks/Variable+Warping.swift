public import Geometry
private import Glibc
private import KernelSupport
public import Tensors

extension Variable {
  /// Each picture moved by its own transform and seen through a window: (batch, row, column, channel)
  /// to (batch, rows, columns, channel).
  ///
  /// Transforms map places of the picture to places of the window. Values between pixels are bilinear;
  /// outside a picture its edge repeats; where a transform shrinks by more than 1.5, each result is the
  /// mean of a square grid of samples, as many along a side as the factor rounded up (at most 32): the
  /// rule by which faces are aligned. Gradients reach the pictures.
  ///
  /// - Precondition: a transform a picture, all of them invertible; rows and columns are positive.
  public func warped(by transforms: [SimilarityTransform], rows: Int, columns: Int) -> Variable {
    let x = value
    let (n, h, w, c) = sizes(of: x)
    precondition(
      transforms.count == n && rows > 0 && columns > 0,
      "\(transforms.count) transforms of \(n) pictures to \(rows)×\(columns)")
    let samplers = transforms.map { WarpSampler($0, height: h, width: w) }
    let (old, new) = (h * w * c, rows * columns * c)
    let y = x.read { numbers in
      Tensor(shape: [n, rows, columns, c]) { y in
        memset(y, 0, n * new * 4)
        // Unchecked: each iteration writes its own picture.
        nonisolated(unsafe) let (numbers, y) = (numbers, y)
        WorkerPool.shared.forEach(n) { picture in
          let (source, target) = (numbers + picture * old, y + picture * new)
          samplers[picture].each(rows: rows, columns: columns) { place, pixel, weight in
            for channel in 0..<c {
              target[place * c + channel] += weight * source[pixel * c + channel]
            }
          }
        }
      }
    }
    return Variable(y, parents: [self]) { dy, _ in
      [
        dy.read { dy in
          Tensor(shape: x.shape) { dx in
            memset(dx, 0, n * old * 4)
            // Unchecked: each iteration writes its own picture.
            nonisolated(unsafe) let (dy, dx) = (dy, dx)
            WorkerPool.shared.forEach(n) { picture in
              let (source, target) = (dy + picture * new, dx + picture * old)
              samplers[picture].each(rows: rows, columns: columns) { place, pixel, weight in
                for channel in 0..<c {
                  target[pixel * c + channel] += weight * source[place * c + channel]
                }
              }
            }
          }
        }
      ]
    }
  }

  /// Another value of the same shape, as though it were this one: gradients pass through unchanged.
  ///
  /// For steps without a derivative, such as rounding and JPEG (straight-through; Bengio et al., 2013).
  public func replaced(by tensor: Tensor) -> Variable {
    precondition(tensor.shape == value.shape, "shape \(tensor.shape) instead of \(value.shape)")
    return Variable(tensor, parents: [self]) { dy, _ in [dy] }
  }
}

/// Which pixels of a picture a warped one is made of.
private struct WarpSampler {
  private let inverse: SimilarityTransform
  private let grid, height, width: Int

  init(_ transform: SimilarityTransform, height: Int, width: Int) {
    inverse = transform.inverse
    (self.height, self.width) = (height, width)
    grid = inverse.scale > 1.5 ? min(32, Int(inverse.scale.rounded(.up))) : 1
  }

  /// Calls `body` with each place of the window, a pixel that it is made of, and its weight.
  @inline(__always)
  func each(
    rows: Int, columns: Int, _ body: (_ place: Int, _ pixel: Int, _ weight: Float) -> Void
  ) {
    let share = 1 / Float(grid * grid)
    for y in 0..<rows {
      for x in 0..<columns {
        for row in 0..<grid {
          for column in 0..<grid {
            let point = inverse.applied(
              x: Double(x) + (Double(column) + 0.5) / Double(grid) - 0.5,
              y: Double(y) + (Double(row) + 0.5) / Double(grid) - 0.5)
            let cx = min(max(point.x, 0), Double(width - 1))
            let cy = min(max(point.y, 0), Double(height - 1))
            let (left, top) = (Int(cx), Int(cy))
            let (right, bottom) = (min(left + 1, width - 1), min(top + 1, height - 1))
            let (fx, fy) = (Float(cx - Double(left)), Float(cy - Double(top)))
            let place = y * columns + x
            body(place, top * width + left, (1 - fx) * (1 - fy) * share)
            body(place, top * width + right, fx * (1 - fy) * share)
            body(place, bottom * width + left, (1 - fx) * fy * share)
            body(place, bottom * width + right, fx * fy * share)
          }
        }
      }
    }
  }
}
