/// A value on the horizontal axis that a chart points out by a vertical line.
public struct ChartMark: Equatable, Sendable {
  /// The value.
  public var value: Double
  /// What it is, in a few words.
  public var label: String
  /// Whether it is the one that matters most: drawn stronger.
  public var isStrong: Bool

  /// Creates a mark.
  public init(_ value: Double, _ label: String, isStrong: Bool = false) {
    (self.value, self.label, self.isStrong) = (value, label, isStrong)
  }
}
