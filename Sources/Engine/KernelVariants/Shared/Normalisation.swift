public import KernelSupport
private import Glibc

/// Rows are added up in this many groups, which are then added in order: the sums are the same at
/// any number of threads.
private let groupLimit = 32

/// Rows whose single-precision sums are kept in one register before they go to double precision.
private let rowsPerSum = 256

extension Kernels {
  public func channelSums(
    _ x: Source, rows: Int, channels: Int, into sums: UnsafeMutablePointer<Double>
  ) {
    grouped(rows, channels, into: sums) { rows, sums in
      eachVector(channels) { c, few in
        for first in stride(from: rows.lowerBound, to: rows.upperBound, by: rowsPerSum) {
          var (s, q) = (splat(0), splat(0))
          for row in first..<min(rows.upperBound, first + rowsPerSum) {
            let v = loadSome(x + (row &* channels &+ c), few)
            s += v
            multiplyAdd(&q, v, v)
          }
          accumulate(s, into: sums + c, few)
          accumulate(q, into: sums + channels + c, few)
        }
      }
    }
  }

  public func scaleShift(
    _ x: Source, rows: Int, channels: Int, scale: Source, shift: Source, slope: Float,
    into y: Destination
  ) {
    let slopes = splat(slope)
    eachRowBlock(rows) { rows in
      for row in rows {
        let (p, q) = (x + row &* channels, y + row &* channels)
        eachVector(channels) { c, few in
          let z = loadSome(p + c, few) * loadSome(scale + c, few) + loadSome(shift + c, few)
          storeSome(leaky(z, slopes), q + c, few)
        }
      }
    }
  }

  public func scaleShiftSums(
    _ x: Source, _ dy: Source, rows: Int, channels: Int, scale: Source, shift: Source,
    slope: Float, into sums: UnsafeMutablePointer<Double>
  ) {
    let (slopes, zero) = (splat(slope), splat(0))
    grouped(rows, channels, into: sums) { rows, sums in
      eachVector(channels) { c, few in
        let (a, b) = (loadSome(scale + c, few), loadSome(shift + c, few))
        for first in stride(from: rows.lowerBound, to: rows.upperBound, by: rowsPerSum) {
          var (s, q) = (splat(0), splat(0))
          for row in first..<min(rows.upperBound, first + rowsPerSum) {
            let v = loadSome(x + (row &* channels &+ c), few)
            let d = loadSome(dy + (row &* channels &+ c), few)
            let g = d.replacing(with: d * slopes, where: v * a + b .<= zero)
            s += g
            multiplyAdd(&q, g, v)
          }
          accumulate(s, into: sums + c, few)
          accumulate(q, into: sums + channels + c, few)
        }
      }
    }
  }

  public func scaleShiftGradient(
    _ x: Source, _ dy: Source, rows: Int, channels: Int, scale: Source, shift: Source,
    slope: Float, a: Source, b: Source, c: Source, into dx: Destination
  ) {
    let (slopes, zero) = (splat(slope), splat(0))
    eachRowBlock(rows) { rows in
      for row in rows {
        let (p, q, r) = (x + row &* channels, dy + row &* channels, dx + row &* channels)
        eachVector(channels) { i, few in
          let (v, d) = (loadSome(p + i, few), loadSome(q + i, few))
          let z = v * loadSome(scale + i, few) + loadSome(shift + i, few)
          let g = d.replacing(with: d * slopes, where: z .<= zero)
          let correction = loadSome(b + i, few) * v + loadSome(c + i, few)
          storeSome(loadSome(a + i, few) * g - correction, r + i, few)
        }
      }
    }
  }
}

/// Adds up rows in groups and then the groups in order; `body` adds its rows to its own sums.
///
/// - `perGroup`: a group has at least so many rows.
@inline(__always)
func grouped(
  _ rows: Int, _ channels: Int, perGroup: Int = 64, into sums: UnsafeMutablePointer<Double>,
  _ body: (Range<Int>, UnsafeMutablePointer<Double>) -> Void
) {
  let groups = max(1, min(groupLimit, rows / perGroup))
  let partial = UnsafeMutablePointer<Double>.allocate(capacity: groups * 2 * channels)
  defer { partial.deallocate() }
  partial.initialize(repeating: 0, count: groups * 2 * channels)
  WorkerPool.shared.forEachUnchecked(groups) { group in
    body(
      group * rows / groups..<(group + 1) * rows / groups, partial + group * 2 * channels)
  }
  for i in 0..<2 * channels {
    var sum = 0.0
    for group in 0..<groups { sum += partial[group * 2 * channels + i] }
    sums[i] = sum
  }
}
