import Testing

@testable import Images

/// JPEG files with bytes that belong to nothing, as cameras write them.
@Suite struct StrayBytesTests {
  static let clean: [UInt8] = {
    let image = picture(64, 48) { x, y in (x * 4 % 256, y * 5, (x * y) % 256) }
    return (try? image.jpegData(quality: 90)) ?? []
  }()

  /// The file with bytes before the marker of its tables, or before its last one.
  static func stray(_ isEarly: Bool, in bytes: [UInt8]) -> [UInt8] {
    let place = isEarly ? 4 + Int(bytes[4]) << 8 + Int(bytes[5]) : bytes.count - 2
    return bytes[..<place] + [0x12, 0x34] + bytes[place...]
  }

  @Test("stray bytes before a marker cost no pixel", arguments: [true, false])
  func decoded(isEarly: Bool) throws {
    let expected = try RGBImage.decode(Self.clean, name: "clean").image
    let bytes = Self.stray(isEarly, in: Self.clean)
    #expect(try RGBImage.decode(bytes, name: "stray").image == expected)
  }

  @Test("a truncated file stays refused, also with stray bytes before the damage")
  func truncated() throws {
    for bytes in [Self.clean, Self.stray(true, in: Self.clean)] {
      for length in stride(from: bytes.count / 2, to: bytes.count - 8, by: 97) {
        #expect(throws: ImageError.self, "\(length) of \(bytes.count) bytes") {
          try RGBImage.decode(Array(bytes[..<length]), name: "half")
        }
      }
    }
  }

  @Test("a broken code in the picture's data is refused, also behind stray bytes") func broken()
    throws
  {
    // A marker in the midst of the data: what is missing behind it would be grey.
    for clean in [Self.clean, Self.stray(true, in: Self.clean)] {
      var bytes = clean
      let middle = bytes.count * 3 / 4
      (bytes[middle], bytes[middle + 1]) = (0xFF, 0xD9)
      #expect(throws: ImageError.self) { try RGBImage.decode(bytes, name: "cut") }
    }
  }
}
