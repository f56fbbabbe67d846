extension SkinMaterial {
  /// Draws an eyebrow of single hairs.
  func brow(_ colour: SIMD3<Float>, _ x: Float, _ side: Float, _ y: Float) -> SIMD3<Float> {
    let p = shape.person
    let t = (side - (11 - p.browThickness)) / 39
    if t < -0.1 || t > 1.1 { return colour }
    let bend = (t - 0.62) / 0.62
    let middle = 15.5 + 1.7 * p.browHeight + (4.2 + 1.8 * p.browArch) * (1 - bend * bend)
    let thick = max(2, 4.3 + 1.1 * p.browThickness) * (1 - 0.62 * t * t) * smooth(-0.1, 0.12, t)
    let v = (y - middle) / max(0.5, thick)
    let body = smooth(1.15, 0.35, abs(v)) * smooth(1.08, 0.8, t)
    let hairs = noise((x + (x > 0 ? -1.1 : 1.1) * y) * 0.95, y * 0.28)
    let cover = body * (0.42 + 0.75 * hairs)
    return mix(colour, hair * 0.75 + skin * 0.03, min(0.92, max(0, cover)))
  }

  /// Draws an eye: ball, iris, lids, lashes.
  func eye(
    _ colour: inout SIMD3<Float>, _ shine: inout Float, _ x: Float, _ side: Float, _ y: Float
  ) {
    let (p, a) = (shape.person, shape.appearance)
    let u = side - shape.eyeX
    let half = 14.6 * (1 + 0.05 * p.eyeSize)
    let v = y - (0.05 + 0.035 * p.eyeTilt) * u
    let r = u / half
    if abs(r) > 1.35 || v > 12 || v < -10 { return }
    let arch = max(0, 1 - r * r)
    let skew = 1 - 0.12 * r
    let upper =
      (5.1 + 0.6 * p.eyeSize) * a.eyesOpen * (1 - 0.12 * a.smile) * arch.squareRoot()
      * (0.35 + 0.65 * arch.squareRoot()) * skew
    let lower = (4.2 + 0.35 * p.eyeSize) * (1 - 0.3 * a.smile) * arch * (1 + 0.12 * r)
    // Lids: a crease above, a soft rim below.
    let fade = smooth(1.3, 0.8, abs(r))
    let crease = v - upper - 3.1 + 0.4 * p.eyeDepth
    colour *= 1 - 0.42 * bell(crease * crease / 1.1) * fade
    let rim = v + lower + 1.6
    colour *= 1 - 0.16 * bell(rim * rim / 1.4) * fade
    let inside = smooth(-0.35, 0.45, min(upper - v, v + lower)) * smooth(1.02, 0.95, abs(r))
    if inside > 0 {
      let ball = ball(u * (x > 0 ? 1 : -1), v, upper, r)
      colour = mix(colour, ball, inside)
      shine *= 1 - inside
    }
    let lash = v - upper - 0.15
    let thick: Float = (0.75 + 0.35 * r) * (p.build < 0 ? 1.35 : 1)
    let dark = bell(lash * lash / (thick * thick)) * smooth(1.15, 0.95, abs(r))
    colour = mix(colour, hair * 0.3 + 0.004, min(0.92, 0.88 * dark))
    let line = v + lower
    colour *= 1 - 0.3 * bell(line * line / 0.5) * smooth(1.05, 0.7, abs(r)) * (0.6 + 0.4 * r)
  }

  private func ball(_ u: Float, _ v: Float, _ upper: Float, _ r: Float) -> SIMD3<Float> {
    var colour = SIMD3<Float>(0.6, 0.55, 0.52) * (1 - 0.3 * r * r)
    let (dx, dy) = (u - gaze.x, v - gaze.y - 0.5)
    let d = (dx * dx + dy * dy).squareRoot()
    let ring = smooth(6.6, 5.7, d)
    let fibre = 0.8 + 0.4 * noise(dx * 1.4, dy * 1.4)
    let lower = 1 + 0.35 * smooth(3, -5, dy)
    let body = iris * fibre * lower * (0.35 + 0.65 * smooth(6.3, 4.6, d))
    colour = mix(colour, body, ring)
    colour = mix(colour, SIMD3(repeating: 0.006), smooth(2.9, 2.2, d))
    colour *= 0.42 + 0.58 * smooth(-0.2, 4.2, upper - v)
    let (gx, gy) = (dx - glint.x, dy - glint.y)
    return colour + 1.1 * bell((gx * gx + gy * gy) / 0.75)
  }

  /// Draws lips, and teeth and darkness between them.
  func lips(_ colour: inout SIMD3<Float>, _ shine: inout Float, _ x: Float, _ y: Float) {
    let p = shape.person
    let r = x / shape.mouthHalf
    let arch = max(0, 1 - r * r)
    let root = arch.squareRoot()
    let line = shape.mouthY + shape.cornerRise * r * r
    let opening = shape.gap * arch.squareRoot() * 0.95
    let top =
      (5.4 + 1.1 * p.upperLip) * (0.4 * root + 0.6 * arch) * (1 - 0.2 * bell(x * x / 9))
      * (1 - 0.25 * shape.appearance.smile)
    let bottom =
      (7.4 + 1.3 * p.lowerLip) * (0.25 * root + 0.75 * arch) * (1 - 0.15 * shape.appearance.smile)
    let v = y - line
    let inside = min(top - v, v + opening + bottom)
    let cover = smooth(-0.9, 1.1, inside) * smooth(1.02, 0.9, abs(r))
    if cover > 0 {
      let tint = mix(SIMD3<Float>(0.86, 0.52, 0.52), SIMD3(0.78, 0.5, 0.5), p.melanin)
      let red = (skin * tint + SIMD3(0.02, 0.004, 0.006)) * (v > -opening / 2 ? 0.86 : 1)
      let streaks = 0.9 + 0.2 * noise(x * 0.8, y * 0.15)
      colour = mix(colour, red * streaks, cover * 0.88)
      shine = max(shine, 0.26 * cover)
    }
    if shape.gap > 0.3 {
      let hole = smooth(-0.5, 0.5, min(-v, v + opening)) * smooth(1.0, 0.92, abs(r))
      if hole > 0 {
        let lip = smooth(0, 2.5, -v)
        var deep = SIMD3<Float>(0.045, 0.012, 0.012)
        let teeth = smooth(8.4, 7.6, -v) * smooth(0.86, 0.6, abs(r))
        let gapLine = abs(x / 7.6 - (x / 7.6).rounded())
        let white = SIMD3<Float>(0.62, 0.57, 0.5) * (1 - 0.5 * r * r) * (0.45 + 0.55 * lip)
        deep = mix(deep, white * (0.86 + 0.14 * smooth(0.5, 0.4, gapLine)), teeth)
        colour = mix(colour, deep, hole)
        shine *= 1 - hole
      }
    }
    let seam = min(abs(v), abs(v + opening))
    colour *= 1 - 0.62 * bell(seam * seam / 0.7) * smooth(1.12, 0.92, abs(r))
    let corner = abs(x) - shape.mouthHalf
    colour *= 1 - 0.35 * bell(corner, 2, v - shape.cornerRise + shape.cornerRise * r * r, 1.6)
  }
}
