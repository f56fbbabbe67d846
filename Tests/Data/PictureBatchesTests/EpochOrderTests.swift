import PictureBatches
import Testing

@Suite struct EpochOrderTests {
  @Test("each epoch shows every picture once") func covers() {
    var order = EpochOrder(count: 30, batch: 5, seed: 1)
    #expect(order.stepsPerEpoch == 6)
    for epoch in 0..<3 {
      let seen = (0..<6).flatMap { order.indices(ofStep: epoch * 6 + $0) }
      #expect(seen.sorted() == Array(0..<30))
    }
  }

  @Test("pairs are neighbours of one person, and odd ones out change") func pairs() {
    let people = [0..<3, 3..<8, 8..<10]
    var order = EpochOrder(pairsOf: people, batch: 2, seed: 1)
    #expect(order.stepsPerEpoch == 4)
    var left: Set<Int> = []
    for epoch in 0..<12 {
      var seen: Set<Int> = []
      for step in 0..<4 {
        let pair = order.indices(ofStep: epoch * 4 + step)
        let owners = pair.map { picture in people.firstIndex { $0.contains(picture) } }
        #expect(owners[0] == owners[1] && pair[0] != pair[1])
        seen.formUnion(pair)
      }
      left.formUnion(Set(0..<10).subtracting(seen))
    }
    #expect(left.count > 2)
  }

  @Test("what a step shows depends on the step alone") func stateless() {
    var forwards = EpochOrder(count: 12, batch: 4, seed: 9)
    var backwards = forwards
    let expected = (0..<9).map { forwards.indices(ofStep: $0) }
    let found = (0..<9).reversed().map { backwards.indices(ofStep: $0) }.reversed()
    #expect(Array(found) == expected)
  }
}

@Suite struct BalancedOrderTests {
  /// Ten people with 2 to 11 pictures.
  static let people: [Range<Int>] = {
    var people: [Range<Int>] = []
    for count in 2...11 {
      let first = people.last?.upperBound ?? 0
      people.append(first..<first + count)
    }
    return people
  }()

  private static func owner(_ picture: Int) -> Int? { people.firstIndex { $0.contains(picture) } }

  @Test("every person is drawn equally often, in pairs of two pictures") func equallyOften() {
    var order = BalancedOrder(people: Self.people, batch: 8, seed: 3)
    var draws = [Int](repeating: 0, count: 10)
    // 50 steps of 4 pairs are 20 rounds of 10 people.
    for step in 0..<50 {
      let indices = order.indices(ofStep: step)
      #expect(indices.count == 8)
      for pair in stride(from: 0, to: 8, by: 2) {
        let owners = [Self.owner(indices[pair]), Self.owner(indices[pair + 1])]
        #expect(owners[0] == owners[1] && indices[pair] != indices[pair + 1])
        if let owner = owners[0] { draws[owner] += 1 }
      }
    }
    #expect(draws == Array(repeating: 20, count: 10))
  }

  @Test("a person's pictures come equally often, but for the odd one out") func allPictures() {
    var order = BalancedOrder(people: [0..<6, 6..<8], batch: 2, seed: 1)
    var seen = [Int](repeating: 0, count: 8)
    // 12 rounds of 2 people: 4 cycles of the first one's three pairs.
    for step in 0..<24 { for index in order.indices(ofStep: step) { seen[index] += 1 } }
    #expect(seen == [4, 4, 4, 4, 4, 4, 12, 12])
  }

  @Test("what a step shows depends on the step and the seed alone") func stateless() {
    var forwards = BalancedOrder(people: Self.people, batch: 6, seed: 9)
    var backwards = forwards
    let expected = (0..<20).map { forwards.indices(ofStep: $0) }
    let found = (0..<20).reversed().map { backwards.indices(ofStep: $0) }.reversed()
    #expect(Array(found) == expected)
    var other = BalancedOrder(people: Self.people, batch: 6, seed: 10)
    #expect((0..<20).map { other.indices(ofStep: $0) } != expected)
  }
}
