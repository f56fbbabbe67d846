private import Glibc
private import KernelSupport
internal import Tensors

extension Variable {
  /// A rectangle of each picture: batch, row, column, channel to batch, rows, columns, channel.
  ///
  /// - Precondition: it lies inside the pictures.
  public func cropped(rows: Range<Int>, columns: Range<Int>) -> Variable {
    let x = value
    let (n, h, w, c) = sizes(of: x)
    precondition(
      rows.lowerBound >= 0 && rows.upperBound <= h && columns.lowerBound >= 0
        && columns.upperBound <= w, "rows \(rows), columns \(columns) of \(h)×\(w) pixels")
    let line = columns.count * c
    func place(_ index: Int) -> Int {
      let (picture, row) = index.quotientAndRemainder(dividingBy: rows.count)
      return ((picture * h + rows.lowerBound + row) * w + columns.lowerBound) * c
    }
    let y = x.read { x in
      Tensor(shape: [n, rows.count, columns.count, c]) { y in
        for index in 0..<n * rows.count {
          memcpy(y + index * line, x + place(index), line * 4)
        }
      }
    }
    return Variable(y, parents: [self]) { dy, _ in
      [
        dy.read { dy in
          Tensor(shape: x.shape) { dx in
            memset(dx, 0, x.count * 4)
            for index in 0..<n * rows.count {
              memcpy(dx + place(index), dy + index * line, line * 4)
            }
          }
        }
      ]
    }
  }

  /// Each picture's mirror image, left and right exchanged: batch, row, column, channel.
  ///
  /// Its own inverse and its own adjoint.
  public func mirrored() -> Variable {
    Variable(Self.mirrored(value), parents: [self]) { dy, _ in [Self.mirrored(dy)] }
  }

  private static func mirrored(_ x: Tensor) -> Tensor {
    let (n, h, w, c) = sizes(of: x)
    return x.read { numbers in
      Tensor(shape: x.shape) { y in
        for row in 0..<n * h {
          for column in 0..<w {
            memcpy(y + (row * w + column) * c, numbers + (row * w + w - 1 - column) * c, c * 4)
          }
        }
      }
    }
  }

  /// The brightness of colours, (…, 3) to (…, 1): 0.299 R + 0.587 G + 0.114 B (ITU-R BT.601).
  public func grey() -> Variable {
    let x = value
    precondition(x.shape.last == 3, "shape \(x.shape) has no three colours")
    let count = x.count / 3
    let weights: InlineArray<3, Float> = [0.299, 0.587, 0.114]
    let y = x.read { numbers in
      Tensor(shape: x.shape.dropLast() + [1]) { y in
        for i in 0..<count {
          let pixel = numbers + 3 * i
          y[i] = weights[0] * pixel[0] + weights[1] * pixel[1] + weights[2] * pixel[2]
        }
      }
    }
    return Variable(y, parents: [self]) { dy, _ in
      [
        dy.read { dy in
          Tensor(shape: x.shape) { dx in
            for i in 0..<count {
              for channel in 0..<3 { dx[3 * i + channel] = weights[channel] * dy[i] }
            }
          }
        }
      ]
    }
  }
}
