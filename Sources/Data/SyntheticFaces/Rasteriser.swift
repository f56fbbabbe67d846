/// A corner of a triangle on the picture.
struct Vertex {
  /// Columns, rows, and nearness to the viewer.
  var x, y, z: Float
  /// What is interpolated: two places on the surface, two of the material, light (RGB), shine.
  var values: SIMD8<Float>
}

/// What a triangle is made of.
enum Material: UInt8 {
  case background, head, curtain, torso, frame
}

/// The nearest surface at each pixel.
struct SurfaceBuffer {
  let width, height: Int
  private(set) var depth: [Float]
  private(set) var values: [SIMD8<Float>]
  private(set) var materials: [Material]

  init(width: Int, height: Int) {
    (self.width, self.height) = (width, height)
    depth = [Float](repeating: -1e9, count: width * height)
    values = [SIMD8<Float>](repeating: SIMD8(), count: width * height)
    materials = [Material](repeating: .background, count: width * height)
  }

  /// Draws a grid of quads whose visible side runs counter-clockwise over columns and rows.
  mutating func draw(
    _ vertices: [Vertex], columns: Int, material: Material, isTwoSided: Bool = false
  ) {
    let rows = vertices.count / columns
    vertices.withUnsafeBufferPointer { v in
      for row in 0..<rows - 1 {
        for column in 0..<columns - 1 {
          let i = row * columns + column
          fill(v, i, i + columns, i + 1, material, isTwoSided)
          fill(v, i + 1, i + columns, i + columns + 1, material, isTwoSided)
        }
      }
    }
  }

  @inline(__always) private mutating func fill(
    _ v: UnsafeBufferPointer<Vertex>, _ ia: Int, _ ib: Int, _ ic: Int, _ material: Material,
    _ isTwoSided: Bool
  ) {
    let (ax, ay, bx, by) = (v[ia].x, v[ia].y, v[ib].x, v[ib].y)
    let (cx, cy) = (v[ic].x, v[ic].y)
    let area = (bx - ax) * (cy - ay) - (by - ay) * (cx - ax)
    if isTwoSided ? area == 0 : area >= 0 { return }
    let left = max(0, Int(min(ax, min(bx, cx)).rounded(.up)))
    let right = min(width - 1, Int(max(ax, max(bx, cx)).rounded(.down)))
    let top = max(0, Int(min(ay, min(by, cy)).rounded(.up)))
    let bottom = min(height - 1, Int(max(ay, max(by, cy)).rounded(.down)))
    if left > right || top > bottom { return }
    let scale = 1 / area
    let (stepB, stepC) = ((cy - ay) * scale, -(by - ay) * scale)
    for y in top...bottom {
      let (py, px) = (Float(y) - ay, Float(left) - ax)
      var b = (px * (cy - ay) - py * (cx - ax)) * scale
      var c = (py * (bx - ax) - px * (by - ay)) * scale
      for place in y * width + left...y * width + right {
        if b >= -1e-4, c >= -1e-4, b + c <= 1.0001 {
          let a = 1 - b - c
          let z = a * v[ia].z + b * v[ib].z + c * v[ic].z
          if z > depth[place] {
            depth[place] = z
            values[place] = a * v[ia].values + b * v[ib].values + c * v[ic].values
            materials[place] = material
          }
        }
        b += stepB
        c += stepC
      }
    }
  }

  /// Draws a round dot of one colour where nothing is nearer.
  mutating func dot(x: Float, y: Float, z: Float, radius: Float, values dotValues: SIMD8<Float>) {
    let (left, right) = (max(0, Int(x - radius)), min(width - 1, Int(x + radius) + 1))
    let (top, bottom) = (max(0, Int(y - radius)), min(height - 1, Int(y + radius) + 1))
    if left > right || top > bottom { return }
    for row in top...bottom {
      for column in left...right {
        let (dx, dy) = (Float(column) - x, Float(row) - y)
        let place = row * width + column
        if dx * dx + dy * dy <= radius * radius, z > depth[place] {
          depth[place] = z
          values[place] = dotValues
          materials[place] = .frame
        }
      }
    }
  }
}
