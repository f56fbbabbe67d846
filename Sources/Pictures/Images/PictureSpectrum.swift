private import Foundation

/// The power of a picture's brightness by spatial frequency, through a Hann window.
///
/// The mean is taken off before; frequencies are in cycles a pixel, up to 1/2.
public struct PictureSpectrum: Sendable {
  /// Rows and columns of the picture.
  public let side: Int
  /// |F|² by frequency down and across, each 0…side − 1 in units of 1/side; above side/2 negative ones.
  public let power: [Double]

  /// Transforms a square picture; nil of another one, or of one below 8×8 pixels.
  public init?(_ picture: RGBImage) {
    let side = picture.width
    guard side == picture.height, side >= 8 else { return nil }
    let grey = picture.luminance.map(Double.init)
    let mean = grey.reduce(0, +) / Double(grey.count)
    let angles = (0..<side).map { 2 * Double.pi * Double($0) / Double(side) }
    let (cosines, sines) = (angles.map(Foundation.cos), angles.map(Foundation.sin))
    let window = cosines.map { 0.5 - 0.5 * $0 }
    // Rows first, real to complex, then columns; at this size a fast transform saves nothing.
    var (real, imaginary) = (
      [Double](repeating: 0, count: side * side), [Double](repeating: 0, count: side * side)
    )
    for row in 0..<side {
      let values = (0..<side).map { (grey[row * side + $0] - mean) * window[row] * window[$0] }
      for k in 0..<side {
        var (a, b) = (0.0, 0.0)
        for x in 0..<side {
          a += values[x] * cosines[k * x % side]
          b -= values[x] * sines[k * x % side]
        }
        (real[row * side + k], imaginary[row * side + k]) = (a, b)
      }
    }
    var power = [Double](repeating: 0, count: side * side)
    for k in 0..<side {
      let column = (0..<side).map { (real[$0 * side + k], imaginary[$0 * side + k]) }
      for l in 0..<side {
        var (a, b) = (0.0, 0.0)
        for (y, value) in column.enumerated() {
          let (c, s) = (cosines[l * y % side], sines[l * y % side])
          a += value.0 * c + value.1 * s
          b += value.1 * c - value.0 * s
        }
        power[l * side + k] = a * a + b * b
      }
    }
    (self.side, self.power) = (side, power)
  }

  /// The power at a frequency, whole numbers of cycles a side, of any sign.
  public func power(down: Int, across: Int) -> Double {
    func place(_ cycles: Int) -> Int { (cycles % side + side) % side }
    return power[place(down) * side + place(across)]
  }

  /// The power of all frequencies above one, in cycles a pixel.
  public func energy(above frequency: Double) -> Double {
    let limit = frequency * Double(side)
    let cycles = (0..<side).map { Double($0 > side / 2 ? $0 - side : $0) }
    var sum = 0.0
    for (row, y) in cycles.enumerated() {
      for (column, x) in cycles.enumerated() where x * x + y * y > limit * limit {
        sum += power[row * side + column]
      }
    }
    return sum
  }

  /// How far each frequency of both axes stands out, for 1…side/2 − 1 cycles a side, from index 0 on.
  ///
  /// The power on the two axes over the mean of the eight frequencies around: a grid of rows or columns
  /// is a peak on an axis, and what a picture shows is none.
  public var axisPeaks: [Double] {
    (1..<side / 2).map { k in
      var (own, around) = (0.0, 0.0)
      for (down, across) in [(k, 0), (0, k)] {
        own += power(down: down, across: across)
        for y in -1...1 {
          for x in -1...1 where x != 0 || y != 0 {
            around += power(down: down + y, across: across + x) / 8
          }
        }
      }
      return around > 0 ? own / around : 0
    }
  }
}
