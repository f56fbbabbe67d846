/// How a network from elsewhere wants its faces: where in the picture, how large, which colours.
///
/// An aligned face is moved by a similarity, x′ = a·x − b·y + shiftX, y′ = b·x + a·y + shiftY, from our
/// frame to the network's (pixels, centres at whole numbers); its colours, 0…255, become
/// (colour − mean) · scale.
///
/// A face in a photograph, whose five points are known, can do without our frame: by the similarity that
/// brings these nearest to ``points``, or, without those, by that to our frame and the one above in one.
public struct FaceInput: Codable, Equatable, Sendable {
  /// Rows and columns of the network's pictures.
  public var side: Int
  /// The similarity from our frame.
  public var a, b, shiftX, shiftY: Double
  /// Whether blue comes first.
  public var isBlueFirst: Bool
  /// What is taken off each colour, in the network's order, and what it is then multiplied by.
  public var mean, scale: [Float]
  /// Where the network wants the left eye, the right eye, the nose and the left and right corner of the
  /// mouth, each x and y in its pixels; nil where the similarity is all that is known.
  public var points: [[Double]]?

  /// Creates a description.
  public init(
    side: Int, a: Double, b: Double, shiftX: Double, shiftY: Double, isBlueFirst: Bool = false,
    mean: [Float] = [0, 0, 0], scale: [Float] = [1, 1, 1], points: [[Double]]? = nil
  ) {
    (self.side, self.a, self.b, self.shiftX, self.shiftY) = (side, a, b, shiftX, shiftY)
    (self.isBlueFirst, self.mean, self.scale) = (isBlueFirst, mean, scale)
    self.points = points
  }

  /// Whether all of it makes sense.
  public var isUsable: Bool {
    let factor = (a * a + b * b).squareRoot()
    return (8...1024).contains(side) && (0.01...100).contains(factor) && abs(shiftX) <= 10_000
      && abs(shiftY) <= 10_000 && mean.count == 3 && scale.count == 3
      && (mean + scale).allSatisfy { $0.isFinite && abs($0) <= 1e6 }
      && scale.allSatisfy { $0 != 0 }
      && points.map { points in
        points.count == 5
          && points.allSatisfy { $0.count == 2 && $0.allSatisfy { abs($0) <= 10_000 } }
      } != false
  }

  /// Where in our frame a pixel of the network's picture comes from.
  func back(_ x: Double, _ y: Double) -> (x: Double, y: Double) {
    let (u, v, square) = (x - shiftX, y - shiftY, a * a + b * b)
    return ((a * u + b * v) / square, (a * v - b * u) / square)
  }

  /// The square of aligned faces that the network's picture is, upright and to the next pixel.
  public var view: FaceView {
    let half = Double(side - 1) / 2
    let (middle, edge) = (back(half, half), back(half + Double(side) / 2, half))
    let (x, y) = (edge.x - middle.x, edge.y - middle.y)
    let reach = (x * x + y * y).squareRoot()
    // Pixels' centres are at whole numbers, their edges half a pixel before.
    return FaceView(
      top: Int((middle.y + 0.5 - reach).rounded()), left: Int((middle.x + 0.5 - reach).rounded()),
      side: Int((2 * reach).rounded()))
  }

  /// Two in words: `112×112, RGB`.
  public var summary: String { "\(side)×\(side) \(isBlueFirst ? "BGR" : "RGB")" }
}
