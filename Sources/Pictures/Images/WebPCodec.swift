private import CWebP

/// WebP, lossy and lossless, through libwebp's simple interface.
enum WebPCodec {
  static func decode(
    _ bytes: [UInt8], name: String, limits: ImageLimits
  ) throws(ImageError) -> RGBImage {
    var features = WebPBitstreamFeatures()
    let status = WebPGetFeatures(bytes, bytes.count, &features)
    guard status == VP8_STATUS_OK else {
      throw .damaged(name: name, format: .webp, reason: reason(status))
    }
    guard features.has_animation == 0 else {
      throw .unsupported(name: name, format: .webp, feature: "an animation")
    }
    let (width, height) = (Int(features.width), Int(features.height))
    try limits.check(width: width, height: height, name: name)
    let hasAlpha = features.has_alpha != 0
    let channels = hasAlpha ? 4 : 3
    let count = width * height * channels
    var isComplete = false
    let values = [UInt8](unsafeUninitializedCapacity: count) { values, filled in
      let decode = hasAlpha ? WebPDecodeRGBAInto : WebPDecodeRGBInto
      isComplete =
        decode(bytes, bytes.count, values.baseAddress, count, Int32(width * channels)) != nil
      filled = isComplete ? count : 0
    }
    guard isComplete else {
      throw .damaged(name: name, format: .webp, reason: "its picture data is incomplete or broken")
    }
    let image =
      hasAlpha
      ? RGBImage(width: width, height: height, layingOnWhite: values)
      : RGBImage(width: width, height: height, pixels: values)
    return image.upright(from: ExifOrientation(webp: bytes))
  }

  private static func reason(_ status: VP8StatusCode) -> String {
    switch status {
    case VP8_STATUS_NOT_ENOUGH_DATA: "it ends within its header"
    case VP8_STATUS_UNSUPPORTED_FEATURE: "its header names an unknown feature"
    case VP8_STATUS_BITSTREAM_ERROR: "its header breaks the format's rules"
    default: "its header cannot be read (libwebp status \(status.rawValue))"
    }
  }
}
