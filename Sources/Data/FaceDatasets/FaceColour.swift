import SeededRandom

/// One draw of colour: saturation, then a gain and an offset for each channel.
///
/// v′ = gain·(s·v + (1 − s)·Y) + offset, with Y the brightness by BT.601; the caller clamps v′.
struct FaceColour {
  let saturation: Float
  private let gain: SIMD4<Float>
  private let offset: SIMD4<Float>

  init(_ strengths: FaceAugmentation, using generator: inout SplitMix64) {
    func change(_ strength: Float) -> Float { strength * generator.uniform(in: -1...1) }
    let brightness = 127.5 * change(strengths.brightness)
    let contrast = 1 + change(strengths.contrast)
    let (red, green) = (1 + change(strengths.colour), 1 + change(strengths.colour))
    let channels = SIMD4(red, green, 1 + change(strengths.colour), 0)
    let saturation = 1 + change(strengths.saturation)
    let isGrey = generator.happens(withProbability: strengths.greyProbability)
    self.saturation = isGrey ? 0 : saturation
    gain = contrast * (isGrey ? SIMD4(repeating: 1) : channels)
    offset = SIMD4(repeating: 127.5 * (1 - contrast) + brightness)
  }

  @inline(__always)
  func applied(to pixel: SIMD4<Float>) -> SIMD4<Float> {
    let brightness = 0.299 * pixel[0] + 0.587 * pixel[1] + 0.114 * pixel[2]
    let mixed = saturation * pixel + (1 - saturation) * brightness
    return gain * mixed + offset
  }
}
