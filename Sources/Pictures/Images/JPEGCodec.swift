private import CTurboJPEG

/// JPEG through libjpeg-turbo's TurboJPEG interface.
enum JPEGCodec {
  /// The most scans a file may have; a progressive photograph has about ten, and each one costs
  /// a pass over the whole picture.
  static let scanLimit = 100

  static func decode(
    _ bytes: [UInt8], name: String, limits: ImageLimits
  ) throws(ImageError) -> RGBImage {
    let decoder = try JPEGHandle(tjInitDecompress(), name: name)
    let handle = decoder.handle
    var (width, height, subsampling, colours): (Int32, Int32, Int32, Int32) = (0, 0, 0, 0)
    let status = tjDecompressHeader3(
      handle, bytes, UInt(bytes.count), &width, &height, &subsampling, &colours)
    guard status == 0 || (decoder.hasWarned && width > 0) else { throw decoder.damaged(name) }
    try limits.check(width: Int(width), height: Int(height), name: name)
    guard colours != Int32(TJCS_CMYK.rawValue), colours != Int32(TJCS_YCCK.rawValue) else {
      throw .unsupported(name: name, format: .jpeg, feature: "CMYK colours")
    }
    guard scanCount(bytes) <= scanLimit else {
      throw .unsupported(name: name, format: .jpeg, feature: "more than \(scanLimit) scans")
    }
    let count = Int(width) * Int(height) * 3
    var isComplete = false
    var reason: String?
    let pixels = [UInt8](unsafeUninitializedCapacity: count) { pixels, filled in
      // A decoder that stops at the first warning refuses a truncated file instead of filling
      // the rest with grey.
      isComplete =
        tjDecompress2(
          handle, bytes, UInt(bytes.count), pixels.baseAddress, width, 0, height,
          Int32(TJPF_RGB.rawValue), TJFLAG_STOPONWARNING) == 0
      if !isComplete, decoder.hasWarned {
        // Stray bytes before a marker, as some cameras leave them, cost no pixel.
        reason = decodeWithStrayBytes(bytes, pixels.baseAddress, (width, height))
        isComplete = reason == nil
      }
      filled = isComplete ? count : 0
    }
    guard isComplete else {
      throw reason.map { .damaged(name: name, format: .jpeg, reason: $0) } ?? decoder.damaged(name)
    }
    let image = RGBImage(width: Int(width), height: Int(height), pixels: pixels)
    return image.upright(from: ExifOrientation(jpeg: bytes))
  }

  /// Decodes a file that has nothing wrong with it but stray bytes; nil, or why that is not all.
  private static func decodeWithStrayBytes(
    _ bytes: [UInt8], _ pixels: UnsafeMutablePointer<UInt8>?, _ size: (width: Int32, height: Int32)
  ) -> String? {
    var message = [CChar](repeating: 0, count: facewarden_jpeg_message_length())
    let status = facewarden_decode_jpeg_with_stray_bytes(
      bytes, UInt(bytes.count), pixels, UInt32(size.width), UInt32(size.height), &message)
    guard status != 0 else { return nil }
    return String(
      decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  static func encode(
    _ picture: RGBImage, quality: Int, subsampling: ChromaSubsampling
  ) throws(ImageError) -> [UInt8] {
    precondition((1...100).contains(quality), "JPEG quality \(quality) is not in 1…100")
    guard max(picture.width, picture.height) <= 65_500 else {
      throw .notEncodable(format: .jpeg, reason: "a side is longer than 65500 pixels")
    }
    let encoder = try JPEGHandle(tjInitCompress(), name: "JPEG encoder")
    let (width, height) = (Int32(picture.width), Int32(picture.height))
    let sampling = Int32(subsampling == .none ? TJSAMP_444.rawValue : TJSAMP_420.rawValue)
    var size = tjBufSize(width, height, sampling)
    var isComplete = false
    let bytes = [UInt8](unsafeUninitializedCapacity: Int(size)) { bytes, filled in
      var start = bytes.baseAddress
      // NOREALLOC: the buffer has the size that the library calls sufficient.
      isComplete =
        tjCompress2(
          encoder.handle, picture.pixels, width, 0, height, Int32(TJPF_RGB.rawValue), &start,
          &size, sampling, Int32(quality), TJFLAG_NOREALLOC) == 0
      filled = isComplete ? Int(size) : 0
    }
    guard isComplete else { throw .notEncodable(format: .jpeg, reason: encoder.message) }
    return bytes
  }

  /// Counts start-of-scan markers; chance pairs inside metadata may add a few.
  private static func scanCount(_ bytes: [UInt8]) -> Int {
    bytes.withUnsafeBufferPointer { bytes in
      var count = 0
      for index in bytes.indices.dropLast() where bytes[index] == 0xFF && bytes[index + 1] == 0xDA {
        count += 1
      }
      return count
    }
  }
}

/// The owner of one TurboJPEG state.
private final class JPEGHandle {
  let handle: tjhandle

  init(_ handle: tjhandle?, name: String) throws(ImageError) {
    guard let handle else {
      throw .damaged(name: name, format: .jpeg, reason: "no memory for the codec")
    }
    self.handle = handle
  }

  deinit { tjDestroy(handle) }

  /// The library's own words on the last failure.
  var message: String { String(cString: tjGetErrorStr2(handle)) }

  /// Whether the last failure was a warning.
  var hasWarned: Bool { tjGetErrorCode(handle) == Int32(TJERR_WARNING.rawValue) }

  func damaged(_ name: String) -> ImageError {
    .damaged(name: name, format: .jpeg, reason: message)
  }
}
