import Images
import Testing

@Suite struct DecodingTests {
  struct Sample: Sendable, CustomTestStringConvertible {
    let file: String
    let format: ImageFormat
    let tolerance: Int
    var testDescription: String { file }
  }

  static let samples = [
    Sample(file: "rgb.png", format: .png, tolerance: 0),
    Sample(file: "rgb16.png", format: .png, tolerance: 0),
    Sample(file: "rgb.jpg", format: .jpeg, tolerance: 6),
    Sample(file: "progressive.jpg", format: .jpeg, tolerance: 6),
    Sample(file: "lossless.webp", format: .webp, tolerance: 0),
    Sample(file: "lossy.webp", format: .webp, tolerance: 8),
  ]

  @Test("colour pictures of every format decode to the gradient", arguments: samples)
  func colour(_ sample: Sample) throws {
    let decoded = try RGBImage.decode(golden(sample.file), name: sample.file)
    #expect(decoded.format == sample.format)
    #expect(decoded.image.largestDifference(from: gradient) <= sample.tolerance)
  }

  @Test("grey pictures have three equal channels", arguments: ["grey.png", "grey.jpg"])
  func grey(file: String) throws {
    let expected = picture(20, 17) { x, _ in (12 * x, 12 * x, 12 * x) }
    let image = try RGBImage.decode(golden(file), name: file).image
    #expect(image.largestDifference(from: expected) <= (file == "grey.png" ? 0 : 3))
    #expect((0..<340).allSatisfy { Set(image.pixels[$0 * 3..<$0 * 3 + 3]).count == 1 })
  }

  @Test("transparent pixels are laid on white", arguments: ["rgba.png", "alpha.webp"])
  func transparency(file: String) throws {
    // α·c + (1 − α)·white, rounded, by hand: opaque at column 0, α = 27 at column 19.
    let image = try RGBImage.decode(golden(file), name: file).image
    #expect(image.colour(0, 3) == [0, 45, 128])
    // (27·228 + 228·255)/255 = 252.14, (27·45 + 228·255)/255 = 232.76, … = 241.55.
    #expect(image.colour(19, 3) == [252, 233, 242])
  }

  @Test("a palette is looked up and its transparent entry becomes white")
  func palette() throws {
    let image = try RGBImage.decode(golden("palette.png"), name: "p").image
    #expect(image.colour(0, 0) == [255, 0, 0])
    #expect(image.colour(0, 1) == [0, 255, 0])
    #expect(image.colour(1, 1) == [255, 255, 255])
  }

  @Test("CMYK JPEG is refused by name")
  func cmyk() throws {
    let bytes = try golden("cmyk.jpg")
    #expect(
      throws: ImageError.unsupported(name: "c", format: .jpeg, feature: "CMYK colours")
    ) { try RGBImage.decode(bytes, name: "c") }
  }

  @Test("animated WebP is refused by name")
  func animation() {
    // RIFF header, then a VP8X chunk with the animation flag, 32×32, and an empty ANIM chunk.
    let body: [UInt8] =
      Array("WEBPVP8X".utf8) + [10, 0, 0, 0, 0x02, 0, 0, 0, 31, 0, 0, 31, 0, 0]
      + Array("ANIM".utf8) + [6, 0, 0, 0, 0, 0, 0, 0, 0, 0]
    let bytes = Array("RIFF".utf8) + [UInt8(body.count), 0, 0, 0] + body
    #expect(
      throws: ImageError.unsupported(name: "a", format: .webp, feature: "an animation")
    ) { try RGBImage.decode(bytes, name: "a") }
  }

  @Test("the format is recognised by content", arguments: samples)
  func sniffing(_ sample: Sample) throws {
    #expect(ImageFormat(sniffing: try golden(sample.file)) == sample.format)
    #expect(ImageFormat(sniffing: [UInt8]()) == nil)
    #expect(ImageFormat(sniffing: Array("GIF89a, and more".utf8)) == nil)
  }
}
