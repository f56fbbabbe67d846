import Foundation
import SeededRandom
import Testing

@Suite struct SplitMix64Tests {
  @Test("the first numbers are those of the reference implementation")
  func reference() {
    // First outputs of Vigna's splitmix64.c with state 1234567.
    var generator = SplitMix64(seed: 1_234_567)
    let expected: [UInt64] = [
      6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423,
      4_593_380_528_125_082_431, 16_408_922_859_458_223_821,
    ]
    #expect(expected.map { _ in generator.next() } == expected)
  }

  // The sequences below were computed by a program of its own, in Python, from the definitions.

  @Test("uniform numbers are those written down") func goldenUniform() {
    var generator = SplitMix64(seed: 42)
    let expected: [Float] = [12_441_394, 2_682_851, 4_674_151, 5_774_561, 638_040, 14_566_449]
    #expect(expected.map { _ in generator.uniform() } == expected.map { $0 * 0x1p-24 })
  }

  @Test("whole numbers in a range are those written down, where some are drawn anew, too")
  func goldenBounded() {
    var generator = SplitMix64(seed: 42)
    // Of the widths above 2⁶³ nearly every second word is refused.
    let expected: [(Range<Int>, UInt64)] = [
      (0..<1, 0), (0..<2, 0), (0..<3, 0), (0..<10, 3), (0..<1000, 38),
      (0..<1 << 32, 3_729_011_194), (Int.min..<1, 2_014_432_356_388_812_462),
      (Int.min..<1, 7_384_525_663_493_887_954), (0..<Int.max, 3_135_310_438_806_241_002),
      (Int.min..<Int.max, 11_408_980_392_250_668_973), (0..<7, 1),
    ]
    for (range, place) in expected {
      let found = generator.uniform(in: range)
      #expect(UInt64(bitPattern: Int64(found &- range.lowerBound)) == place, "\(range)")
    }
  }

  @Test("normal numbers are those written down") func goldenNormal() {
    var generator = SplitMix64(seed: 42)
    let expected: [Float] = [
      0.414_719_76, -0.891_886_23, 1.729_593, 0.545_620_44, -1.080_413, -1.778_848,
    ]
    // The logarithm and the cosine are the system's, whose last bit is not prescribed.
    for number in expected { #expect(abs(generator.normal() - number) <= 2 * number.ulp.magnitude) }
  }

  @Test("a shuffled order is the one written down") func goldenShuffle() {
    var generator = SplitMix64(seed: 42)
    #expect(
      generator.shuffled(Array(0..<16)) == [
        15, 13, 5, 6, 8, 1, 12, 10, 7, 14, 9, 0, 4, 3, 2, 11,
      ])
  }

  @Test("whole numbers are those that Swift 6.3 draws: trainings of before continue")
  func asBefore() {
    var widths: [Int] = Array(1...300) + (9..<63).map { 1 << $0 }
    widths += (9..<62).flatMap { [1 << $0 - 1, 1 << $0 + 1, 3 << ($0 - 1)] } + [Int.max]
    for width in widths {
      for lower in [0, -7, Int.min] {
        let range = lower..<lower + width
        var (own, library) = (SplitMix64(seed: UInt64(width)), SplitMix64(seed: UInt64(width)))
        for _ in 0..<20 {
          #expect(own.uniform(in: range) == Int.random(in: range, using: &library), "\(range)")
        }
        #expect(own == library)
      }
    }
  }

  @Test("a saved generator continues where it was")
  func codable() throws {
    var generator = SplitMix64(seed: 3)
    _ = generator.next()
    let data = try JSONEncoder().encode(generator)
    var restored = try JSONDecoder().decode(SplitMix64.self, from: data)
    #expect(restored.next() == generator.next())
  }

  @Test("uniform numbers fill the half-open unit interval evenly")
  func uniform() {
    var generator = SplitMix64(seed: 5)
    let numbers = (0..<20_000).map { _ in generator.uniform() }
    #expect(numbers.allSatisfy { (0..<1).contains($0) })
    // Mean 1/2 and variance 1/12; four standard errors of the mean are 0.0082.
    let mean = numbers.reduce(0.0) { $0 + Double($1) } / 20_000
    #expect(abs(mean - 0.5) < 0.0082)
  }

  @Test("normal numbers have mean 0 and variance 1")
  func normal() {
    var generator = SplitMix64(seed: 6)
    let numbers = (0..<20_000).map { _ in Double(generator.normal()) }
    let mean = numbers.reduce(0, +) / 20_000
    let variance = numbers.reduce(0) { $0 + $1 * $1 } / 20_000
    // Four standard errors: 4/√20000 and 4·√(2/20000).
    #expect(abs(mean) < 0.0283 && abs(variance - 1) < 0.04)
    #expect(numbers.allSatisfy { $0.isFinite })
  }

  @Test("shuffling keeps every element and depends on the seed alone")
  func shuffle() {
    var (first, second) = (SplitMix64(seed: 8), SplitMix64(seed: 8))
    let shuffled = first.shuffled(Array(0..<100))
    #expect(shuffled.sorted() == Array(0..<100))
    #expect(shuffled != Array(0..<100))
    #expect(shuffled == second.shuffled(Array(0..<100)))
    #expect(first.shuffled([Int]()).isEmpty)
  }

  @Test("every order of three elements is about equally likely")
  func shuffleIsFair() {
    var generator = SplitMix64(seed: 9)
    var counts: [[Int]: Int] = [:]
    for _ in 0..<6000 { counts[generator.shuffled([0, 1, 2]), default: 0] += 1 }
    // Expected 1000 each; five standard deviations are 144.
    #expect(counts.count == 6 && counts.values.allSatisfy { abs($0 - 1000) < 144 })
  }

  @Test("derived streams differ by name, number and parent, and leave the parent alone")
  func derived() {
    let parent = SplitMix64(seed: 10)
    let streams = [
      parent.derived(from: "a"), parent.derived(from: "b"), parent.derived(from: "a", 0),
      parent.derived(from: "a", 1), parent.derived(from: "a", 0, 1),
      parent.derived(from: "a", 1, 0), SplitMix64(seed: 11).derived(from: "a"), parent,
    ]
    #expect(Set(streams).count == streams.count)
    #expect(parent.derived(from: "a", 1) == parent.derived(from: "a", 1))
  }

  @Test("the fraction of a name is stable and even")
  func fraction() {
    #expect(SplitMix64.fraction(of: "x", seed: 1) == SplitMix64.fraction(of: "x", seed: 1))
    #expect(SplitMix64.fraction(of: "x", seed: 1) != SplitMix64.fraction(of: "x", seed: 2))
    let below = (0..<10_000).count { SplitMix64.fraction(of: "\($0)", seed: 4) < 0.1 }
    // Expected 1000; five standard deviations are 150.
    #expect(abs(below - 1000) < 150)
  }
}
