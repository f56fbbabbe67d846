import Testing

@testable import Images

/// Pictures taken over from rows in memory.
@Suite struct PictureRowsTests {
  static let limits = ImageLimits(minimumSide: 1)

  /// A picture of `bytes` bytes 0, 1, 2, … as rows.
  static func picture(
    bytes: Int, _ width: Int, _ height: Int, stride: Int
  ) throws -> RGBImage {
    let memory = (0..<bytes).map { UInt8(truncatingIfNeeded: $0) }
    return try memory.withUnsafeBytes {
      try RGBImage(
        rows: $0, width: width, height: height, stride: stride, name: "rows", limits: limits)
    }
  }

  @Test("gaps between rows are left out; the last row may end early") func gaps() throws {
    let picture = try Self.picture(bytes: 16, 2, 2, stride: 10)
    #expect(picture.pixels == [0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15])
    #expect(try Self.picture(bytes: 12, 2, 2, stride: 6).pixels == Array(0..<12))
  }

  @Test(
    "rows beyond the memory, or within each other, are refused",
    arguments: [
      (15, 2, 2, 10), (11, 2, 2, 6), (12, 2, 2, 5), (0, 1, 1, 3), (12, 2, 2, 0), (12, 2, 2, -6),
      (12, 2, 2, Int.max), (12, 2, 2, Int.min),
    ])
  func outside(bytes: Int, width: Int, height: Int, stride: Int) {
    let expected = PictureRowsError(
      name: "rows", width: width, height: height, stride: stride, bytes: bytes)
    #expect(throws: expected) {
      try Self.picture(bytes: bytes, width, height, stride: stride)
    }
  }

  @Test(
    "absurd sizes are refused before anything is read",
    arguments: [(Int.max, 1), (1, Int.max), (10_001, 1), (0, 1), (1, -1), (9_000, 9_000)])
  func sizes(width: Int, height: Int) {
    #expect(throws: ImageError.self) {
      try Self.picture(bytes: 3, width, height, stride: width)
    }
  }
}
