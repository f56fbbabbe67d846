/// A decoded picture and the format it came in.
public struct DecodedImage: Equatable, Sendable {
  /// The picture, upright.
  public let image: RGBImage
  /// The format of the file.
  public let format: ImageFormat

  /// Creates the pair.
  public init(image: RGBImage, format: ImageFormat) {
    (self.image, self.format) = (image, format)
  }
}

extension RGBImage {
  /// Decodes a PNG, JPEG or WebP file held in memory.
  ///
  /// Grey, palette and 16-bit pictures become 8-bit RGB. Transparent pixels are laid on white, in
  /// sRGB values. Pictures are turned upright by their EXIF orientation. Colour profiles are ignored.
  /// Sizes are checked before pixels are allocated. Refused: animated WebP, CMYK JPEG, JPEG with more than
  /// 100 scans, and any file that its decoder calls damaged, even if a part could be shown. Stray bytes
  /// before the markers of a JPEG are no damage.
  ///
  /// - Parameters:
  ///   - bytes: the whole file.
  ///   - name: what error messages call the picture.
  ///   - limits: how large it may be.
  /// - Returns: the upright picture and the format it came in.
  /// - Throws: ``ImageError`` that says what was wrong and what was expected.
  public static func decode(
    _ bytes: [UInt8], name: String, limits: ImageLimits = .standard
  ) throws(ImageError) -> DecodedImage {
    try limits.check(byteCount: bytes.count, name: name)
    guard let format = ImageFormat(sniffing: bytes) else { throw .unknownFormat(name: name) }
    let image =
      switch format {
      case .png: try PNGCodec.decode(bytes, name: name, limits: limits)
      case .jpeg: try JPEGCodec.decode(bytes, name: name, limits: limits)
      case .webp: try WebPCodec.decode(bytes, name: name, limits: limits)
      }
    return DecodedImage(image: image, format: format)
  }

  /// Creates a picture from red, green, blue and opacity values by laying it on white.
  ///
  /// Each channel becomes (α·c + (255 − α)·255)/255, rounded; α = 255 is opaque.
  init(width: Int, height: Int, layingOnWhite rgba: [UInt8]) {
    let count = width * height
    precondition(rgba.count == count * 4, "\(rgba.count) values are not \(count) RGBA pixels")
    let pixels = [UInt8](unsafeUninitializedCapacity: count * 3) { rgb, filled in
      for pixel in 0..<count {
        let alpha = Int(rgba[pixel * 4 + 3])
        for channel in 0..<3 {
          let value = alpha * Int(rgba[pixel * 4 + channel]) + (255 - alpha) * 255
          rgb.initializeElement(at: pixel * 3 + channel, to: UInt8((value + 127) / 255))
        }
      }
      filled = count * 3
    }
    self.init(width: width, height: height, pixels: pixels)
  }
}
