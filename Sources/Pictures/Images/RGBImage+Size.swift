private import CTurboJPEG
private import CWebP

extension RGBImage {
  /// The number of pixels that a file promises, before anything is decoded; 0 if it promises none that can be
  /// read.
  ///
  /// - `bytes`: the whole file.
  public static func pixelCount(of bytes: [UInt8]) -> Int {
    var (width, height): (Int32, Int32) = (0, 0)
    switch ImageFormat(sniffing: bytes) {
    case .png:
      guard bytes.count >= 24 else { return 0 }
      // The header is the first chunk; libpng refuses sides of 2³¹ and more.
      func side(_ place: Int) -> Int32 {
        Int32(clamping: bytes[place..<place + 4].reduce(0) { $0 << 8 | Int($1) })
      }
      (width, height) = (side(16), side(20))
    case .jpeg:
      guard let handle = tjInitDecompress() else { return 0 }
      defer { tjDestroy(handle) }
      var (subsampling, colours): (Int32, Int32) = (0, 0)
      tjDecompressHeader3(
        handle, bytes, UInt(bytes.count), &width, &height, &subsampling, &colours)
    case .webp:
      var features = WebPBitstreamFeatures()
      guard WebPGetFeatures(bytes, bytes.count, &features) == VP8_STATUS_OK else { return 0 }
      (width, height) = (features.width, features.height)
    case nil: return 0
    }
    return max(0, Int(width)) * max(0, Int(height))
  }
}
