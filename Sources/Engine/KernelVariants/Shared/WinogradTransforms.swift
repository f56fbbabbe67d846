// The one-dimensional transforms of Winograd's minimal filtering, F(4, 3) on the points
// 0, ±1, ±2, ∞, F(5, 3) on 0, ±1, ±½, 2, ∞ and F(2, 3) on 0, ±1, ∞: y = Aᵀ[(G w) ⊙ (Bᵀ x)].
// Reference: Lavin and Gray, "Fast Algorithms for Convolutional Neural Networks", 2016.
// A tile is transformed along its columns and then along its rows by `transformTile`.

typealias Two = InlineArray<2, Vector>
typealias Three = InlineArray<3, Vector>
typealias Four = InlineArray<4, Vector>
typealias Five = InlineArray<5, Vector>
typealias Six = InlineArray<6, Vector>
typealias Seven = InlineArray<7, Vector>

/// Applies a one-dimensional transform to the columns and then to the rows of an n×n tile.
@inline(__always)
func transformTile<let n: Int, let m: Int>(
  _ transform: (InlineArray<n, Vector>) -> InlineArray<m, Vector>,
  load: (_ row: Int, _ column: Int) -> Vector,
  store: (_ row: Int, _ column: Int, Vector) -> Void
) {
  let zero = InlineArray<m, Vector>(repeating: splat(0))
  var columns = InlineArray<n, InlineArray<m, Vector>>(repeating: zero)
  var line = InlineArray<n, Vector>(repeating: splat(0))
  for j in 0..<n {
    for i in 0..<n { line[unchecked: i] = load(i, j) }
    columns[unchecked: j] = transform(line)
  }
  for i in 0..<m {
    for j in 0..<n { line[unchecked: j] = columns[unchecked: j][unchecked: i] }
    let result = transform(line)
    for j in 0..<m { store(i, j, result[unchecked: j]) }
  }
}

enum FourThree {
  /// Bᵀ x: six input pixels to six points.
  @inline(__always) static func input(_ x: Six) -> Six {
    let (two, four, five) = (splat(2), splat(4), splat(5))
    let a = x[4] - four * x[2]
    let b = x[3] - four * x[1]
    let c = x[4] - x[2]
    let d = two * (x[3] - x[1])
    return [
      four * x[0] - five * x[2] + x[4], a + b, a - b, c + d, c - d,
      four * x[1] - five * x[3] + x[5],
    ]
  }

  /// Aᵀ m: six points to four output pixels.
  @inline(__always) static func output(_ m: Six) -> Four {
    let (two, four, eight) = (splat(2), splat(4), splat(8))
    let (s, d) = (m[1] + m[2], m[1] - m[2])
    let (t, e) = (m[3] + m[4], m[3] - m[4])
    return [m[0] + s + t, d + two * e, s + four * t, d + eight * e + m[5]]
  }

  /// A y: four output gradients to six points (the transpose of `output`).
  @inline(__always) static func outputGradient(_ y: Four) -> Six {
    let (two, four, eight) = (splat(2), splat(4), splat(8))
    let (e, o) = (y[0] + y[2], y[1] + y[3])
    let (f, g) = (y[0] + four * y[2], two * y[1] + eight * y[3])
    return [y[0], e + o, e - o, f + g, f - g, y[3]]
  }

  /// G w: three weights to six points.
  @inline(__always) static func weights(_ w: Three) -> Six {
    let (sixth, twelfth) = (splat(1 / 6), splat(1 / 12))
    let twentyFourth = splat(1 / 24)
    let s = (w[0] + w[2]) * -sixth
    let m = w[1] * -sixth
    let q = w[0] * twentyFourth + w[2] * sixth
    let r = w[1] * twelfth
    return [w[0] * splat(0.25), s + m, s - m, q + r, q - r, w[2]]
  }

  /// Gᵀ u: six points to three weight gradients.
  @inline(__always) static func weightGradient(_ u: Six) -> Three {
    let (sixth, twelfth) = (splat(1 / 6), splat(1 / 12))
    let twentyFourth = splat(1 / 24)
    let s = (u[1] + u[2]) * sixth
    let t = u[3] + u[4]
    return [
      u[0] * splat(0.25) - s + t * twentyFourth,
      (u[2] - u[1]) * sixth + (u[3] - u[4]) * twelfth,
      t * sixth - s + u[5],
    ]
  }
}

