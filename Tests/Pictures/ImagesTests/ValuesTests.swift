import Images
import Testing

@Suite struct ValuesTests {
  @Test("all 256 values survive the way to floats and back")
  func roundTrip() {
    let image = RGBImage(width: 256, height: 1, pixels: (0..<768).map { UInt8($0 / 3) })
    var floats = [Float](repeating: .nan, count: 768)
    floats.withUnsafeMutableBufferPointer { image.floats(into: $0) }
    #expect(floats[0] == -1 && floats[767] == 1)
    let back = floats.withUnsafeBufferPointer { RGBImage(width: 256, height: 1, floats: $0) }
    #expect(back == image)
  }

  @Test("floats are rounded, clamped, and never trap")
  func clamping() {
    let floats: [Float] = [-9, 9, .nan, .infinity, -.infinity, 0.4 / 127.5]
    let image = floats.withUnsafeBufferPointer { RGBImage(width: 2, height: 1, floats: $0) }
    // The last one is 127.9, which rounds to 128.
    #expect(image.pixels == [0, 255, 0, 255, 0, 128])
  }

  @Test("numbers beside halves are rounded to the nearest, halves up")
  func halves() {
    var floats: [Float] = []
    for level in 0..<255 {
      var value = (Float(level) + 0.5) / 127.5 - 1
      for _ in 0..<8 { value = value.nextDown }
      for _ in 0..<16 {
        floats.append(value)
        value = value.nextUp
      }
    }
    let image = floats.withUnsafeBufferPointer {
      RGBImage(width: floats.count / 3, height: 1, floats: $0)
    }
    let grey = floats.map { ($0 + 1) * 127.5 }
    #expect(image.pixels == grey.map { UInt8($0.rounded()) })
    // Halves themselves are among them, above even numbers and above odd ones.
    #expect(grey.contains(64.5) && grey.contains(65.5))
  }

  @Test("brightness weighs channels by BT.601 and keeps greys")
  func luminance() {
    let image = RGBImage(
      width: 4, height: 1, pixels: [255, 0, 0, 0, 255, 0, 0, 0, 255, 77, 77, 77])
    // 0.299·255 = 76.2, 0.587·255 = 149.7, 0.114·255 = 29.1.
    #expect(image.luminance == [76, 150, 29, 77])
    let greys = RGBImage(width: 256, height: 1, pixels: (0..<768).map { UInt8($0 / 3) })
    #expect(greys.luminance == (0...255).map { UInt8($0) })
  }
}
