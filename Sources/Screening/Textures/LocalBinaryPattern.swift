private import Glibc

/// The operator that turns each pixel into an eight-bit code of its eight neighbours.
///
/// code = Σₚ s(gₚ − g_c)·2ᵖ with s(d) = 1 where d ≥ 0: a neighbour at least as bright as the centre
/// sets its bit. Neighbour 0 lies to the right; the others follow counter-clockwise:
///
///     3 2 1
///     4 c 0
///     5 6 7
///
/// Reference: Ojala, Pietikäinen and Mäenpää, "Multiresolution gray-scale and rotation invariant
/// texture classification with local binary patterns", 2002, equation 9.
public struct LocalBinaryPattern: Hashable, Sendable, Codable {
  /// Where the eight neighbours lie.
  public enum Neighbourhood: Hashable, Sendable, Codable {
    /// The eight pixels around the centre; codes survive every monotone change of grey values.
    case square
    /// A circle of this radius in pixels, with bilinear interpolation between pixels.
    ///
    /// Points on the axes at whole radii are pixels and are not interpolated. Interpolation is
    /// exact integer arithmetic with weights rounded to 1/65536, so flat areas give code 255 and
    /// results are the same on every machine; codes survive increasing affine changes of the grey
    /// values (where those are exact), not every monotone one.
    case circle(radius: Double)
  }

  /// Where the eight neighbours lie.
  public let neighbourhood: Neighbourhood

  /// Creates an operator.
  ///
  /// - Precondition: a circle's radius is in 1…32.
  public init(_ neighbourhood: Neighbourhood = .square) {
    if case .circle(let radius) = neighbourhood {
      precondition((1...32).contains(radius), "radius \(radius) is not in 1…32")
    }
    self.neighbourhood = neighbourhood
  }

  /// The pixels at each edge that have no code because a neighbour would lie outside.
  public var margin: Int {
    switch neighbourhood {
    case .square: 1
    case .circle(let radius): Int(radius.rounded(.up))
    }
  }

  /// The eight neighbours, bit 0 first.
  var neighbours: [Neighbour] {
    switch neighbourhood {
    case .square:
      [(1, 0), (1, -1), (0, -1), (-1, -1), (-1, 0), (-1, 1), (0, 1), (1, 1)]
        .map { Neighbour(x: Double($0.0), y: Double($0.1)) }
    case .circle(let radius):
      (0..<8).map { p in
        let angle = Double(p) * .pi / 4
        return Neighbour(x: radius * cos(angle), y: -radius * sin(angle))
      }
    }
  }
}

/// A point beside the centre, as a weighted mean of four pixels.
struct Neighbour {
  /// The unit of the weights, which sum to it.
  static let one: Int32 = 65_536

  /// The upper left of the four pixels, relative to the centre.
  let x, y: Int
  /// The weights of the upper left, upper right, lower left and lower right pixel.
  let weights: (Int32, Int32, Int32, Int32)

  init(x: Double, y: Double) {
    // Sines of multiples of 45° miss whole numbers by a rounding error.
    let x = abs(x - x.rounded()) < 1e-9 ? x.rounded() : x
    let y = abs(y - y.rounded()) < 1e-9 ? y.rounded() : y
    let (left, top) = (x.rounded(.down), y.rounded(.down))
    let (u, v) = (x - left, y - top)
    func weight(_ share: Double) -> Int32 { Int32((share * Double(Self.one)).rounded()) }
    let (second, third, fourth) = (weight(u * (1 - v)), weight((1 - u) * v), weight(u * v))
    (self.x, self.y) = (Int(left), Int(top))
    weights = (Self.one - second - third - fourth, second, third, fourth)
  }

  /// Whether the point is a pixel.
  var isPixel: Bool { weights.0 == Self.one }
}
