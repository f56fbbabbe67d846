private import Glibc
private import KernelSupport
internal import Tensors

/// Where each pixel of a moved picture comes from: places of the old one and their weights.
public struct WarpTable: Sendable {
  /// Rows and columns before and after.
  public let oldRows, oldColumns, rows, columns: Int
  /// Whether the order of the channels is turned round.
  public let reversesChannels: Bool
  private let places: [Int32]
  private let weights: [Float]

  /// Places a pixel is made of.
  private static let taps = 16

  /// Creates the table of a picture that is moved, by bicubic interpolation (Keys, 1981, a = −1/2); beyond
  /// its edge a picture repeats.
  ///
  /// - `back`: where in the old picture a pixel (column, row) of the new one comes from.
  /// - Precondition: sizes are positive.
  public init(
    from old: (rows: Int, columns: Int), to new: (rows: Int, columns: Int),
    reversesChannels: Bool = false, back: (_ x: Double, _ y: Double) -> (x: Double, y: Double)
  ) {
    precondition(
      old.rows > 0 && old.columns > 0 && new.rows > 0 && new.columns > 0,
      "\(old) pixels cannot become \(new)")
    (oldRows, oldColumns, rows, columns) = (old.rows, old.columns, new.rows, new.columns)
    self.reversesChannels = reversesChannels
    var (places, weights): ([Int32], [Float]) = ([], [])
    places.reserveCapacity(Self.taps * new.rows * new.columns)
    weights.reserveCapacity(Self.taps * new.rows * new.columns)
    for row in 0..<new.rows {
      for column in 0..<new.columns {
        let (x, y) = back(Double(column), Double(row))
        let (across, down) = (Self.cubic(x, old.columns), Self.cubic(y, old.rows))
        for i in 0..<4 {
          for j in 0..<4 {
            places.append(Int32(down[i].place * old.columns + across[j].place))
            weights.append(Float(down[i].weight * across[j].weight))
          }
        }
      }
    }
    (self.places, self.weights) = (places, weights)
  }

  /// The four places around a coordinate, and their weights.
  private static func cubic(_ x: Double, _ length: Int) -> [(place: Int, weight: Double)] {
    // Far outside, the edge is all there is.
    let inside = min(Double(length) + 2, max(-3, x))
    let first = floor(inside)
    let t = inside - first
    let near = [t + 1, t, 1 - t, 2 - t]
    return near.indices.map { index in
      let d = near[index]
      let weight =
        d < 1
        ? (1.5 * d - 2.5) * d * d + 1 : ((-0.5 * d + 2.5) * d - 4) * d + 2
      return (min(length - 1, max(0, Int(first) - 1 + index)), weight)
    }
  }

  fileprivate func forward(_ x: Tensor) -> Tensor {
    let (n, h, w, c) = sizes(of: x)
    return x.read { source in
      Tensor(shape: [n, rows, columns, c]) { y in
        // Unchecked: each iteration writes its own picture.
        nonisolated(unsafe) let (source, y) = (source, y)
        WorkerPool.shared.forEach(n) { picture in
          each { pixel, tap, place, weight in
            let from = source + (picture * h * w + place) * c
            let to = y + (picture * rows * columns + pixel) * c
            for channel in 0..<c {
              let value = weight * from[reversesChannels ? c - 1 - channel : channel]
              to[channel] = tap == 0 ? value : to[channel] + value
            }
          }
        }
      }
    }
  }

  fileprivate func backward(_ dy: Tensor, shape: [Int]) -> Tensor {
    let (n, h, w, c) = (shape[0], shape[1], shape[2], shape[3])
    return dy.read { source in
      Tensor(shape: shape) { dx in
        memset(dx, 0, n * h * w * c * 4)
        // Unchecked: each iteration writes its own picture.
        nonisolated(unsafe) let (source, dx) = (source, dx)
        WorkerPool.shared.forEach(n) { picture in
          each { pixel, _, place, weight in
            let to = dx + (picture * h * w + place) * c
            let from = source + (picture * rows * columns + pixel) * c
            for channel in 0..<c {
              to[reversesChannels ? c - 1 - channel : channel] += weight * from[channel]
            }
          }
        }
      }
    }
  }

  @inline(__always)
  private func each(_ body: (_ pixel: Int, _ tap: Int, _ place: Int, _ weight: Float) -> Void) {
    places.withUnsafeBufferPointer { places in
      weights.withUnsafeBufferPointer { weights in
        for pixel in 0..<rows * columns {
          for tap in 0..<Self.taps {
            let index = pixel * Self.taps + tap
            body(pixel, tap, Int(places[index]), weights[index])
          }
        }
      }
    }
  }
}

extension Variable {
  /// Each picture moved as a table says: (batch, row, column, channel) to (batch, rows, columns, channel).
  ///
  /// Gradients go through.
  ///
  /// - Precondition: the table is for pictures of this size.
  public func warped(by table: WarpTable) -> Variable {
    let shape = value.shape
    precondition(
      shape.count == 4 && shape[1] == table.oldRows && shape[2] == table.oldColumns,
      "a table for \(table.oldRows)×\(table.oldColumns) pixels, and pictures of \(shape)")
    return Variable(table.forward(value), parents: [self]) { dy, _ in
      [table.backward(dy, shape: shape)]
    }
  }
}
