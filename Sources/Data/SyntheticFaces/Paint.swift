/// The colours of everything in a picture, linear light.
struct Paint {
  private let skin: SkinMaterial
  private let appearance: Appearance
  private let style: Person.HairStyle
  private let noise: PlaneNoise

  init(_ shape: HeadShape, _ lighting: Lighting) {
    skin = SkinMaterial(shape, lighting: lighting)
    (appearance, style) = (shape.appearance, shape.person.hair)
    noise = PlaneNoise(seed: UInt32(truncatingIfNeeded: appearance.seed))
  }

  /// The light from a surface.
  func surface(_ material: Material, _ v: SIMD8<Float>) -> SIMD3<Float> {
    let light = SIMD3(v[4], v[5], v[6])
    switch material {
    case .head: return head(v, light)
    case .curtain: return hair(v, light * 0.8)
    case .torso: return torso(v, light)
    case .frame: return light
    case .background: return SIMD3()
    }
  }

  /// The background at a place of the picture, 0…1 both ways.
  func background(_ x: Float, _ y: Float) -> SIMD3<Float> {
    let spots = noise(x * 3.1, y * 3.1) * 0.6 + noise(x * 7 + 9, y * 7) * 0.4
    let t = min(1, max(0, 0.75 * y + 0.7 * (spots - 0.5) + 0.1))
    return mix(appearance.background, appearance.backgroundEdge, t)
  }

  private func head(_ v: SIMD8<Float>, _ light: SIMD3<Float>) -> SIMD3<Float> {
    if appearance.hat, v[1] > 44 + 1.5 * (noise(v[2] * 0.5, 1) - 0.5) {
      let knit = 0.82 + 0.3 * abs(noise(v[2] * 0.55, v[1] * 0.5) - 0.5) + (v[1] < 58 ? 0 : 0.06)
      return appearance.hatColour * light * knit
    }
    let (colour, shine) = skin.at(v[0], v[1], degrees: v[2])
    let bare = colour * light + shine * v[7]
    let edge = v[3] + 7 * (skin.noise(v[2] * 0.8, v[1] * 0.12) - 0.55)
    if edge <= -2 { return bare }
    let most: Float = style == .bald ? 0.35 : style == .cropped ? 0.86 : 1
    return mix(bare, hair(v, light), most * smooth(-2, style == .cropped ? 9 : 5, edge))
  }

  private func hair(_ v: SIMD8<Float>, _ light: SIMD3<Float>) -> SIMD3<Float> {
    let lean = v[2] + 0.12 * v[1]
    let strand =
      0.6 * skin.noise(lean * 0.75, v[1] * 0.025) + 0.4 * skin.noise(lean * 2.1, v[1] * 0.05)
    let body = skin.hair * light * (0.45 + 1.1 * strand)
    let gleam = (0.05 + 0.35 * (skin.hair + 0.02)) * v[7] * strand * 1.2
    return body + gleam
  }

  private func torso(_ v: SIMD8<Float>, _ light: SIMD3<Float>) -> SIMD3<Float> {
    let cloth = appearance.clothing * light * (0.88 + 0.24 * noise(v[0] * 0.05, v[1] * 0.09))
    let bare = skin.skin * light * 0.94 + 0.1 * v[7]
    return mix(bare, cloth, smooth(-1, 1, v[3])) * (1 - 0.35 * bell(v[3] * v[3] / 9))
  }
}
