private import Glibc

/// A bent sheet of points: rows from above to below, columns from the picture's left to its right.
struct SurfaceGrid {
  let columns, rows: Int
  /// Points in the picture's axes, millimetres.
  var points: [SIMD3<Float>]
  /// Places on the surface and of the material, the first four values of a vertex.
  var places: [SIMD4<Float>]

  /// The normals, outwards, by differences.
  func normals() -> [SIMD3<Float>] {
    var normals = [SIMD3<Float>](repeating: SIMD3(), count: points.count)
    for row in 0..<rows {
      let (above, below) = (max(0, row - 1) * columns, min(rows - 1, row + 1) * columns)
      for column in 0..<columns {
        let (left, right) = (max(0, column - 1), min(columns - 1, column + 1))
        let across = points[row * columns + right] - points[row * columns + left]
        let down = points[below + column] - points[above + column]
        normals[row * columns + column] = normalised(cross(down, across))
      }
    }
    return normals
  }

  /// How open each point lies, 0…1: points in hollows see less of the sky.
  func openness(_ normals: [SIMD3<Float>], reach: Int) -> [Float] {
    let means = averaged(reach)
    return points.indices.map { i in
      let depth = ((means[i] - points[i]) * normals[i]).sum()
      return 1 - min(0.8, max(-0.08, depth * 0.085))
    }
  }

  private func averaged(_ reach: Int) -> [SIMD3<Float>] {
    var (rowMeans, means) = (points, points)
    for row in 0..<rows {
      for column in 0..<columns {
        let (low, high) = (max(0, column - reach), min(columns - 1, column + reach))
        let h = min(column - low, high - column)
        var sum = SIMD3<Float>()
        for i in column - h...column + h { sum += points[row * columns + i] }
        rowMeans[row * columns + column] = sum / Float(2 * h + 1)
      }
    }
    for row in 0..<rows {
      let h = min(reach, min(row, rows - 1 - row))
      for column in 0..<columns {
        var sum = SIMD3<Float>()
        for i in row - h...row + h { sum += rowMeans[i * columns + column] }
        means[row * columns + column] = sum / Float(2 * h + 1)
      }
    }
    return means
  }

  /// The vertices on the picture, lit.
  func vertices(
    _ lighting: Lighting, _ shadows: ShadowMap, _ camera: Camera, reach: Int = 4,
    softness: Float = 1
  ) -> [Vertex] {
    let normals = normals()
    let open = openness(normals, reach: reach)
    return points.indices.map { i in
      let lit = shadows.lit(points[i])
      let (light, shine) = lighting.at(normals[i], open: 1 - softness * (1 - open[i]), lit: lit)
      let (x, y) = camera.pixel(points[i])
      let place = places[i]
      return Vertex(
        x: x, y: y, z: points[i].z,
        values: SIMD8(
          lowHalf: place, highHalf: SIMD4(light.x, light.y, light.z, shine)))
    }
  }
}

/// From millimetres to columns and rows.
struct Camera {
  /// Distance of the camera from the head's axis.
  static let distance: Float = 1300
  /// Columns and rows are (a·u − b·v + x, b·u + a·v + y), u to the right and v downwards.
  var a, b, x, y: Float

  /// The place on a plane through the head, v downwards.
  @inline(__always) static func flat(_ p: SIMD3<Float>) -> (u: Float, v: Float) {
    let scale = distance / (distance - p.z)
    return (p.x * scale, -p.y * scale)
  }

  @inline(__always) func pixel(_ p: SIMD3<Float>) -> (x: Float, y: Float) {
    let (u, v) = Self.flat(p)
    return (a * u - b * v + x, b * u + a * v + y)
  }
}

/// A turn of the head about its neck.
struct Pose {
  private let rows: (SIMD3<Float>, SIMD3<Float>, SIMD3<Float>)
  static let pivot: SIMD3<Float> = [0, -60, -15]

  /// `share`: how much of the turn is made; shoulders turn less than heads.
  init(_ appearance: Appearance, share: Float = 1) {
    let degree = Float.pi / 180 * share
    let (yaw, pitch, roll) = (
      appearance.yaw * degree, -appearance.pitch * degree, -appearance.roll * degree
    )
    let (cy, sy) = (cosf(yaw), sinf(yaw))
    let (cp, sp) = (cosf(pitch), sinf(pitch))
    let (cr, sr) = (cosf(roll), sinf(roll))
    // First pitch about x, then yaw about y, then roll about z.
    let x = SIMD3<Float>(cy, sy * sp, sy * cp)
    let y = SIMD3<Float>(0, cp, -sp)
    let z = SIMD3<Float>(-sy, cy * sp, cy * cp)
    rows = (cr * x - sr * y, sr * x + cr * y, z)
  }

  @inline(__always) func applied(_ p: SIMD3<Float>) -> SIMD3<Float> {
    let q = p - Self.pivot
    return SIMD3((rows.0 * q).sum(), (rows.1 * q).sum(), (rows.2 * q).sum()) + Self.pivot
  }
}
