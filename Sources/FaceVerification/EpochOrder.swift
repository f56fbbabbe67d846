public import SeededRandom

/// The order in which a training set is seen: every epoch another one, all from a seed.
///
/// What step k sees depends on nothing but k, so a training can be continued anywhere.
public struct EpochOrder: Sendable {
  /// Pictures in the training set.
  public let count: Int
  /// Pictures a step.
  public let batch: Int
  private let root: SplitMix64
  private var epoch = -1
  private var order: [Int] = []

  /// Creates the order.
  ///
  /// - Precondition: there are pictures for at least one batch.
  public init(count: Int, batch: Int, seed: UInt64) {
    precondition(batch > 0 && count >= batch, "\(count) pictures for batches of \(batch)")
    (self.count, self.batch) = (count, batch)
    root = SplitMix64(seed: seed)
  }

  /// Steps an epoch; a last, smaller batch is left out.
  public var stepsPerEpoch: Int { count / batch }

  /// The pictures of a step.
  public mutating func indices(ofStep step: Int) -> [Int] {
    let (wanted, place) = step.quotientAndRemainder(dividingBy: stepsPerEpoch)
    if wanted != epoch {
      var generator = root.derived(from: "epoch", wanted)
      order = generator.shuffled(Array(0..<count))
      epoch = wanted
    }
    return Array(order[place * batch..<(place + 1) * batch])
  }

  /// The chance of a step: how its pictures vary.
  public func generator(ofStep step: Int) -> SplitMix64 { root.derived(from: "step", step) }
}
