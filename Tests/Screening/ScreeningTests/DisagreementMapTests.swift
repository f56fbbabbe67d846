import Images
import Screening
import TestSupport
import Testing

@Suite struct DisagreementMapTests {
  @Test("a face agrees with itself, and disagrees where a part of it was replaced") func places() {
    let face = SyntheticPeople.picture(person: 1, variant: 1, side: 128)
    let same = DisagreementMap(face, reconstruction: face)
    #expect(same.distances == [Float](repeating: 0, count: 64))
    // The grey face itself.
    #expect(same.picture.pixels.prefix(3).allSatisfy { $0 == same.picture.pixels[0] })
    var pixels = face.pixels
    for y in 64..<128 {
      for i in y * 128 * 3..<(y * 128 + 64) * 3 { pixels[i] = y.isMultiple(of: 2) ? 90 : 160 }
    }
    let changed = DisagreementMap(
      face, reconstruction: RGBImage(width: 128, height: 128, pixels: pixels))
    #expect(changed.distances[7] == 0 && changed.distances[0] == 0)
    #expect(changed.distances[7 * 8] > 1)
    let (lower, upper) = ((120 * 128 + 4) * 3, (4 * 128 + 4) * 3)
    #expect(changed.picture.pixels[lower] > changed.picture.pixels[lower + 1])
    #expect(changed.picture.pixels[upper] == changed.picture.pixels[upper + 1])
  }
}
