/// The colours of a person's face at a place seen from the front, linear light.
struct SkinMaterial {
  let shape: HeadShape
  let skin, hair, iris: SIMD3<Float>
  let noise: PlaneNoise
  let gaze: SIMD2<Float>
  let glint: SIMD2<Float>
  let beardLine: Curve

  init(_ shape: HeadShape, lighting: Lighting) {
    self.shape = shape
    let p = shape.person
    let m = p.melanin
    let (light, middle, dark) = (
      SIMD3<Float>(0.72, 0.46, 0.345), SIMD3<Float>(0.44, 0.235, 0.145),
      SIMD3<Float>(0.1, 0.048, 0.029)
    )
    let tone = m < 0.5 ? mix(light, middle, m * 2) : mix(middle, dark, m * 2 - 1)
    skin = tone * SIMD3(1 + 0.05 * p.redness, 1 - 0.06 * p.redness, 1 - 0.03 * p.redness)
    hair = Self.hairColour(p)
    let (blue, brown) = (SIMD3<Float>(0.15, 0.23, 0.31), SIMD3<Float>(0.06, 0.026, 0.012))
    let green = SIMD3<Float>(0.15, 0.16, 0.075)
    iris =
      p.iris < 0.4 ? mix(blue, green, p.iris / 0.4) : mix(green, brown, min(1, (p.iris - 0.4) * 3))
    noise = PlaneNoise(seed: UInt32(truncatingIfNeeded: p.seed))
    let a = shape.appearance
    gaze = [4 * a.gazeX - 0.09 * a.yaw, 2.5 * a.gazeY - 0.07 * a.pitch]
    glint = [lighting.direction.x * 2.2 - 0.05 * a.yaw, 1.2 + lighting.direction.y * 1.6]
    beardLine = Curve([
      (0, shape.mouthY + 17), (14, shape.mouthY + 15), (24, shape.mouthY + 3),
      (34, shape.mouthY - 2), (50, shape.mouthY + 22), (62, -12), (70, 6),
    ])
  }

  private static func hairColour(_ p: Person) -> SIMD3<Float> {
    let (blond, brown, black) = (
      SIMD3<Float>(0.42, 0.27, 0.125), SIMD3<Float>(0.11, 0.056, 0.028),
      SIMD3<Float>(0.014, 0.011, 0.01)
    )
    let m = p.hairMelanin
    let pigment = m < 0.45 ? mix(blond, brown, m / 0.45) : mix(brown, black, (m - 0.45) / 0.55)
    let red = mix(pigment, SIMD3(0.26, 0.075, 0.028), p.hairRed * (1 - m))
    return mix(red, SIMD3(0.46, 0.45, 0.44), p.hairGrey)
  }

  /// The colour, and how strongly the surface shines.
  func at(_ x: Float, _ y: Float, degrees: Float) -> (colour: SIMD3<Float>, shine: Float) {
    let side = abs(x)
    var shine: Float = 0.16
    var colour = skin * (0.93 + 0.09 * noise(x * 0.09, y * 0.09) + 0.05 * noise(x * 0.7, y * 0.7))
    if abs(degrees) > 80 {
      return (colour * (abs(degrees) > 86 ? SIMD3(0.98, 0.86, 0.84) : SIMD3(repeating: 1)), 0.06)
    }
    colour = blush(colour, x, side, y)
    if y < -12 {
      if shape.person.beard > 0 { colour = beard(colour, x, side, y, &shine) }
      let mouth = shape.mouthY
      if side < shape.mouthHalf + 3, y < mouth + 14, y > mouth - 34 { lips(&colour, &shine, x, y) }
      let low = y - shape.noseY + 8
      if low > -6, low < 6 {
        colour *= 1 - 0.62 * bell(side - 6.6, 2.8, low - 1.2, 1.4)
      }
    } else if side < 56 {
      if y > 8 { colour = brow(colour, x, side, y) }
      if y < 15, side > 10 { eye(&colour, &shine, x, side, y) }
    }
    return (colour, shine)
  }

  private func blush(
    _ colour: SIMD3<Float>, _ x: Float, _ side: Float, _ y: Float
  ) -> SIMD3<Float> {
    let p = shape.person
    let red =
      bell(side - 40, 15, y + 35, 14) * (0.5 + 0.5 * p.redness)
      + 0.8 * bell(side, 9, y - shape.noseY, 8) + 0.25 * bell(side, 14, y - shape.mouthY + 34, 9)
    var result = colour * (SIMD3(repeating: 1) - red * SIMD3(0.02, 0.17, 0.16))
    let under = bell(side - shape.eyeX + 2, 11, y + 10, 4.5)
    result *= SIMD3(repeating: 1) - under * (0.1 + 0.16 * p.age) * SIMD3(0.8, 1, 0.9)
    if p.age > 0.45, y > 24, side < 44 {
      let line = noise(x * 0.03, 3) * 5 + y
      let wave = line - 9 * (line / 9).rounded(.down) - 4.5
      result *=
        1 - 0.22 * (p.age - 0.45) * bell(wave * wave * 1.4) * smooth(26, 34, y) * smooth(58, 48, y)
    }
    if p.freckles > 0, side < 58, y < 5, y > -60 {
      let spot = noise(x * 0.52 + 40, y * 0.52)
      let where_ = bell(side - 22, 19, y + 25, 15)
      result *=
        SIMD3(repeating: 1) - p.freckles * where_ * smooth(0.62, 0.8, spot) * SIMD3(0.3, 0.44, 0.5)
    }
    return result
  }

  private func beard(
    _ colour: SIMD3<Float>, _ x: Float, _ side: Float, _ y: Float, _ shine: inout Float
  ) -> SIMD3<Float> {
    let strength = shape.person.beard
    let inside = smooth(-3, 7, beardLine(side) - y + 5 * (noise(x * 0.5, y * 0.5) - 0.5))
    let bare = 1 - 0.6 * bell(side, 9, y - shape.mouthY + 14, 3)
    let grain = 0.5 + 0.5 * noise(x * 1.1, y * 0.6)
    let cover =
      inside * bare * (strength < 0.5 ? 0.5 * strength + 0.05 : min(0.94, strength * 1.05)) * grain
    shine *= 1 - 0.7 * cover
    return mix(colour, hair * (strength < 0.5 ? 1.4 : 0.9), min(0.95, cover * 1.1))
  }
}
