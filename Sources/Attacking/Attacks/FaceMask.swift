public import Images

/// The part of an aligned face that a patch covers, as places of the frame from 0 to 1 along both axes.
public struct FaceMask: Equatable, Sendable {
  /// The name, as the command line has it.
  public let name: String
  /// The grid of a drawn mask, row by row; empty for shapes.
  private let pixels: [Bool]
  private let width: Int
  private let shapes: [Shape]

  /// A shape in pixels of a frame of 128.
  private enum Shape: Equatable, Sendable {
    case box(x: ClosedRange<Double>, y: ClosedRange<Double>)
    /// A ring between two half axes around a middle.
    case ring(x: Double, y: Double, inner: SIMD2<Double>, outer: SIMD2<Double>)

    func contains(_ px: Double, _ py: Double) -> Bool {
      switch self {
      case .box(let x, let y): x.contains(px) && y.contains(py)
      case .ring(let x, let y, let inner, let outer):
        Self.norm(px - x, py - y, inner) > 1 && Self.norm(px - x, py - y, outer) <= 1
      }
    }

    private static func norm(_ x: Double, _ y: Double, _ axes: SIMD2<Double>) -> Double {
      let place = SIMD2(x, y) / axes
      return (place * place).sum()
    }
  }

  private init(_ name: String, _ shapes: [Shape]) {
    (self.name, self.shapes, pixels, width) = (name, shapes, [], 0)
  }

  /// A mask drawn as a picture of the frame: it covers what is brighter than middle grey.
  public init(name: String, picture: RGBImage) {
    (self.name, width, shapes) = (name, picture.width, [])
    pixels = picture.luminance.map { $0 > 127 }
  }

  /// Rims, bridge and bows of a pair of glasses.
  public static let glasses = FaceMask(
    "glasses",
    [
      .ring(x: 44.5, y: 53, inner: [12, 9], outer: [18, 15]),
      .ring(x: 83.5, y: 53, inner: [12, 9], outer: [18, 15]),
      .box(x: 61...67, y: 48...54), .box(x: 12...27, y: 49...55), .box(x: 101...116, y: 49...55),
    ])
  /// A sticker of 46×28 pixels of the frame on the forehead.
  public static let sticker = FaceMask("sticker", [.box(x: 41...87, y: 8...36)])

  /// The masks that have a name.
  public static let named = [glasses, sticker]

  /// Whether it covers a place, from 0 to 1 across the frame and down; nothing outside the frame.
  public func covers(x: Double, y: Double) -> Bool {
    guard (0..<1).contains(x), (0..<1).contains(y) else { return false }
    if !pixels.isEmpty {
      let height = pixels.count / width
      return pixels[Int(y * Double(height)) * width + Int(x * Double(width))]
    }
    return shapes.contains { $0.contains(x * 128, y * 128) }
  }

  /// The share of the frame that is covered.
  public var share: Double {
    let side = 256
    let count = (0..<side * side).count {
      covers(
        x: (Double($0 % side) + 0.5) / Double(side), y: (Double($0 / side) + 0.5) / Double(side))
    }
    return Double(count) / Double(side * side)
  }
}
