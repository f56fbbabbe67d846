private import KernelSupport

/// A batch that is made part by part, by whoever has time.
public struct BatchInParts<Part: Sendable, Batch> {
  /// How many parts there are.
  public let count: Int
  /// Makes a part, from its place alone: in any order, on any thread, perhaps twice.
  let make: @Sendable (Int) throws -> Part
  /// Puts all parts together.
  private let join: ([Part]) throws -> Batch

  /// Creates a batch that is yet to be made.
  ///
  /// - `make`: makes the part of a place, which depends on the place alone.
  /// - `join`: makes the batch of all parts.
  public init(
    count: Int, make: @escaping @Sendable (Int) throws -> Part,
    join: @escaping ([Part]) throws -> Batch
  ) {
    (self.count, self.make, self.join) = (count, make, join)
  }

  /// The batch, all its parts made by the threads of the pool.
  ///
  /// - Throws: the error of the first part that cannot be made.
  public func made() throws -> Batch { try completed(Array(repeating: nil, count: count)) }

  /// The batch; the parts that are missing are made by the threads of the pool.
  func completed(_ parts: [Result<Part, any Error>?]) throws -> Batch {
    var parts = parts
    let missing = parts.indices.filter { parts[$0] == nil }
    let make = make
    let made = WorkerPool.shared.map(missing.count) { index in
      Result { try make(missing[index]) }
    }
    for (place, part) in zip(missing, made) { parts[place] = part }
    return try join(parts.compactMap { try $0?.get() })
  }

  /// The same parts, of which `transform` makes something else once they are together.
  public func joined<Other>(
    _ transform: @escaping (Batch) throws -> Other
  ) -> BatchInParts<Part, Other> {
    BatchInParts<Part, Other>(count: count, make: make) { [join] in try transform(join($0)) }
  }

  /// Both batches as one: this one's parts, then the other's.
  public func and<Other>(
    _ other: BatchInParts<Part, Other>
  ) -> BatchInParts<Part, (Batch, Other)> {
    let (count, make, join) = (count, make, join)
    let (makeOther, joinOther) = (other.make, other.join)
    return BatchInParts<Part, (Batch, Other)>(
      count: count + other.count,
      make: { try $0 < count ? make($0) : makeOther($0 - count) },
      join: { (try join(Array($0[..<count])), try joinOther(Array($0[count...]))) })
  }
}
