import Attacks
import FaceDatasets
import Images
import SeededRandom
import TestSupport
import Testing

@testable import Experiments

@Suite struct DoorReportPartsTests {
  @Test("half of the pairs: those that never get in count as most") func median() {
    #expect(DoorMedian([1, 2, 3]).value == 2)
    #expect(DoorMedian([1, nil, nil]).value == nil && DoorMedian([1, 2, nil]).value == 2)
    #expect(DoorMedian([40, 50, nil], isLargerBetter: true).value == 40)
    #expect(DoorMedian([]).value == nil)
    let many = DoorMedian((1...100).map(Double.init))
    #expect(many.value == 50 && many.lower == 41 && many.upper == 60)
  }

  @Test("shares have Wilson's interval, and nothing has none") func shares() {
    let half = DoorShare(20, of: 40)
    #expect(abs(half.wilson95[0] - 0.352) < 0.001 && abs(half.wilson95[1] - 0.648) < 0.001)
    #expect(DoorShare(0, of: 0).text == "–")
  }

  @Test("handlings keep the size, change something, and draw from their generator alone")
  func handlings() throws {
    let face = try SmallDoor.face("1/0")
    for handling in OrdinaryHandling.allCases {
      func made(_ seed: UInt64) -> RGBImage {
        var random = SplitMix64(seed: seed)
        return handling.applied(to: face, using: &random)
      }
      let changed = made(1)
      #expect(changed.width == 128 && changed.height == 128)
      #expect((changed == face) == (handling == .none), "\(handling)")
      #expect(changed == made(1))
      #expect(Perturbation(from: face, to: changed).rms < (handling == .lowLight ? 120 : 40))
    }
    var random = SplitMix64(seed: 4)
    let noisy = OrdinaryHandling.noise8.applied(to: face, using: &random)
    #expect(abs(Perturbation(from: face, to: noisy).rms - 8) < 0.3)
  }

  @Test("untouched pairs come from each fold alike, and from folders by neighbours") func chosen() {
    let list = (0..<4).flatMap { fold in
      (0..<6).map { LFWPair(first: "a\($0)", second: "b", same: $0 % 2 == 0, fold: fold) }
    }
    let chosen = BonaFidePairs.chosen(from: list, count: 5)
    #expect(
      chosen.map(\.same) == [true, true, true, true, true, false, false, false, false, false])
    #expect(chosen.prefix(5).map(\.fold) == [0, 1, 2, 3, 0])
    let folder = BonaFidePairs.chosen(from: [["a/0", "a/1"], ["b/0"], ["c/0", "c/1"]], count: 9)
    #expect(folder.map(\.same) == [true, true, false, false])
    #expect(folder[2].first == "a/0" && folder[2].second == "b/0")
  }

  @Test("the catalogue's rows have names of their own, and the short form is among them")
  func catalogue() {
    let all = DoorTrial.catalogue().map(\.name)
    #expect(Set(all).count == all.count)
    #expect(Set(DoorTrial.catalogue(quick: true).map(\.name)).isSubset(of: all))
    // One state folder serves both forms.
    for short in DoorTrial.catalogue(quick: true) {
      let long = DoorTrial.catalogue().first { $0.name == short.name }
      #expect(
        long?.depths == short.depths && long?.attack.attack.settings == short.attack.attack.settings
      )
    }
    let kinds = Set(DoorTrial.catalogue(quick: true).map(\.knowledge))
    #expect(kinds.isSuperset(of: [.nothing, .decider, .witness, .both, .everything]))
    #expect(Set(DoorTrial.catalogue(quick: true).map(\.path)) == Set(DoorTrial.Path.allCases))
  }
}
