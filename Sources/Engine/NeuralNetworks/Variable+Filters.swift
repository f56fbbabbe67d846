private import Glibc
private import KernelSupport
private import Kernels
internal import Tensors

/// Filters of pictures (batch, row, column, channel); outside, a picture's edge is repeated.
extension Variable {
  /// Each picture moved by whole pixels, to the right and down.
  public func shifted(right: Int, down: Int) -> Variable {
    filtered([
      Taps(rows: [Tap(offset: -down, weight: 1)], columns: [Tap(offset: -right, weight: 1)])
    ])
  }

  /// Each channel convolved with (1, 2, 1)/4 along rows and columns.
  ///
  /// After ``upsampled()`` that makes pixels fade into each other as (1, 3, 3, 1)/8 does.
  public func smoothed() -> Variable {
    Variable(Self.smoothed(value, transposed: false), parents: [self]) { dy, _ in
      [Self.smoothed(dy, transposed: true)]
    }
  }

  private static func smoothed(_ x: Tensor, transposed: Bool) -> Tensor {
    let (n, h, w, c) = sizes(of: x)
    return x.read { numbers in
      Tensor(shape: x.shape) {
        Compute.kernels.smooth(
          numbers, batch: n, height: h, width: w, channels: c, transposed: transposed, into: $0)
      }
    }
  }

  /// Each channel convolved with a Gaussian of this standard deviation in pixels, cut off at three.
  ///
  /// - Precondition: the deviation is positive.
  public func blurred(deviation: Float) -> Variable {
    precondition(deviation > 0, "a blur of deviation \(deviation)")
    return filtered([Taps(bell: deviation)])
  }

  /// Each picture convolved with a Gaussian of its own standard deviation in pixels, cut off at three;
  /// one of deviation 0 stays as it is.
  ///
  /// - Precondition: a deviation a picture, none negative.
  public func blurred(deviations: [Float]) -> Variable {
    precondition(
      deviations.count == value.shape[0] && deviations.allSatisfy { $0 >= 0 },
      "deviations \(deviations) for \(value.shape[0]) pictures")
    return filtered(deviations.map { $0 > 0 ? Taps(bell: $0) : Taps.nothing })
  }

  /// One term of a weighted sum along an axis: how far away it is read, and its weight.
  private struct Tap {
    let offset: Int
    let weight: Float
  }

  /// The terms of a separable filter.
  private struct Taps {
    let rows, columns: [Tap]
    /// How far along a row is read.
    let reach: Int

    init(rows: [Tap], columns: [Tap]) {
      (self.rows, self.columns) = (rows, columns)
      reach = columns.map { abs($0.offset) }.max() ?? 0
    }

    /// A Gaussian of this standard deviation, cut off at three, of sum 1.
    init(bell deviation: Float) {
      let reach = Int((3 * deviation).rounded(.up))
      let bell = (-reach...reach).map { expf(-Float($0 * $0) / (2 * deviation * deviation)) }
      let sum = bell.reduce(0, +)
      let taps = bell.enumerated().map { Tap(offset: $0 - reach, weight: $1 / sum) }
      self.init(rows: taps, columns: taps)
    }

    static let nothing = Taps(
      rows: [Tap(offset: 0, weight: 1)], columns: [Tap(offset: 0, weight: 1)])
  }

  /// Weighted sums along rows, then along columns: a separable linear filter, and its adjoint.
  ///
  /// - `filters`: one for all pictures, or one a picture.
  private func filtered(_ filters: [Taps]) -> Variable {
    let x = value
    let (n, h, w, c) = sizes(of: x)
    let line = w * c
    @Sendable func taps(_ picture: Int) -> Taps { filters[filters.count == 1 ? 0 : picture] }
    @Sendable func row(_ index: Int) -> Int { min(h - 1, max(0, index)) }
    let y = x.read { numbers in
      Tensor(shape: x.shape) { y in
        // Unchecked: each iteration writes its own picture.
        nonisolated(unsafe) let (numbers, y) = (numbers, y)
        WorkerPool.shared.forEach(n) { picture in
          let (source, target) = (numbers + picture * h * line, y + picture * h * line)
          let filter = taps(picture)
          let (rows, columns, reach) = (filter.rows, filter.columns, filter.reach)
          // A row with its ends repeated, so that all of it is summed alike.
          withScratch(line + 2 * reach * c) { padded in
            let middle = padded + reach * c
            for index in 0..<h {
              memset(middle, 0, line * 4)
              for tap in rows {
                let from = source + row(index + tap.offset) * line
                for i in 0..<line { middle[i] += tap.weight * from[i] }
              }
              for step in 0..<reach {
                memcpy(padded + step * c, middle, c * 4)
                memcpy(middle + line + step * c, middle + line - c, c * 4)
              }
              let to = target + index * line
              memset(to, 0, line * 4)
              for tap in columns {
                let from = middle + tap.offset * c
                for i in 0..<line { to[i] += tap.weight * from[i] }
              }
            }
          }
        }
      }
    }
    return Variable(y, parents: [self]) { dy, _ in
      [
        dy.read { dy in
          Tensor(shape: x.shape) { dx in
            memset(dx, 0, x.count * 4)
            // Unchecked: each iteration writes its own picture.
            nonisolated(unsafe) let (dy, dx) = (dy, dx)
            WorkerPool.shared.forEach(n) { picture in
              let (source, target) = (dy + picture * h * line, dx + picture * h * line)
              let filter = taps(picture)
              let (rows, columns, reach) = (filter.rows, filter.columns, filter.reach)
              withScratch(line + 2 * reach * c) { padded in
                let middle = padded + reach * c
                for index in 0..<h {
                  memset(padded, 0, (line + 2 * reach * c) * 4)
                  let from = source + index * line
                  for tap in columns {
                    let to = middle + tap.offset * c
                    for i in 0..<line { to[i] += tap.weight * from[i] }
                  }
                  // What was read from beyond an end belongs to the end.
                  for step in 0..<reach {
                    for channel in 0..<c {
                      middle[channel] += padded[step * c + channel]
                      middle[line - c + channel] += middle[line + step * c + channel]
                    }
                  }
                  for tap in rows {
                    let to = target + row(index + tap.offset) * line
                    for i in 0..<line { to[i] += tap.weight * middle[i] }
                  }
                }
              }
            }
          }
        }
      ]
    }
  }
}

/// Runs `body` with memory for `count` numbers.
func withScratch(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
  withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { buffer in
    if let base = buffer.baseAddress { body(base) }
  }
}
