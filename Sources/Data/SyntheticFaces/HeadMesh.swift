private import Glibc

/// The sheets that a person's head, hair and shoulders are made of.
struct HeadMesh {
  let shape: HeadShape
  private let outline: HairOutline

  init(_ shape: HeadShape) {
    self.shape = shape
    outline = HairOutline(shape.person, hat: shape.appearance.hat)
  }

  /// The head with its hair; columns are denser in front, rows between chin and hairline.
  func head(_ pose: Pose) -> SurfaceGrid {
    let (columns, rows) = (105, 96)
    var turns: [(degrees: Float, sine: Float, cosine: Float)] = []
    for column in 0..<columns {
      let s = Float(column) / Float(columns - 1) * 2 - 1
      let degrees = 150 * (0.56 * s + 0.44 * s * s * s)
      turns.append((degrees, sinf(degrees * .pi / 180), cosf(degrees * .pi / 180)))
    }
    let heights = Curve([
      (0, HeadShape.top), (0.03, 117.5), (0.06, 112), (0.15, 91), (0.3, 44), (0.5, 0), (0.88, -100),
      (0.95, -112), (1, HeadShape.bottom),
    ])
    var grid = SurfaceGrid(columns: columns, rows: rows, points: [], places: [])
    grid.points.reserveCapacity(columns * rows)
    grid.places.reserveCapacity(columns * rows)
    for row in 0..<rows {
      let y = heights(Float(row) / Float(rows - 1))
      let section = shape.section(y)
      for turn in turns {
        let (x, z) = shape.base(sine: turn.sine, cosine: turn.cosine, section: section)
        var p = SIMD3<Float>(x, y, z)
        if turn.cosine > 0.1 { p.z += shape.relief(x, y) * smooth(0.1, 0.35, turn.cosine) }
        let side = abs(turn.degrees)
        if side > 70 {
          p.x += (x > 0 ? 1 : -1) * shape.ear(degrees: side, y: y)
        }
        p = shape.moved(p)
        let (moved, edge) = (p, outline.distance(degrees: side, y: y))
        let thick = outline.thickness(distance: edge, degrees: side, y: y)
        if thick > 0 {
          p += thick * normalised(SIMD3(x * 1.2, (y - 15) * 0.9, z))
        }
        grid.points.append(pose.applied(p))
        grid.places.append(SIMD4(moved.x, moved.y, turn.degrees, edge))
      }
    }
    return grid
  }

  /// Long hair behind and beside the face.
  func curtain(_ pose: Pose) -> SurfaceGrid? {
    guard shape.person.hair == .long else { return nil }
    let (columns, rows) = (49, 30)
    var grid = SurfaceGrid(columns: columns, rows: rows, points: [], places: [])
    let length = 95 + 70 * abs(shape.person.hairline)
    let near = 70 - 6 * shape.person.browArch
    for row in 0..<rows {
      let t = Float(row) / Float(rows - 1)
      let y = 72 - t * (72 + length)
      let section = shape.section(max(12, y))
      for column in 0..<columns {
        // From the right of the face around the back to its left, seen from inside: two-sided.
        let s = Float(column) / Float(columns - 1)
        let degrees = near + s * (360 - 2 * near)
        let wave = 2.5 * sinf(degrees * 0.21 + y * 0.05) + 2 * sinf(degrees * 0.83)
        let (x, z) = shape.base(
          sine: sinf(degrees * .pi / 180), cosine: cosf(degrees * .pi / 180), section: section)
        let out = 1 + (11 + wave - 9 * smooth(0, -110, y)) / 75
        let p = SIMD3(x * out, y, z * out - 4 - 10 * smooth(-20, -110, y))
        grid.points.append(pose.applied(p))
        grid.places.append(SIMD4(x, y, degrees, 30))
      }
    }
    return grid
  }

  /// Neck and shoulders.
  func torso(_ pose: Pose) -> SurfaceGrid {
    let (columns, rows) = (61, 46)
    var grid = SurfaceGrid(columns: columns, rows: rows, points: [], places: [])
    let b = 4 * shape.person.build + 2 * shape.person.width
    let width = Curve([
      (-420, 225 + 4 * b), (-290, 222 + 4 * b), (-215, 198 + 3 * b), (-184, 160 + 2 * b),
      (-164, 100 + b), (-149, 70 + b), (-132, 58 + b), (-100, 53 + b), (-60, 42 + b),
    ])
    let depth = Curve([(-420, 120), (-250, 98), (-190, 64), (-150, 47), (-60, 40)])
    for row in 0..<rows {
      let y = -60 - 360 * Float(row) / Float(rows - 1)
      let section = (width: width(y), front: depth(y), back: depth(y))
      for column in 0..<columns {
        let degrees = 120 * (Float(column) / Float(columns - 1) * 2 - 1)
        let (x, z) = shape.base(
          sine: sinf(degrees * .pi / 180), cosine: cosf(degrees * .pi / 180), section: section)
        grid.points.append(pose.applied([x, y, z - 14]))
        let collar = -147 - 36 * bell(degrees * degrees / 1300) - y
        grid.places.append(SIMD4(x, y, degrees, collar))
      }
    }
    return grid
  }
}

/// Where hair grows, and how thick it lies.
struct HairOutline {
  private let line: Curve
  private let style: Person.HairStyle
  private let hat: Bool

  init(_ person: Person, hat: Bool) {
    (style, self.hat) = (person.hair, hat)
    let front = 63 + 4 * person.hairline
    let recess: Float = person.build > 0 ? 3 + 6 * max(0, person.hairline) : 9
    line = Curve([
      (0, front - (person.build > 0 ? 1 : 0)), (22, front - 1 + recess * 0.2),
      (40, front - 10 + recess), (52, 34), (63, 12), (72, -2), (84, 4), (100, 12), (112, -30),
      (130, -52), (180, -58),
    ])
  }

  /// Millimetres above the hairline; negative on the face. `degrees` is 0…180.
  func distance(degrees: Float, y: Float) -> Float {
    if style == .bald { return degrees < 75 ? -30 : min(y - line(degrees), 52 - y) * 0.4 - 2 }
    return y - line(degrees)
  }

  /// How far the surface of hair or hat stands out from the skin.
  func thickness(distance: Float, degrees: Float, y: Float) -> Float {
    if hat, y > 44 { return 13 * smooth(44, 50, y) }
    let full: Float =
      switch style {
      case .bald: 0.5
      case .cropped: 3
      case .short: 9
      case .full: 18
      case .long: 13
      }
    let low = degrees > 50 ? smooth(-30, 62, y) : 1
    return full * smooth(0, style == .full ? 26 : 16, distance) * (hat ? 0.5 : 1)
      * (0.3 + 0.7 * low)
  }
}
