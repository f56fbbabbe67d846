import Images
import Testing

@Suite struct ImageLimitsTests {
  /// A PNG header that promises a picture of `width`×`height` and holds a checksum, but no pixels.
  static func header(width: UInt32, height: UInt32) throws -> [UInt8] {
    var bytes = Array(try golden("rgb.png"))
    for index in 0..<4 {
      bytes[16 + index] = UInt8(truncatingIfNeeded: width >> (24 - 8 * index))
      bytes[20 + index] = UInt8(truncatingIfNeeded: height >> (24 - 8 * index))
    }
    let checksum = crc32(bytes[12..<29])
    for index in 0..<4 {
      bytes[29 + index] = UInt8(truncatingIfNeeded: checksum >> (24 - 8 * index))
    }
    return bytes
  }

  /// The checksum of PNG chunks, bit by bit (PNG specification, annex D).
  static func crc32(_ bytes: ArraySlice<UInt8>) -> UInt32 {
    ~bytes.reduce(0xFFFF_FFFF as UInt32) { sum, byte in
      (0..<8).reduce(sum ^ UInt32(byte)) { value, _ in
        value & 1 == 1 ? 0xEDB8_8320 ^ (value >> 1) : value >> 1
      }
    }
  }

  @Test("a huge promised size is refused before its pixels are allocated")
  func hugeHeader() throws {
    // 900000×900000 RGB pixels would need 2.4 TB.
    let bytes = try Self.header(width: 900_000, height: 900_000)
    #expect(
      throws: ImageError.sideTooLong(name: "h", width: 900_000, height: 900_000, limit: 10_000)
    ) { try RGBImage.decode(bytes, name: "h") }
    let wide = ImageLimits(side: 1_000_000)
    #expect(
      throws: ImageError.tooManyPixels(
        name: "h", width: 900_000, height: 900_000, limit: 50_000_000)
    ) { try RGBImage.decode(bytes, name: "h", limits: wide) }
  }

  @Test(
    "each limit is refused one beyond it and accepted at it",
    arguments: ["rgb.png", "rgb.jpg", "lossy.webp"])
  func boundaries(file: String) throws {
    let bytes = try golden(file)
    let (width, height) = (20, 17)
    let exact = ImageLimits(
      bytes: bytes.count, pixels: width * height, side: width, minimumSide: height)
    #expect(throws: Never.self) { try RGBImage.decode(bytes, name: "e", limits: exact) }

    var limits = exact
    limits.bytes -= 1
    #expect(
      throws: ImageError.tooManyBytes(name: "e", bytes: bytes.count, limit: bytes.count - 1)
    ) { try RGBImage.decode(bytes, name: "e", limits: limits) }
    limits = exact
    limits.pixels -= 1
    #expect(
      throws: ImageError.tooManyPixels(name: "e", width: 20, height: 17, limit: 339)
    ) { try RGBImage.decode(bytes, name: "e", limits: limits) }
    limits = exact
    limits.side -= 1
    #expect(
      throws: ImageError.sideTooLong(name: "e", width: 20, height: 17, limit: 19)
    ) { try RGBImage.decode(bytes, name: "e", limits: limits) }
    limits = exact
    limits.minimumSide += 1
    #expect(
      throws: ImageError.sideTooShort(name: "e", width: 20, height: 17, limit: 18)
    ) { try RGBImage.decode(bytes, name: "e", limits: limits) }
  }

  static let messages: [(ImageError, String)] = [
    (.missing(name: "a.png"), "'a.png' does not exist"),
    (.notAFile(name: "a"), "'a' is not a regular file; expected a picture"),
    (.unreadable(name: "a", reason: "no"), "'a' cannot be read: no"),
    (.empty(name: "a"), "'a' is empty; expected a PNG, JPEG or WebP picture"),
    (.tooManyBytes(name: "a", bytes: 9, limit: 8), "'a' has 9 bytes; the limit is 8"),
    (.unknownFormat(name: "a"), "'a' is not a PNG, JPEG or WebP picture"),
    (
      .tooManyPixels(name: "a", width: 3, height: 4, limit: 10),
      "'a' is 3×4 pixels; the limit is 10 pixels in all"
    ),
    (
      .sideTooLong(name: "a", width: 9, height: 4, limit: 8),
      "'a' is 9×4 pixels; the limit is 8 per side"
    ),
    (
      .sideTooShort(name: "a", width: 9, height: 4, limit: 16),
      "'a' is 9×4 pixels; expected at least 16 per side"
    ),
    (
      .damaged(name: "a", format: .webp, reason: "it ends"),
      "'a' is a damaged WebP picture: it ends"
    ),
    (
      .unsupported(name: "a", format: .jpeg, feature: "CMYK colours"),
      "'a' is a JPEG picture with CMYK colours, which is not supported"
    ),
    (
      .notEncodable(format: .png, reason: "it is too large"),
      "the picture cannot be written as PNG: it is too large"
    ),
    (.unwritable(name: "a", reason: "disk full"), "'a' cannot be written: disk full"),
  ]

  @Test("every error says what was wrong and what was expected", arguments: messages)
  func description(error: ImageError, text: String) {
    #expect(error.description == text)
  }
}
