public import SeededRandom

/// An order in which every person is drawn equally often, two different pictures at a time.
///
/// The people form an endless row: each round holds all of them once, in an order of its own, and
/// gives each a pair of their pictures; a person's pairs run through all their pictures before one
/// comes again (of an odd number one stays out, another each time). Steps cut the row into batches.
/// Round, person and pair follow from the seed and the place in the row alone.
public struct BalancedOrder: PictureOrder {
  private let people: [Range<Int>]
  private let batch: Int
  private let root: SplitMix64
  private var round = -1
  private var order: [Int] = []

  public let stepsPerEpoch: Int

  /// Creates an order.
  ///
  /// An epoch has as many steps as one of ``EpochOrder`` over the same pictures.
  ///
  /// - `people`: the pictures of each person.
  /// - Precondition: the batch is even, everybody has two pictures, and all pairs fill a batch.
  public init(people: [Range<Int>], batch: Int, seed: UInt64) {
    precondition(batch > 0 && batch % 2 == 0, "a batch of \(batch) cannot be made of pairs")
    precondition(people.allSatisfy { $0.count >= 2 }, "a person has fewer than 2 pictures")
    let pairs = people.reduce(0) { $0 + $1.count / 2 }
    precondition(pairs * 2 >= batch, "\(pairs) pairs for batches of \(batch)")
    (self.people, self.batch) = (people, batch)
    stepsPerEpoch = pairs * 2 / batch
    root = SplitMix64(seed: seed)
  }

  public mutating func indices(ofStep step: Int) -> [Int] {
    let first = step * (batch / 2)
    return (first..<first + batch / 2).flatMap { pair(at: $0) }
  }

  public func generator(ofStep step: Int) -> SplitMix64 { root.derived(from: "step", step) }

  private mutating func pair(at place: Int) -> [Int] {
    let (wanted, position) = place.quotientAndRemainder(dividingBy: people.count)
    if wanted != round {
      var generator = root.derived(from: "round", wanted)
      order = generator.shuffled(Array(people.indices))
      round = wanted
    }
    let person = order[position]
    let (cycle, pair) = wanted.quotientAndRemainder(dividingBy: people[person].count / 2)
    var generator = root.derived(from: "pictures", person, cycle)
    let pictures = generator.shuffled(Array(people[person]))
    return [pictures[2 * pair], pictures[2 * pair + 1]]
  }
}
