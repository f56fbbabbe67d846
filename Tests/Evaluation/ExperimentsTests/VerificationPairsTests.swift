import Experiments
import Testing

@Suite struct VerificationPairsTests {
  /// 24 people with 1 to 6 pictures.
  static let people = (0..<24).flatMap { person in
    Array(repeating: "p\(person)", count: 1 + person % 6)
  }

  @Test("folds share no person, and every pair is told rightly", arguments: [1, 5] as [UInt64])
  func disjoint(seed: UInt64) throws {
    let drawn = try VerificationPairs(people: Self.people, seed: seed)
    #expect(drawn.folds == 10)
    var foldOfPerson: [String: Int] = [:]
    for pair in drawn.pairs {
      #expect(pair.first < pair.second)
      #expect((Self.people[pair.first] == Self.people[pair.second]) == pair.same)
      for index in [pair.first, pair.second] {
        let known = foldOfPerson.updateValue(pair.fold, forKey: Self.people[index])
        #expect(known == nil || known == pair.fold)
      }
    }
    #expect(Set(drawn.pairs).count == drawn.pairs.count)
  }

  @Test("without limits and folds all pairs are taken") func all() throws {
    let drawn = try VerificationPairs(people: Self.people, folds: 1, seed: 1)
    // 4 times each of 1 to 6 pictures: 84 pictures, Σ n(n − 1)/2 = 4 · 35 genuine pairs.
    #expect(drawn.pairs.count { $0.same } == 140)
    #expect(drawn.pairs.count { !$0.same } == 84 * 83 / 2 - 140)
  }

  @Test("limits are kept, the same pairs for the same seed, others for another") func limits()
    throws
  {
    func draw(_ seed: UInt64) throws -> VerificationPairs {
      try VerificationPairs(
        people: Self.people, genuineLimit: 33, impostorLimit: 101, folds: 2, seed: seed)
    }
    let drawn = try draw(4)
    #expect(drawn.pairs.count { $0.same } == 33)
    #expect(drawn.pairs.count { !$0.same } == 101)
    #expect(Set(drawn.pairs).count == 134)
    #expect(try draw(4) == drawn)
    #expect(try draw(5) != drawn)
  }

  @Test("the accuracy's pairs are as many of two people as of one in each fold") func balanced()
    throws
  {
    let drawn = try VerificationPairs(people: Self.people, seed: 2)
    for fold in 0..<drawn.folds {
      let chosen = drawn.balanced.map { drawn.pairs[$0] }.filter { $0.fold == fold }
      let all = drawn.pairs.filter { $0.fold == fold }
      let genuine = all.count { $0.same }
      #expect(chosen.count { $0.same } == genuine)
      #expect(chosen.count { !$0.same } == min(genuine, all.count - genuine))
    }
  }

  @Test("few people are refused with the number needed") func refusals() throws {
    #expect(throws: VerificationPairsError.tooFewPeople(found: 3, needed: 4)) {
      try VerificationPairs(people: ["a", "a", "b", "b", "c"], seed: 1)
    }
    #expect(throws: VerificationPairsError.noGenuinePairs(pictures: 4)) {
      try VerificationPairs(people: ["a", "b", "c", "d"], seed: 1)
    }
    #expect(try VerificationPairs(people: ["a", "a", "b", "b", "c", "d"], seed: 1).folds == 2)
  }
}
