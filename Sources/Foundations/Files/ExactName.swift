/// A name as its bytes: two names are one only if every byte is.
///
/// Swift takes texts that Unicode calls equivalent for equal, such as `é` as one character or as two; to a
/// file system they are two names.
public struct ExactName: Hashable, Comparable, Sendable {
  /// The name.
  public let text: String

  /// Wraps a name.
  public init(_ text: String) { self.text = text }

  public static func == (first: Self, second: Self) -> Bool {
    first.text.utf8.elementsEqual(second.text.utf8)
  }

  public static func < (first: Self, second: Self) -> Bool {
    first.text.utf8.lexicographicallyPrecedes(second.text.utf8)
  }

  public func hash(into hasher: inout Hasher) {
    for byte in text.utf8 { hasher.combine(byte) }
    hasher.combine(text.utf8.count)
  }
}