enum FiveThree {
  /// Bᵀ x: seven input pixels to seven points.
  @inline(__always) static func input(_ x: Seven) -> Seven {
    let (half, quarter, two) = (splat(0.5), splat(0.25), splat(2))
    let more = splat(1.25)
    let (r, s) = (x[4] - two * x[3], x[2] - two * x[1])
    let (t, u) = (x[5] - two * x[4], x[3] - two * x[2])
    let (a, b) = (t - quarter * u, r - quarter * s)
    let (c, d) = (t - u, half * (r - s))
    return [
      t - more * u + quarter * (x[1] - two * x[0]), a + b, a - b, c + d, c - d,
      x[5] - more * x[3] + quarter * x[1], (x[6] - two * x[5]) - more * r + quarter * s,
    ]
  }

  /// Aᵀ m: seven points to five output pixels.
  @inline(__always) static func output(_ m: Seven) -> Five {
    let (s, d) = (m[1] + m[2], m[1] - m[2])
    let (t, e) = (m[3] + m[4], m[3] - m[4])
    let p = m[5]
    return [
      m[0] + s + t + p, d + splat(0.5) * e + splat(2) * p, s + splat(0.25) * t + splat(4) * p,
      d + splat(0.125) * e + splat(8) * p, s + splat(0.0625) * t + splat(16) * p + m[6],
    ]
  }

  /// A y: five output gradients to seven points (the transpose of `output`).
  @inline(__always) static func outputGradient(_ y: Five) -> Seven {
    let (e, o) = (y[0] + y[2] + y[4], y[1] + y[3])
    let f = y[0] + splat(0.25) * y[2] + splat(0.0625) * y[4]
    let g = splat(0.5) * y[1] + splat(0.125) * y[3]
    let (h, i) = (y[0] + splat(4) * y[2] + splat(16) * y[4], splat(2) * y[1] + splat(8) * y[3])
    return [y[0], e + o, e - o, f + g, f - g, h + i, y[4]]
  }

  /// G w: three weights to seven points.
  @inline(__always) static func weights(_ w: Three) -> Seven {
    let (s, m) = (w[0] + w[2], w[1])
    let (q, r) = (w[0] + splat(0.25) * w[2], splat(0.5) * w[1])
    return [
      w[0] * splat(-2), (s + m) * splat(-2 / 3), (s - m) * splat(-2 / 9),
      (q + r) * splat(16 / 9), (q - r) * splat(16 / 15),
      (w[0] + splat(2) * w[1] + splat(4) * w[2]) * splat(2 / 45), w[2],
    ]
  }

  /// Gᵀ u: seven points to three weight gradients.
  @inline(__always) static func weightGradient(_ u: Seven) -> Three {
    let (a, b) = (u[1] * splat(-2 / 3), u[2] * splat(-2 / 9))
    let (c, d) = (u[3] * splat(16 / 9), u[4] * splat(16 / 15))
    let e = u[5] * splat(2 / 45)
    return [
      (a + b) + (c + d) + e - splat(2) * u[0],
      (a - b) + splat(0.5) * (c - d) + splat(2) * e,
      (a + b) + splat(0.25) * (c + d) + splat(4) * e + u[6],
    ]
  }
}

/// F(4, 3) on an input in which every pixel stands twice: with x₀ x₁ x₁ x₂ x₂ x₃ the third of the six
/// points, (x₂ − 4x₁) − (x₂ − 4x₁), is zero, and everything that belongs to it is left out.
enum UpsampledFourThree {
  /// Bᵀ x: four pixels, of which the middle ones stand twice, to five points.
  @inline(__always) static func input(_ x: Four) -> Five {
    let (two, four, five) = (splat(2), splat(4), splat(5))
    let q = x[2] - x[1]
    return [
      four * x[0] - five * x[1] + x[2], two * (x[2] - four * x[1]), splat(3) * q, x[1] - x[2],
      four * x[1] - five * x[2] + x[3],
    ]
  }

  /// Aᵀ m: five points to four output pixels.
  @inline(__always) static func output(_ m: Five) -> Four {
    let (two, four, eight) = (splat(2), splat(4), splat(8))
    let (t, e) = (m[2] + m[3], m[2] - m[3])
    return [m[0] + m[1] + t, m[1] + two * e, m[1] + four * t, m[1] + eight * e + m[4]]
  }

  /// A y: four output gradients to five points.
  @inline(__always) static func outputGradient(_ y: Four) -> Five {
    let six = FourThree.outputGradient(y)
    return [six[0], six[1], six[3], six[4], six[5]]
  }

