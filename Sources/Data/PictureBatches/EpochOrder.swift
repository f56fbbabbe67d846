public import SeededRandom

/// Which pictures each step of a training sees.
///
/// What step k sees depends on nothing but k, so a training can be continued anywhere.
public protocol PictureOrder: Sendable {
  /// Steps an epoch.
  var stepsPerEpoch: Int { get }
  /// The pictures of a step; pairs are neighbours.
  mutating func indices(ofStep step: Int) -> [Int]
  /// The chance of a step: how its pictures vary.
  func generator(ofStep step: Int) -> SplitMix64
}

/// The order in which a training set is seen: every epoch another one, all from a seed.
///
/// What step k sees depends on nothing but k, so a training can be continued anywhere.
public struct EpochOrder: PictureOrder {
  /// Pictures a step.
  public let batch: Int
  private let root: SplitMix64
  /// Pictures that stay neighbours: each person's, or each picture alone.
  private let groups: [Range<Int>]
  private let groupSize: Int
  private let count: Int
  private var epoch = -1
  private var order: [Int] = []

  /// Creates an order of single pictures.
  ///
  /// - Precondition: there are pictures for at least one batch.
  public init(count: Int, batch: Int, seed: UInt64) {
    self.init(groups: [0..<count], groupSize: 1, batch: batch, seed: seed)
  }

  /// Creates an order in which each batch is made of pairs of one person.
  ///
  /// Every epoch pairs each person's pictures anew; of an odd number one stays out.
  ///
  /// - `people`: the pictures of each person.
  /// - Precondition: the batch is even, and there are pairs for at least one.
  public init(pairsOf people: [Range<Int>], batch: Int, seed: UInt64) {
    precondition(batch % 2 == 0, "a batch of \(batch) cannot be made of pairs")
    self.init(groups: people, groupSize: 2, batch: batch, seed: seed)
  }

  private init(groups: [Range<Int>], groupSize: Int, batch: Int, seed: UInt64) {
    (self.groups, self.groupSize, self.batch) = (groups, groupSize, batch)
    count = groups.reduce(0) { $0 + $1.count / groupSize * groupSize }
    precondition(batch > 0 && count >= batch, "\(count) pictures for batches of \(batch)")
    root = SplitMix64(seed: seed)
  }

  /// Steps an epoch; a last, smaller batch is left out.
  public var stepsPerEpoch: Int { count / batch }

  public mutating func indices(ofStep step: Int) -> [Int] {
    let (wanted, place) = step.quotientAndRemainder(dividingBy: stepsPerEpoch)
    if wanted != epoch {
      var generator = root.derived(from: "epoch", wanted)
      var units: [[Int]] = []
      for group in groups {
        let pictures = generator.shuffled(Array(group))
        for first in stride(from: 0, through: pictures.count - groupSize, by: groupSize) {
          units.append(Array(pictures[first..<first + groupSize]))
        }
      }
      order = Array(generator.shuffled(units).joined())
      epoch = wanted
    }
    return Array(order[place * batch..<(place + 1) * batch])
  }

  public func generator(ofStep step: Int) -> SplitMix64 { root.derived(from: "step", step) }
}
