import FaceDatasets
import Images
import SeededRandom
import Testing

@Suite struct ShootingConditionTests {
  private let face = syntheticFace(5)

  private func changed(_ kind: ShootingCondition.Kind, _ strength: Float, seed: UInt64 = 1)
    -> RGBImage
  {
    var generator = SplitMix64(seed: seed)
    return ShootingCondition(kind, strength).applied(to: face, using: &generator)
  }

  /// The mean change of a value, 0…255.
  private func change(_ picture: RGBImage) -> Double {
    let sum = zip(picture.pixels, face.pixels).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) }
    return Double(sum) / Double(face.pixels.count)
  }

  @Test("a stronger condition changes more", arguments: ShootingCondition.Kind.allCases)
  func strength(kind: ShootingCondition.Kind) {
    let (weak, strong) = (change(changed(kind, 0)), change(changed(kind, 1)))
    #expect(weak < strong, "\(kind): \(weak), \(strong)")
  }

  @Test("equal generators give equal pictures", arguments: ShootingCondition.Kind.allCases)
  func repeats(kind: ShootingCondition.Kind) {
    #expect(changed(kind, 0.7).pixels == changed(kind, 0.7).pixels)
  }

  @Test("what is drawn differs with the generator")
  func chance() {
    for kind in [ShootingCondition.Kind.noise, .covered, .fog, .snow] {
      #expect(changed(kind, 0.7, seed: 1).pixels != changed(kind, 0.7, seed: 2).pixels, "\(kind)")
    }
  }

  @Test("a face turned by 180° and back is the face")
  func turning() {
    let back = changed(.turned, 1)
    var generator = SplitMix64(seed: 1)
    let again = ShootingCondition(.turned, 1).applied(to: back, using: &generator)
    #expect(again.pixels == face.pixels)
  }
}
