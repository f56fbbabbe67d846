private import CPNG

/// PNG through libpng's simplified interface, which returns errors instead of jumping.
enum PNGCodec {
  static func decode(
    _ bytes: [UInt8], name: String, limits: ImageLimits
  ) throws(ImageError) -> RGBImage {
    let orientation = ExifOrientation(png: bytes)
    // libpng keeps the address of the bytes between the two calls, hence one closure.
    return try bytes.withUnsafeBufferPointer { (bytes) throws(ImageError) -> RGBImage in
      var image = png_image()
      image.version = UInt32(PNG_IMAGE_VERSION)
      defer { png_image_free(&image) }
      guard png_image_begin_read_from_memory(&image, bytes.baseAddress, bytes.count) != 0 else {
        throw .damaged(name: name, format: .png, reason: message(of: image))
      }
      let (width, height) = (Int(image.width), Int(image.height))
      try limits.check(width: width, height: height, name: name)
      let hasAlpha = image.format & UInt32(PNG_FORMAT_FLAG_ALPHA) != 0
      image.format = UInt32(PNG_FORMAT_FLAG_COLOR) | (hasAlpha ? UInt32(PNG_FORMAT_FLAG_ALPHA) : 0)
      // Without this flag libpng takes 16-bit values for linear light and brightens them.
      image.flags |= UInt32(PNG_IMAGE_FLAG_16BIT_sRGB)
      let count = width * height * (hasAlpha ? 4 : 3)
      var isComplete = false
      let values = [UInt8](unsafeUninitializedCapacity: count) { values, filled in
        isComplete = png_image_finish_read(&image, nil, values.baseAddress, 0, nil) != 0
        filled = isComplete ? count : 0
      }
      guard isComplete else {
        throw .damaged(name: name, format: .png, reason: message(of: image))
      }
      let decoded =
        hasAlpha
        ? RGBImage(width: width, height: height, layingOnWhite: values)
        : RGBImage(width: width, height: height, pixels: values)
      return decoded.upright(from: orientation)
    }
  }

  static func encode(_ picture: RGBImage) throws(ImageError) -> [UInt8] {
    var image = png_image()
    image.version = UInt32(PNG_IMAGE_VERSION)
    defer { png_image_free(&image) }
    guard let width = UInt32(exactly: picture.width), let height = UInt32(exactly: picture.height),
      picture.pixels.count < 1 << 31
    else { throw .notEncodable(format: .png, reason: "it has more than 2³¹ values") }
    (image.width, image.height, image.format) = (width, height, UInt32(PNG_FORMAT_FLAG_COLOR))
    // zlib's bound for stored blocks, 12 bytes around each 8 KB chunk, and the fixed chunks.
    let raw = picture.pixels.count + picture.height
    var size = raw + raw >> 12 + raw >> 14 + raw / 8192 * 12 + 1024
    var isComplete = false
    let bytes = [UInt8](unsafeUninitializedCapacity: size) { bytes, filled in
      isComplete =
        png_image_write_to_memory(&image, bytes.baseAddress, &size, 0, picture.pixels, 0, nil) != 0
      filled = isComplete ? size : 0
    }
    guard isComplete else { throw .notEncodable(format: .png, reason: message(of: image)) }
    return bytes
  }

  /// The library's own words: a fixed array of characters ended by a zero.
  private static func message(of image: png_image) -> String {
    let text = withUnsafeBytes(of: image.message) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    return text.isEmpty ? "libpng gives no reason" : text
  }
}
