import Attacks
import Images
import SeededRandom
import TestSupport
import Testing

@Suite struct BenignChangeTests {
  static let picture = SyntheticPeople.picture(person: 1, variant: 0, side: 32)

  static func changed(_ change: BenignChange, seed: UInt64 = 1) -> RGBImage {
    var random = SplitMix64(seed: seed)
    return change.applied(to: picture, using: &random)
  }

  static func rms(_ change: BenignChange) -> Double {
    Perturbation(from: picture, to: changed(change)).rms
  }

  @Test("a stronger change changes more") func strength() {
    let ladders: [[BenignChange]] = [
      [.jpeg(quality: 95), .jpeg(quality: 50)],
      [.blur(deviation: 0.3), .blur(deviation: 0.6), .blur(deviation: 1.5)],
      [.rescale(share: 1), .rescale(share: 0.5), .rescale(share: 0.25)],
      [.gamma(1), .gamma(0.9), .gamma(0.5)],
      [.shift(pixels: 0), .shift(pixels: 1)],
      [.rotation(degrees: 0), .rotation(degrees: 2), .rotation(degrees: 5)],
    ]
    for ladder in ladders {
      let amounts = ladder.map { Self.rms($0) }
      #expect(amounts == amounts.sorted() && Set(amounts).count == amounts.count, "\(ladder)")
    }
    for nothing in [
      BenignChange.rescale(share: 1), .gamma(1), .shift(pixels: 0), .rotation(degrees: 0),
    ] {
      #expect(Self.changed(nothing) == Self.picture, "\(nothing)")
    }
  }

  @Test("a shift moves every pixel, either way") func shift() {
    var seen: Set<Int> = []
    for seed: UInt64 in 1...20 {
      let moved = Self.changed(.shift(pixels: 3), seed: seed)
      let ways = [(-3, -3), (-3, 3), (3, -3), (3, 3)]
      let found = ways.firstIndex { dx, dy in
        (8..<24).allSatisfy { y in
          (8..<24).allSatisfy { x in
            moved.pixels[(y * 32 + x) * 3] == Self.picture.pixels[((y - dy) * 32 + x - dx) * 3]
          }
        }
      }
      if let found { seen.insert(found) } else { Issue.record("seed \(seed): no shift by 3") }
    }
    #expect(seen.count == 4)
  }

  @Test("a blur keeps one colour, and smooths") func blur() {
    let flat = RGBImage(width: 9, height: 7, red: 10, green: 100, blue: 250)
    var random = SplitMix64(seed: 1)
    #expect(BenignChange.blur(deviation: 2).applied(to: flat, using: &random) == flat)
    func roughness(_ picture: RGBImage) -> Int {
      (0..<31).reduce(0) {
        $0 + abs(Int(picture.pixels[$1 * 3]) - Int(picture.pixels[$1 * 3 + 3]))
      }
    }
    #expect(roughness(Self.changed(.blur(deviation: 1.5))) < roughness(Self.picture))
  }

  @Test("a control reports its picture at every θ, and takes neither gradients nor queries")
  func reported() {
    for list in TinyPairs.results(BenignChange.gamma(0.8), [TinyPairs.theta, 3.9]) {
      #expect(list[0].picture == list[1].picture && list[0].perturbation.l2 > 0)
      #expect(list.allSatisfy { $0.gradients == 0 && $0.queries == 0 })
      #expect(!list[1].succeeded)
    }
  }
}
