/// The surface of a head with an expression.
///
/// Millimetres; x to the picture's right, y up from the pupils, z from the head's axis to the viewer.
struct HeadShape {
  let person: Person
  let appearance: Appearance
  /// Half the distance between the pupils, and the height of the closed mouth.
  let eyeX, mouthY: Float
  /// Half the width of the mouth, and how far its corners rise.
  let mouthHalf, cornerRise: Float
  /// The gap between the lips, and the height of the nose's tip.
  let gap, noseY: Float
  private let halfWidth, front, back: Curve

  static let (bottom, top): (Float, Float) = (-116, 120)

  init(_ person: Person, _ appearance: Appearance) {
    (self.person, self.appearance) = (person, appearance)
    let p = person
    eyeX = 31.5 + 1.6 * p.eyeSpacing
    let longer = 1 + 0.035 * p.length
    mouthY = -65 * longer
    noseY = -37 * longer - 2 * p.noseLength
    let smile = appearance.smile
    mouthHalf = 23.5 + 2 * p.mouthWidth + 5 * smile - 3 * appearance.mouthOpen
    cornerRise = 4.5 * smile - 0.5
    gap = 14 * appearance.mouthOpen + (smile > 0.45 ? 9 * (smile - 0.45) : 0)
    let (w, j, c) = (1 + 0.035 * p.width, 3 * p.jaw, 2.5 * p.chin)
    let l = longer
    halfWidth = Curve([
      (-116, 5), (-112 * l, 20 + c), (-106 * l, 31 + c + j * 0.5), (-96 * l, 41 + c * 0.7 + j),
      (-82 * l, 51 + j), (-65 * l, 59 + j), (-45, 64 * w + j * 0.6), (-20, 67.5 * w + p.cheekbone),
      (0, 70 * w + p.cheekbone), (30, 74 * w), (60, 71 * w), (85, 60 * w), (102, 45 * w),
      (112, 30 * w), (118, 14 * w), (120, 3),
    ])
    let f = 1.5 * p.forehead
    front = Curve([
      (-116, 8), (-112 * l, 63), (-106 * l, 77 + c), (-97 * l, 82 + c), (-84 * l, 80 + c * 0.5),
      (-66 * l, 86), (-50, 85), (-28, 83), (0, 83), (20, 89 + f), (42, 91 + f), (62, 85),
      (82, 72), (100, 53), (111, 33), (117, 15), (120, 4),
    ])
    back = Curve([
      (-116, 30), (-85, 52), (-50, 72), (0, 98), (40, 108), (75, 94), (100, 66), (112, 38),
      (117, 18),
      (120, 4),
    ])
  }

  /// The half widths and depths at one height: what a row of the surface shares.
  func section(_ y: Float) -> (width: Float, front: Float, back: Float) {
    (halfWidth(y), front(y), back(y))
  }

  /// The point at an azimuth (0 is to the viewer) of the undisplaced head.
  func base(
    sine: Float, cosine: Float, section: (width: Float, front: Float, back: Float)
  ) -> (x: Float, z: Float) {
    let u = abs(sine) / section.width
    let v = abs(cosine) / (cosine > 0 ? section.front : section.back)
    // A little squarer than an ellipse.
    let (u2, v2) = (u * u, v * v)
    let power = u2 * u2 + v2 * v2 + 1.72 * u2 * v2
    let r = 1 / power.squareRoot().squareRoot()
    return (r * sine, r * cosine)
  }

  /// The point of the face that is seen from the front at (`x`, `y`), before jaw and mouth move.
  func frontal(x: Float, y: Float) -> SIMD3<Float> {
    let s = section(y)
    let (u, w) = (x / s.width, s.front)
    // Solves u⁴ + v⁴ + 1.72 u²v² = 1 for v².
    let u2 = min(1, u * u)
    let v2 = (-1.72 * u2 + ((1.72 * 1.72 - 4) * u2 * u2 + 4).squareRoot()) / 2
    return moved([x, y, max(0, v2).squareRoot() * w + relief(x, y)])
  }

  /// Moves a point with the jaw.
  @inline(__always) func moved(_ point: SIMD3<Float>) -> SIMD3<Float> {
    var point = point
    let lower = smooth(mouthY + 2, mouthY - 5, point.y) * smooth(-10, 40, point.z)
    point.y -= gap * 0.85 * lower * (1 - 0.35 * smooth(20, 60, abs(point.x)))
    return point
  }
}
