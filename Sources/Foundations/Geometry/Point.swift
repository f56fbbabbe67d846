/// A position in a picture, in pixels.
///
/// y grows downwards; the centre of the first pixel is (0, 0).
public struct Point: Equatable, Hashable, Sendable, Codable {
  /// Pixels to the right of the first column's centre.
  public var x: Double
  /// Pixels below the first row's centre.
  public var y: Double

  /// Creates a position.
  public init(x: Double, y: Double) { (self.x, self.y) = (x, y) }
}
