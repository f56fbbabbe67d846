/// One of several parts of a list, so that several processes share the work.
///
/// Written `i/n` with i in 1…n; part i takes the items at places i − 1, i − 1 + n, i − 1 + 2n, ….
/// The parts are disjoint, and together they are the list.
public struct Shard: Equatable, Sendable {
  /// The part, from 1.
  public let number: Int
  /// The number of parts.
  public let count: Int

  /// Creates a part.
  ///
  /// - Precondition: `1 <= number` and `number <= count`.
  public init(number: Int, count: Int) {
    precondition(1 <= number && number <= count, "part \(number) of \(count)")
    (self.number, self.count) = (number, count)
  }

  /// Reads `i/n`; nil if the text is not of this form.
  public init?(_ text: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let number = Int(parts[0]), let count = Int(parts[1]),
      1 <= number, number <= count
    else { return nil }
    self.init(number: number, count: count)
  }

  /// Returns whether the item at this place, counted from 0, belongs to the part.
  public func contains(_ place: Int) -> Bool { place % count == number - 1 }
}
