extension RGBImage {
  /// Writes the picture as numbers −1…1 in the same order (row, column, channel).
  ///
  /// Each value becomes v/127.5 − 1.
  ///
  /// - Precondition: `floats.count == pixels.count`.
  public func floats(into floats: UnsafeMutableBufferPointer<Float>) {
    precondition(
      floats.count == pixels.count, "\(pixels.count) values do not fit \(floats.count) floats")
    for (index, value) in pixels.enumerated() { floats[index] = Float(value) / 127.5 - 1 }
  }

  /// Creates a picture from numbers −1…1 in the order row, column, channel.
  ///
  /// Each number becomes (v + 1)·127.5, rounded to the nearest and clamped to 0…255; NaN is 0.
  ///
  /// - Precondition: both sides are positive and `floats.count == width * height * 3`.
  public init(width: Int, height: Int, floats: UnsafeBufferPointer<Float>) {
    let pixels = [UInt8](unsafeUninitializedCapacity: floats.count) { pixels, filled in
      for index in 0..<floats.count { pixels[index] = UInt8(clamping: (floats[index] + 1) * 127.5) }
      filled = floats.count
    }
    self.init(width: width, height: height, pixels: pixels)
  }

  /// The brightness of each pixel, row by row: 0.299 R + 0.587 G + 0.114 B, rounded.
  ///
  /// Computed with 16 fractional bits; grey pixels keep their value exactly.
  ///
  /// Reference: ITU-R BT.601.
  public var luminance: [UInt8] {
    [UInt8](unsafeUninitializedCapacity: width * height) { grey, filled in
      pixels.withUnsafeBufferPointer { rgb in
        for index in 0..<width * height {
          let (red, green, blue) = (rgb[index * 3], rgb[index * 3 + 1], rgb[index * 3 + 2])
          // 19595 + 38470 + 7471 = 65536.
          let sum = 19_595 * UInt32(red) + 38_470 * UInt32(green) + 7_471 * UInt32(blue)
          grey.initializeElement(at: index, to: UInt8((sum + 32_768) >> 16))
        }
      }
      filled = width * height
    }
  }
}

extension UInt8 {
  /// Rounds a number to the nearest of 0…255, halves up; NaN is 0.
  ///
  /// Without a branch or a call, the compiler does several at once.
  @inline(__always)
  init(clamping value: Float) {
    // The order of the comparisons sends NaN to 0.
    let inside: Float = value > 0 ? (value < 255 ? value : 255) : 0
    // From 2²³ on, numbers are whole: the sum rounds to the nearest, halves to even ones. Its last bits
    // are then the whole number itself.
    let whole: Float = 8_388_608
    let even = (inside + whole) - whole
    let nearest = even + (inside - even == 0.5 ? 1 : 0)
    self.init(truncatingIfNeeded: (nearest + whole).bitPattern)
  }
}
