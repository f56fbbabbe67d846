import Foundation
import Images
import Testing

@Suite struct EncodingTests {
  @Test("PNG keeps every value", arguments: [(1, 1), (1, 300), (257, 3), (64, 64)])
  func png(width: Int, height: Int) throws {
    let image = picture(width, height) { x, y in (x * 31 % 256, y * 17 % 256, (x * y * 97) % 256) }
    let decoded = try RGBImage.decode(
      image.pngData(), name: "p", limits: ImageLimits(minimumSide: 1))
    #expect(decoded.image == image && decoded.format == .png)
  }

  @Test("JPEG loses less at higher quality and shrinks at lower")
  func jpeg() throws {
    let image = picture(64, 64) { x, y in (x * 4, y * 4, (x * 7 + y * 5) % 256) }
    let (fine, coarse) = (try image.jpegData(quality: 95), try image.jpegData(quality: 20))
    #expect(fine.count > coarse.count)
    let full = try image.jpegData(quality: 95, subsampling: .none)
    #expect(full.count > fine.count)
    func error(_ bytes: [UInt8]) throws -> Int {
      let decoded = try RGBImage.decode(bytes, name: "j").image
      return zip(decoded.pixels, image.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    }
    #expect(try error(full) < error(fine) && error(fine) < error(coarse))
  }

  @Test("a written file reads back, replaces the old one and leaves nothing else")
  func files() throws {
    try withTemporaryFolder { folder in
      let path = "\(folder)/a.png"
      try RGBImage(width: 16, height: 16).writePNG(to: path)
      try gradient.writePNG(to: path)
      #expect(try RGBImage.read(path: path).image == gradient)
      try gradient.writeJPEG(to: "\(folder)/b.jpg", quality: 95, subsampling: .none)
      let decoded = try RGBImage.read(path: "\(folder)/b.jpg")
      #expect(decoded.format == .jpeg && decoded.image.largestDifference(from: gradient) <= 6)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(names.sorted() == ["a.png", "b.jpg"])
    }
  }

  @Test("paths that hold no picture are refused with a reason")
  func badPaths() throws {
    try withTemporaryFolder { folder in
      #expect(throws: ImageError.missing(name: "\(folder)/none.png")) {
        try RGBImage.read(path: "\(folder)/none.png")
      }
      #expect(throws: ImageError.notAFile(name: folder)) { try RGBImage.read(path: folder) }
      #expect(throws: ImageError.notAFile(name: "/dev/zero")) {
        try RGBImage.read(path: "/dev/zero")
      }
      let path = "\(folder)/large.png"
      try gradient.writePNG(to: path)
      let size = try gradient.pngData().count
      #expect(throws: ImageError.tooManyBytes(name: path, bytes: size, limit: 10)) {
        try RGBImage.read(path: path, limits: ImageLimits(bytes: 10))
      }
      #expect(throws: ImageError.self) { try gradient.writePNG(to: "\(folder)/no/such/a.png") }
    }
  }
}
