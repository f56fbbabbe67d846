/// How large a picture may be; checked before its pixels are allocated.
public struct ImageLimits: Equatable, Sendable, Codable {
  /// The largest file, in bytes.
  public var bytes: Int
  /// The largest number of pixels.
  public var pixels: Int
  /// The longest side, in pixels.
  public var side: Int
  /// The shortest side, in pixels.
  public var minimumSide: Int

  /// Creates limits; the defaults admit a photograph of 50 million pixels in 20 MB.
  public init(
    bytes: Int = 20_000_000, pixels: Int = 50_000_000, side: Int = 10_000, minimumSide: Int = 16
  ) {
    (self.bytes, self.pixels, self.side, self.minimumSide) = (bytes, pixels, side, minimumSide)
  }

  /// The limits used where none are given.
  public static let standard = ImageLimits()

  func check(byteCount: Int, name: String) throws(ImageError) {
    guard byteCount > 0 else { throw .empty(name: name) }
    guard byteCount <= bytes else {
      throw .tooManyBytes(name: name, bytes: byteCount, limit: bytes)
    }
  }

  func check(width: Int, height: Int, name: String) throws(ImageError) {
    guard max(width, height) <= side else {
      throw .sideTooLong(name: name, width: width, height: height, limit: side)
    }
    guard min(width, height) >= max(1, minimumSide) else {
      throw .sideTooShort(name: name, width: width, height: height, limit: max(1, minimumSide))
    }
    let (count, overflow) = width.multipliedReportingOverflow(by: height)
    guard !overflow, count <= pixels else {
      throw .tooManyPixels(name: name, width: width, height: height, limit: pixels)
    }
  }
}
