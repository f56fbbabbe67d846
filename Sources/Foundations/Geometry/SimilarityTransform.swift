/// A map of the plane that turns, scales and shifts but never mirrors.
///
/// x′ = a·x − b·y + shiftX,  y′ = b·x + a·y + shiftY, with a = s·cos φ and b = s·sin φ. Positions
/// are in pixels, y downwards; the centre of the first pixel is (0, 0).
public struct SimilarityTransform: Equatable, Sendable {
  /// The coefficient s·cos φ.
  public var a: Double
  /// The coefficient s·sin φ.
  public var b: Double
  /// The shift to the right, in pixels.
  public var shiftX: Double
  /// The shift downwards, in pixels.
  public var shiftY: Double

  /// Creates a transform from its coefficients.
  public init(a: Double, b: Double, shiftX: Double, shiftY: Double) {
    (self.a, self.b, self.shiftX, self.shiftY) = (a, b, shiftX, shiftY)
  }

  /// The transform that moves nothing.
  public static let identity = SimilarityTransform(a: 1, b: 0, shiftX: 0, shiftY: 0)

  /// The factor by which lengths grow.
  public var scale: Double { (a * a + b * b).squareRoot() }

  /// Whether the transform can be undone without loss of range.
  ///
  /// The scale must lie within 10⁻⁶…10⁶ and the shifts within ±10¹² pixels; nothing may be NaN.
  public var isInvertible: Bool {
    abs(shiftX) <= 1e12 && abs(shiftY) <= 1e12 && scale >= 1e-6 && scale <= 1e6
  }

  /// Returns where the transform moves the point (`x`, `y`).
  public func applied(x: Double, y: Double) -> (x: Double, y: Double) {
    (a * x - b * y + shiftX, b * x + a * y + shiftY)
  }

  /// The transform that undoes this one.
  ///
  /// - Precondition: ``isInvertible``.
  public var inverse: SimilarityTransform {
    precondition(isInvertible, "\(self) cannot be undone")
    let square = a * a + b * b
    let (c, d) = (a / square, -b / square)
    return SimilarityTransform(
      a: c, b: d, shiftX: -(c * shiftX - d * shiftY), shiftY: -(d * shiftX + c * shiftY))
  }
}
