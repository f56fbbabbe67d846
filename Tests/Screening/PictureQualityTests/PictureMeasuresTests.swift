import FaceDatasets
import Images
import PictureQuality
import SeededRandom
import TestSupport
import Testing

@Suite struct PictureMeasuresTests {
  /// A face with detail, 128×128: stripes of many periods on a slope.
  private static let face = RGBImage(
    width: 128, height: 128,
    pixels: (0..<128 * 128).flatMap { place -> [UInt8] in
      let (x, y) = (place % 128, place / 128)
      let value = 60 + (x * 7 % 23) * 2 + (y * 5 % 31) * 2 + (x / 16 + y / 16) % 2 * 40
      return [UInt8(value), UInt8(value), UInt8(value)]
    })

  private func measure(
    _ part: QualityPart, _ kind: ShootingCondition.Kind?, _ strength: Float = 0.8
  ) throws -> Double {
    var picture = Self.face
    if let kind {
      var generator = SplitMix64(seed: 4)
      picture = ShootingCondition(kind, strength).applied(to: picture, using: &generator)
    }
    return try #require(PictureMeasures(picture, detector: nil).values[part])
  }

  @Test(
    "each part falls under the condition that it tells",
    arguments: [
      (QualityPart.sharpness, ShootingCondition.Kind.blur), (.sharpness, .fewPixels),
      (.resolution, .blur), (.contrast, .fog), (.contrast, .dark), (.contrast, .washedOut),
      (.exposure, .burntOut), (.noise, .noise), (.noise, .snow), (.lighting, .sideLight),
      (.motion, .motion),
    ])
  func falls(part: QualityPart, kind: ShootingCondition.Kind) throws {
    let (plain, poor) = (try measure(part, nil), try measure(part, kind))
    #expect(poor < plain, "\(part) under \(kind): \(plain), then \(poor)")
  }

  @Test("fog leaves sharpness nearly as it is: it is told by contrast")
  func fog() throws {
    let (plain, fog) = (try measure(.sharpness, nil), try measure(.sharpness, .fog, 0.3))
    #expect(abs(plain - fog) < 0.2, "\(plain), \(fog)")
  }

  @Test("without a detector the parts that it tells are missing")
  func missing() {
    let parts = Set(PictureMeasures(Self.face, detector: nil).values.keys)
    #expect(parts.isDisjoint(with: [.face, .pose, .recognizability]))
  }

  @Test("a picture of one value has numbers, too")
  func flat() {
    let values = PictureMeasures(RGBImage(width: 128, height: 128), detector: nil).values
    let unfit = values.filter { !$0.value.isFinite }
    #expect(unfit.isEmpty, "\(unfit)")
  }
}