  /// G w: three weights to five points.
  @inline(__always) static func weights(_ w: Three) -> Five {
    let six = FourThree.weights(w)
    return [six[0], six[1], six[3], six[4], six[5]]
  }

  /// Gᵀ u: five points to three weight gradients.
  @inline(__always) static func weightGradient(_ u: Five) -> Three {
    FourThree.weightGradient([u[0], u[1], splat(0), u[2], u[3], u[4]])
  }
}

/// F(4, 3) whose four outputs are added up in pairs: m₂ cancels in y₀ + y₁ and in y₂ + y₃.
enum SummedFourThree {
  /// Bᵀ x: six pixels to five points.
  @inline(__always) static func input(_ x: Six) -> Five {
    let six = FourThree.input(x)
    return [six[0], six[1], six[3], six[4], six[5]]
  }

  /// Aᵀ m: five points to two sums of output pixels.
  @inline(__always) static func output(_ m: Five) -> Two {
    let s = m[1] + m[1]
    let t = splat(3) * m[2] - m[3]
    return [m[0] + s + t, s + splat(4) * t + m[4]]
  }
}

enum TwoThree {
  /// Bᵀ x: four input pixels to four points.
  @inline(__always) static func input(_ x: Four) -> Four {
    [x[0] - x[2], x[1] + x[2], x[2] - x[1], x[1] - x[3]]
  }

  /// Aᵀ m: four points to two output pixels.
  @inline(__always) static func output(_ m: Four) -> Two {
    [m[0] + m[1] + m[2], m[1] - m[2] - m[3]]
  }

  /// A y: two output gradients to four points.
  @inline(__always) static func outputGradient(_ y: Two) -> Four {
    [y[0], y[0] + y[1], y[0] - y[1], splat(0) - y[1]]
  }

  /// G w: three weights to four points.
  @inline(__always) static func weights(_ w: Three) -> Four {
    let half = splat(0.5)
    let (s, m) = ((w[0] + w[2]) * half, w[1] * half)
    return [w[0], s + m, s - m, w[2]]
  }

  /// Gᵀ u: four points to three weight gradients.
  @inline(__always) static func weightGradient(_ u: Four) -> Three {
    let half = splat(0.5)
    let s = (u[1] + u[2]) * half
    return [u[0] + s, (u[1] - u[2]) * half, s + u[3]]
  }
}

/// F(4, 2) on the points 0, ±1, 2, ∞.
enum FourTwo {
  /// Bᵀ x: five pixels to five points.
  @inline(__always) static func input(_ x: Five) -> Five {
    let (two, three) = (splat(2), splat(3))
    let (a, b) = (x[3] - x[1], x[2] - x[0])
    return [
      a - two * b, (x[3] - x[2]) - two * x[1], x[3] - three * x[2] + two * x[1], a,
      (x[4] - x[2]) - two * a,
    ]
  }

  /// Aᵀ m: five points to four output pixels.
  @inline(__always) static func output(_ m: Five) -> Four {
    let (s, d) = (m[1] + m[2], m[1] - m[2])
    return [
      m[0] + s + m[3], d + splat(2) * m[3], s + splat(4) * m[3], d + splat(8) * m[3] + m[4],
    ]
  }

  /// A y: four output gradients to five points.
  @inline(__always) static func outputGradient(_ y: Four) -> Five {
    let (e, o) = (y[0] + y[2], y[1] + y[3])
    return [
      y[0], e + o, e - o,
      (y[0] + splat(4) * y[2]) + (splat(2) * y[1] + splat(8) * y[3]), y[3],
    ]
  }

  /// G w: two weights to five points.
  @inline(__always) static func weights(_ w: Two) -> Five {
    let sixth = splat(1 / 6)
    return [
      splat(0.5) * w[0], splat(-0.5) * (w[0] + w[1]), sixth * (w[1] - w[0]),
      sixth * (w[0] + splat(2) * w[1]), w[1],
    ]
  }

  /// Gᵀ u: five points to two weight gradients.
  @inline(__always) static func weightGradient(_ u: Five) -> Two {
    let (half, sixth) = (splat(0.5), splat(1 / 6))
    return [
      half * (u[0] - u[1]) + sixth * (u[3] - u[2]),
      sixth * (u[2] + splat(2) * u[3]) - half * u[1] + u[4],
    ]
  }
}
