import Testing

@testable import Images

@Suite struct ExifOrientationTests {
  /// The bytes of a TIFF structure with orientation `value`.
  static func tiff(_ value: UInt8, isLittleEndian: Bool) -> [UInt8] {
    isLittleEndian
      ? [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 1, 0, 0x12, 0x01, 3, 0, 1, 0, 0, 0, value, 0, 0, 0]
      : [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, value, 0, 0]
  }

  /// A JPEG with the TIFF structure put in right after its first marker.
  static func photograph(_ tiff: [UInt8], of jpeg: [UInt8]) -> [UInt8] {
    let length = tiff.count + 8
    return jpeg[..<2] + [0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)]
      + Array("Exif\0\0".utf8) + tiff + jpeg[2...]
  }

  /// Where the four corners of the stored picture (top left A, top right B, bottom left C, bottom
  /// right D) stand when it is upright, in reading order; EXIF 2.32, table 6.
  static let corners = [
    "ABCD", "BADC", "DCBA", "CDAB", "ACBD", "CADB", "DBCA", "BDAC",
  ]

  @Test("all eight orientations are turned upright", arguments: 1...8, [true, false])
  func orientations(value: Int, isLittleEndian: Bool) throws {
    // Four flat quarters A 0, B 60, C 120, D 180 in a wide picture.
    let stored = picture(32, 16) { x, y in
      let grey = (x < 16 ? 0 : 60) + (y < 8 ? 0 : 120)
      return (grey, grey, grey)
    }
    let bytes = Self.photograph(
      Self.tiff(UInt8(value), isLittleEndian: isLittleEndian),
      of: try stored.jpegData(quality: 100, subsampling: .none))
    let image = try RGBImage.decode(bytes, name: "e").image
    #expect(image.width == (value < 5 ? 32 : 16) && image.height == (value < 5 ? 16 : 32))
    let (right, bottom) = (image.width - 1, image.height - 1)
    let seen = [(0, 0), (right, 0), (0, bottom), (right, bottom)].map { x, y in
      Array("ABCD")[(Int(image.colour(x, y)[0]) + 30) / 60]
    }
    #expect(String(seen) == Self.corners[value - 1])
  }

  static let malformed: [(String, [UInt8])] = [
    ("no bytes", []),
    ("byte order alone", [0x49, 0x49, 0x2A, 0]),
    ("directory outside", [0x49, 0x49, 0x2A, 0, 0xFF, 0xFF, 0xFF, 0xFF, 1, 0]),
    ("more entries than bytes", [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0, 0xFF, 0xFF]),
    ("orientation 0", tiff(0, isLittleEndian: true)),
    ("orientation 9", tiff(9, isLittleEndian: false)),
    ("cut within the entry", Array(tiff(6, isLittleEndian: true).dropLast(4))),
    ("directory points at the header", [0x49, 0x49, 0x2A, 0, 0, 0, 0, 0]),
  ]

  @Test("malformed metadata counts as upright", arguments: malformed)
  func malformedMetadata(name: String, tiff: [UInt8]) throws {
    let bytes = Self.photograph(tiff, of: try golden("rgb.jpg"))
    #expect(ExifOrientation(jpeg: bytes) == .upright)
    let image = try RGBImage.decode(bytes, name: name).image
    #expect(image.largestDifference(from: gradient) <= 6)
  }

  @Test("every prefix and every flipped bit of the metadata is survived")
  func damage() throws {
    let intact = Self.photograph(Self.tiff(6, isLittleEndian: true), of: try golden("rgb.jpg"))
    #expect(ExifOrientation(jpeg: intact) == .turnedClockwise)
    for count in 0..<60 { _ = ExifOrientation(jpeg: Array(intact[..<count])) }
    for bit in 0..<60 * 8 {
      var bytes = intact
      bytes[bit / 8] ^= 1 << (bit % 8)
      _ = ExifOrientation(jpeg: bytes)
    }
  }
}
