import Images
import Testing

/// Reference values: scikit-image 0.26's `structural_similarity(…, data_range=255,
/// gaussian_weights=True, sigma=1.5, use_sample_covariance=False)` of the brightness, and
/// `peak_signal_noise_ratio(…, data_range=255)` of the colours, on the same pictures.
@Suite struct PictureQualityTests {
  /// (a·x + b·y² + c·x·y + 37·channel) mod 256, 20×24.
  static func picture(_ a: Int, _ b: Int, _ c: Int) -> RGBImage {
    var image = RGBImage(width: 20, height: 24)
    for y in 0..<24 {
      for x in 0..<20 {
        for channel in 0..<3 {
          image.pixels[(y * 20 + x) * 3 + channel] =
            UInt8((a * x + b * y * y + c * x * y + 37 * channel) % 256)
        }
      }
    }
    return image
  }

  static func changed(_ image: RGBImage, _ change: (Int, Int) -> Int) -> RGBImage {
    var copy = image
    for (index, value) in image.pixels.enumerated() {
      copy.pixels[index] = UInt8(clamping: change(Int(value), index))
    }
    return copy
  }

  struct Case: CustomTestStringConvertible, Sendable {
    let testDescription: String
    let other: RGBImage
    let similarity, ratio: Double
  }

  static let original = picture(3, 1, 2)
  static let cases = [
    Case(
      testDescription: "another pattern", other: picture(3, 1, 3),
      similarity: -0.23448776751386724, ratio: 8.607074596191673),
    Case(
      testDescription: "a chequerboard of ±9 levels",
      other: changed(original) { value, index in
        let (row, column) = (index / 60, index / 3 % 20)
        return value + ((row + column) % 2 == 0 ? 9 : -9)
      }, similarity: 0.9859458877327021, ratio: 29.155907262907238),
    Case(
      testDescription: "the negative", other: changed(original) { value, _ in 255 - value },
      similarity: -0.9553548805551167, ratio: 5.029995747507488),
    Case(
      testDescription: "half the contrast, brighter",
      other: changed(original) { value, _ in value / 2 + 40 },
      similarity: 0.7843815035518091, ratio: 15.756176136868456),
  ]

  @Test("similarity and signal-to-noise ratio are scikit-image's", arguments: cases)
  func reference(_ sample: Case) {
    #expect(
      abs(StructuralSimilarity.mean(Self.original, sample.other) - sample.similarity) < 1e-9)
    #expect(abs(SignalToNoise.peak(Self.original, sample.other) - sample.ratio) < 1e-9)
  }

  @Test("a picture is wholly similar to itself, and the measures are symmetric") func equal() {
    #expect(abs(StructuralSimilarity.mean(Self.original, Self.original) - 1) < 1e-12)
    #expect(SignalToNoise.peak(Self.original, Self.original) == .infinity)
    let other = Self.picture(1, 2, 1)
    #expect(
      StructuralSimilarity.mean(Self.original, other)
        == StructuralSimilarity.mean(other, Self.original))
  }
}
