import Images
import Testing

@Suite struct HostileInputTests {
  static let files = [
    "rgb.png", "rgba.png", "palette.png", "rgb.jpg", "progressive.jpg", "grey.jpg", "lossy.webp",
    "lossless.webp", "alpha.webp",
  ]

  @Test("every prefix is refused, or decodes to the whole picture", arguments: files)
  func prefixes(file: String) throws {
    let intact = try golden(file)
    let whole = try RGBImage.decode(intact, name: file).image
    for count in 0..<intact.count {
      // What follows the last pixel (PNG's end chunk, for one) may be missing.
      guard let image = try? RGBImage.decode(Array(intact[..<count]), name: file).image
      else { continue }
      #expect(image == whole, "\(count) of \(intact.count) bytes")
    }
    #expect(throws: ImageError.self) {
      try RGBImage.decode(Array(intact[..<(intact.count / 2)]), name: file)
    }
  }

  @Test("one flipped bit is decoded or refused", arguments: files, 0..<8)
  func flips(file: String, bit: Int) throws {
    let intact = try golden(file)
    // A flipped size may reach these limits, so they keep each attempt small.
    let limits = ImageLimits(pixels: 1_000_000)
    for offset in intact.indices {
      var bytes = intact
      bytes[offset] ^= 1 << bit
      guard let image = try? RGBImage.decode(bytes, name: file, limits: limits).image
      else { continue }
      #expect(
        image.pixels.count == image.width * image.height * 3, "bit \(bit) of byte \(offset)")
    }
  }

  @Test("bytes of no format are refused")
  func unknown() {
    #expect(throws: ImageError.empty(name: "n")) { try RGBImage.decode([], name: "n") }
    #expect(throws: ImageError.unknownFormat(name: "n")) {
      try RGBImage.decode(Array("<svg></svg>".utf8), name: "n")
    }
  }

  @Test("a JPEG with thousands of scans is refused")
  func scans() throws {
    // The last scan of the progressive picture, repeated before the end marker.
    let intact = try golden("progressive.jpg")
    let last = try #require(
      intact.indices.dropLast().last { intact[$0] == 0xFF && intact[$0 + 1] == 0xDA })
    let scan = intact[last..<(intact.count - 2)]
    let repeated = Array(repeatElement(scan, count: 3000).joined())
    let bytes = Array(intact.dropLast(2)) + repeated + [0xFF, 0xD9]
    #expect(
      throws: ImageError.unsupported(name: "s", format: .jpeg, feature: "more than 100 scans")
    ) { try RGBImage.decode(bytes, name: "s") }
  }
}
