/// A picture of 8-bit red, green and blue values.
///
/// Pixels lie row by row, three bytes each, without gaps: the value of channel `c` at column `x`
/// of row `y` is `pixels[(y * width + x) * 3 + c]`. Values are sRGB, 0…255.
public struct RGBImage: Equatable, Sendable {
  /// The number of columns.
  public let width: Int
  /// The number of rows.
  public let height: Int
  /// The values, row by row, channels interleaved; always `width * height * 3` of them.
  public var pixels: [UInt8] {
    didSet { Self.check(width, height, pixels.count) }
  }

  /// Creates a picture from its values.
  ///
  /// - Precondition: both sides are positive and `pixels.count == width * height * 3`.
  public init(width: Int, height: Int, pixels: [UInt8]) {
    Self.check(width, height, pixels.count)
    (self.width, self.height, self.pixels) = (width, height, pixels)
  }

  /// Creates a picture of one colour; black unless told otherwise.
  public init(width: Int, height: Int, red: UInt8 = 0, green: UInt8 = 0, blue: UInt8 = 0) {
    precondition(width > 0 && height > 0, "\(width)×\(height) is not a picture")
    var pixels = [UInt8](repeating: red, count: width * height * 3)
    if green != red || blue != red {
      for start in stride(from: 0, to: pixels.count, by: 3) {
        (pixels[start + 1], pixels[start + 2]) = (green, blue)
      }
    }
    self.init(width: width, height: height, pixels: pixels)
  }

  private static func check(_ width: Int, _ height: Int, _ count: Int) {
    precondition(width > 0 && height > 0, "\(width)×\(height) is not a picture")
    precondition(
      count == width * height * 3, "\(count) values cannot fill \(width)×\(height) RGB pixels")
  }
}
