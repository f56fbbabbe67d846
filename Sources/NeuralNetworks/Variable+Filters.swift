private import Glibc
private import KernelSupport
internal import Tensors

/// Filters of pictures (batch, row, column, channel); outside, a picture's edge is repeated.
extension Variable {
  /// Each picture moved by whole pixels, to the right and down.
  public func shifted(right: Int, down: Int) -> Variable {
    let (_, h, w, _) = sizes(of: value)
    func clamped(_ index: Int, _ count: Int) -> Int { min(count - 1, max(0, index)) }
    return gathered(
      rows: (0..<h).map { [Tap(place: clamped($0 - down, h), weight: 1)] },
      columns: (0..<w).map { [Tap(place: clamped($0 - right, w), weight: 1)] })
  }

  /// Each channel convolved with a Gaussian of this standard deviation in pixels, cut off at three.
  ///
  /// - Precondition: the deviation is positive.
  public func blurred(deviation: Float) -> Variable {
    precondition(deviation > 0, "a blur of deviation \(deviation)")
    let (_, h, w, _) = sizes(of: value)
    let reach = Int((3 * deviation).rounded(.up))
    let bell = (-reach...reach).map { expf(-Float($0 * $0) / (2 * deviation * deviation)) }
    let sum = bell.reduce(0, +)
    func taps(_ count: Int) -> [[Tap]] {
      (0..<count).map { position in
        bell.enumerated().map { index, weight in
          Tap(
            place: min(count - 1, max(0, position + index - reach)), weight: weight / sum)
        }
      }
    }
    return gathered(rows: taps(h), columns: taps(w))
  }

  /// The median of each pixel and its eight neighbours, channel by channel.
  ///
  /// The gradient goes to the pixel that is the median; of equal ones, the first.
  public func medianFiltered() -> Variable {
    let x = value
    let (n, h, w, c) = sizes(of: x)
    let chosen = Chosen(count: x.count)
    let y = withExtendedLifetime(x) {
      Tensor(shape: x.shape) { y in
        WorkerPool.shared.forEach(n * h) { line in
          let (picture, row) = line.quotientAndRemainder(dividingBy: h)
          let rows = [max(0, row - 1), row, min(h - 1, row + 1)].map { (picture * h + $0) * w }
          for column in 0..<w {
            let columns = (max(0, column - 1), column, min(w - 1, column + 1))
            for channel in 0..<c {
              var places = InlineArray<9, Int>(repeating: 0)
              for (index, base) in rows.enumerated() {
                places[3 * index] = (base + columns.0) * c + channel
                places[3 * index + 1] = (base + columns.1) * c + channel
                places[3 * index + 2] = (base + columns.2) * c + channel
              }
              // Five rounds of selection: the fifth smallest of nine.
              for first in 0..<5 {
                var least = first
                for other in first + 1..<9 where x.source[places[other]] < x.source[places[least]] {
                  least = other
                }
                places.swapAt(first, least)
              }
              let target = (line * w + column) * c + channel
              y[target] = x.source[places[4]]
              chosen.places[target] = Int32(places[4])
            }
          }
        }
      }
    }
    return Variable(y, parents: [self]) { dy, _ in
      withExtendedLifetime(dy) {
        [
          Tensor(shape: x.shape) { dx in
            memset(dx, 0, x.count * 4)
            for i in 0..<x.count { dx[Int(chosen.places[i])] += dy.source[i] }
          }
        ]
      }
    }
  }

  /// Where one term of a weighted sum along an axis is read, and its weight.
  private struct Tap {
    let place: Int
    let weight: Float
  }

  /// Weighted sums along rows, then along columns: a separable linear filter, and its adjoint.
  private func gathered(rows: [[Tap]], columns: [[Tap]]) -> Variable {
    let x = value
    let (n, h, w, c) = sizes(of: x)
    let y = withExtendedLifetime(x) {
      Tensor(shape: x.shape) { y in
        WorkerPool.shared.forEach(n) { picture in
          let (source, target) = (x.source + picture * h * w * c, y + picture * h * w * c)
          withScratch(h * w * c) { middle in
            for row in 0..<h {
              let line = middle + row * w * c
              memset(line, 0, w * c * 4)
              for tap in rows[row] {
                let from = source + tap.place * w * c
                for i in 0..<w * c { line[i] += tap.weight * from[i] }
              }
            }
            for row in 0..<h {
              for column in 0..<w {
                for channel in 0..<c {
                  var sum: Float = 0
                  for tap in columns[column] {
                    sum += tap.weight * middle[(row * w + tap.place) * c + channel]
                  }
                  target[(row * w + column) * c + channel] = sum
                }
              }
            }
          }
        }
      }
    }
    return Variable(y, parents: [self]) { dy, _ in
      withExtendedLifetime(dy) {
        [
          Tensor(shape: x.shape) { dx in
            memset(dx, 0, x.count * 4)
            WorkerPool.shared.forEach(n) { picture in
              let (source, target) = (dy.source + picture * h * w * c, dx + picture * h * w * c)
              withScratch(h * w * c) { middle in
                memset(middle, 0, h * w * c * 4)
                for row in 0..<h {
                  for column in 0..<w {
                    for channel in 0..<c {
                      let value = source[(row * w + column) * c + channel]
                      for tap in columns[column] {
                        middle[(row * w + tap.place) * c + channel] += tap.weight * value
                      }
                    }
                  }
                }
                for row in 0..<h {
                  for tap in rows[row] {
                    let (from, to) = (middle + row * w * c, target + tap.place * w * c)
                    for i in 0..<w * c { to[i] += tap.weight * from[i] }
                  }
                }
              }
            }
          }
        ]
      }
    }
  }
}

/// Runs `body` with memory for `count` numbers.
private func withScratch(_ count: Int, _ body: (UnsafeMutablePointer<Float>) -> Void) {
  withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { buffer in
    if let base = buffer.baseAddress { body(base) }
  }
}

/// The place that each median was read from.
private final class Chosen {
  let places: UnsafeMutablePointer<Int32>

  init(count: Int) { places = .allocate(capacity: count) }
  deinit { places.deallocate() }
}
