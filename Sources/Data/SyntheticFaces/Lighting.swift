private import Glibc

/// The lights of one picture, in the picture's axes: x right, y up, z to the viewer.
struct Lighting {
  /// Where the main light comes from, and its strength by colour.
  let direction, colour: SIMD3<Float>
  private let sky, ground: SIMD3<Float>
  private let halfway: SIMD3<Float>

  init(_ appearance: Appearance) {
    let degree = Float.pi / 180
    let (a, e) = (appearance.lightAzimuth * degree, appearance.lightElevation * degree)
    direction = [sinf(a) * cosf(e), sinf(e), cosf(a) * cosf(e)]
    let w = appearance.warmth
    colour = SIMD3(1 + 0.1 * w, 1, 1 - 0.16 * w) * appearance.lightStrength
    sky = SIMD3(0.96, 1, 1.08) * appearance.ambient
    ground = SIMD3(1, 0.86, 0.76) * appearance.ambient * 0.8
    halfway = normalised(direction + [0, 0, 1])
  }

  /// The light that matt skin sends back at a place, and its shine.
  @inline(__always)
  func at(_ normal: SIMD3<Float>, open: Float, lit: Float) -> (light: SIMD3<Float>, shine: Float) {
    let facing = (normal * direction).sum()
    // Light that goes through skin: red reaches furthest around an edge.
    let wrap = SIMD3<Float>(0.34, 0.2, 0.14)
    let lambert = pointwiseMax(SIMD3(), (facing + wrap) / (1 + wrap))
    let shadow = pointwiseMax(SIMD3(), SIMD3(repeating: 1) - (1 - lit) * SIMD3(0.86, 0.95, 0.98))
    let above = mix(ground, sky, 0.5 + 0.5 * normal.y) * (0.75 + 0.25 * normal.z)
    let tinted = SIMD3(open.squareRoot(), open, open)
    let h = max(0, (normal * halfway).sum())
    let h4 = h * h * h * h
    let (h8, h16) = (h4 * h4, h4 * h4 * h4 * h4)
    let rim = 1 - max(0, normal.z)
    let shine = (0.5 * h8 * h8 * h8 + 0.22 * h16 + 0.06 * h4) * lit + 0.1 * rim * rim * rim
    return (
      colour * lambert * shadow * (0.55 + 0.45 * open) + above * tinted,
      shine * open * appearanceGain
    )
  }

  private var appearanceGain: Float { colour.y }
}

@inline(__always) func normalised(_ v: SIMD3<Float>) -> SIMD3<Float> {
  v / max(1e-9, (v * v).sum()).squareRoot()
}

@inline(__always) func cross(_ a: SIMD3<Float>, _ b: SIMD3<Float>) -> SIMD3<Float> {
  SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
}

/// How near to the light the nearest surface is, on a grid seen from the light.
struct ShadowMap {
  private static let side = 76
  private static let cell: Float = 4.4
  private var nearest = [Float](repeating: -1e9, count: side * side)
  private let right, up, toLight: SIMD3<Float>

  init(direction: SIMD3<Float>) {
    toLight = direction
    right = normalised(cross([0, 1, 0], direction))
    up = cross(direction, right)
  }

  @inline(__always) private func place(_ p: SIMD3<Float>) -> (u: Float, v: Float, d: Float) {
    let half = Float(Self.side) / 2
    return (
      (p * right).sum() / Self.cell + half, (p * up).sum() / Self.cell + half, (p * toLight).sum()
    )
  }

  mutating func add(_ points: [SIMD3<Float>]) {
    for point in points {
      let (u, v, d) = place(point)
      guard u >= 0, v >= 0, u < Float(Self.side), v < Float(Self.side) else { continue }
      let i = Int(v) * Self.side + Int(u)
      nearest[i] = max(nearest[i], d)
    }
  }

  /// The part of the main light that reaches a point: 0…1, soft at edges.
  @inline(__always) func lit(_ point: SIMD3<Float>) -> Float {
    let (u, v, d) = place(point)
    guard u >= 2, v >= 2, u < Float(Self.side - 3), v < Float(Self.side - 3) else { return 1 }
    let (column, row) = (Int(u), Int(v))
    var hidden: Float = 0
    for y in row - 1...row + 1 {
      for x in column - 1...column + 1 {
        hidden += min(1, max(0, (nearest[y * Self.side + x] - d - 9) * 0.1))
      }
    }
    return 1 - hidden / 9
  }
}
