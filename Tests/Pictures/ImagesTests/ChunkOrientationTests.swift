import Testing

@testable import Images

/// EXIF in PNG and WebP files, and EXIF that is a little odd.
@Suite struct ChunkOrientationTests {
  /// A chunk of PNG; its sum is not looked at by who reads metadata.
  static func png(_ exif: [UInt8], of bytes: [UInt8]) -> [UInt8] {
    let chunk = Array("eXIf".utf8) + exif
    let sum = crc(chunk)
    let end = bytes.count - 12
    return bytes[..<end] + big(exif.count) + chunk + big(Int(sum)) + bytes[end...]
  }

  /// A WebP file with its metadata: the simple form becomes the extended one.
  static func webp(_ exif: [UInt8], of bytes: [UInt8], width: Int, height: Int) -> [UInt8] {
    let size = { (x: Int) in [UInt8(x & 255), UInt8(x >> 8 & 255), UInt8(x >> 16 & 255)] }
    let extended: [UInt8] =
      Array("VP8X".utf8) + little(10) + [8, 0, 0, 0] + size(width - 1) + size(height - 1)
    let padding = [UInt8](repeating: 0, count: exif.count % 2)
    let metadata = Array("EXIF".utf8) + little(exif.count) + exif + padding
    let rest = Array("WEBP".utf8) + extended + bytes[12...] + metadata
    return Array("RIFF".utf8) + little(rest.count) + rest
  }

  static func big(_ number: Int) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(number >> $0 & 255) }
  }
  static func little(_ number: Int) -> [UInt8] { big(number).reversed() }

  static func crc(_ bytes: [UInt8]) -> UInt32 {
    var sum = UInt32.max
    for byte in bytes {
      sum ^= UInt32(byte)
      for _ in 0..<8 {
        let isOdd = sum & 1 == 1
        sum >>= 1
        if isOdd { sum ^= 0xEDB8_8320 }
      }
    }
    return ~sum
  }

  @Test("a PNG and a WebP are turned upright like a JPEG", arguments: 1...8)
  func turned(value: Int) throws {
    let exif = ExifOrientationTests.tiff(UInt8(value), isLittleEndian: value % 2 == 0)
    let png = try golden("rgb.png")
    let stored = try RGBImage.decode(png, name: "p").image
    let orientation = try #require(ExifOrientation(rawValue: value))
    for exif in [exif, Array("Exif\0\0".utf8) + exif] {
      let found = try RGBImage.decode(Self.png(exif, of: png), name: "p").image
      #expect(found == stored.upright(from: orientation))
    }
    let webp = try golden("lossless.webp")
    let plain = try RGBImage.decode(webp, name: "w").image
    let found = try RGBImage.decode(
      Self.webp(exif, of: webp, width: plain.width, height: plain.height), name: "w"
    ).image
    #expect(found == plain.upright(from: orientation))
  }

  @Test(
    "an orientation of one or four bytes counts, and so does the second block if the first has none"
  )
  func odd() throws {
    let jpeg = try golden("rgb.jpg")
    var tiff = ExifOrientationTests.tiff(6, isLittleEndian: true)
    for type in [1, 3, 4] {
      tiff[12] = UInt8(type)
      #expect(ExifOrientation(jpeg: ExifOrientationTests.photograph(tiff, of: jpeg)).rawValue == 6)
    }
    tiff[12] = 3
    let empty: [UInt8] = [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 0, 0]
    let both = ExifOrientationTests.photograph(
      empty, of: ExifOrientationTests.photograph(tiff, of: jpeg))
    #expect(ExifOrientation(jpeg: both).rawValue == 6)
    var filled = ExifOrientationTests.photograph(tiff, of: jpeg)
    filled[11] = 0x7F
    #expect(ExifOrientation(jpeg: filled).rawValue == 6)
  }

  @Test("every beginning of a file with metadata is survived") func prefixes() throws {
    let exif = ExifOrientationTests.tiff(3, isLittleEndian: false)
    let png = Self.png(exif, of: try golden("rgb.png"))
    let webp = Self.webp(exif, of: try golden("lossless.webp"), width: 16, height: 16)
    for length in 0..<max(png.count, webp.count) {
      _ = ExifOrientation(png: Array(png.prefix(length)))
      _ = ExifOrientation(webp: Array(webp.prefix(length)))
    }
  }
}
