private import Glibc
internal import Images
internal import SeededRandom

/// What happens to pictures on their way to a network in training: light, colour, blur, JPEG, noise,
/// and things in front of them.
enum PatchAugmentation {
  static func applied(to picture: RGBImage, _ random: inout SplitMix64) -> RGBImage {
    var result = picture
    if random.happens(withProbability: 0.15) { occlude(&result, &random) }
    if random.happens(withProbability: 0.25) {
      let factor = random.uniform(in: 0.35...0.9)
      let side = max(8, Int(Float(result.width) * factor))
      result = result.resized(width: side, height: side)
        .resized(width: picture.width, height: picture.height)
    }
    relight(&result, &random)
    if random.happens(withProbability: 0.2),
      let bytes = try? result.jpegData(quality: random.uniform(in: 25..<85)),
      let decoded = try? RGBImage.decode(bytes, name: "patch")
    {
      result = decoded.image
    }
    return result
  }

  /// A rectangle of one colour or of noise in front of a part.
  private static func occlude(_ picture: inout RGBImage, _ random: inout SplitMix64) {
    let side = picture.width
    let (w, h) = (
      random.uniform(in: side / 12..<side / 3), random.uniform(in: side / 12..<side / 3)
    )
    let (left, top) = (random.uniform(in: 0..<side - w), random.uniform(in: 0..<side - h))
    let colour = (0..<3).map { _ in random.uniform(in: 0...255) }
    let grain = random.uniform(in: 0...60)
    var pixels = picture.pixels
    for y in top..<top + h {
      for x in left..<left + w {
        for channel in 0..<3 {
          let value = colour[channel] + random.uniform(in: -1...1) * grain
          pixels[(y * side + x) * 3 + channel] = UInt8(max(0, min(255, value)))
        }
      }
    }
    picture.pixels = pixels
  }

  /// Brightness, contrast, gamma, the colours' balance, noise; a sixth becomes grey.
  private static func relight(_ picture: inout RGBImage, _ random: inout SplitMix64) {
    let isGrey = random.happens(withProbability: 0.16)
    let gain = exp(random.uniform(in: -0.4...0.4))
    let gamma = exp(random.uniform(in: -0.35...0.35))
    let shift = random.uniform(in: -30...30)
    let grain = random.happens(withProbability: 0.3) ? random.uniform(in: 0...14) : 0
    let tables = (0..<3).map { _ -> [Float] in
      let balance = gain * (isGrey ? 1 : exp(random.uniform(in: -0.15...0.15)))
      return (0..<256).map { level in
        255 * powf(Float(level) / 255, gamma) * balance + shift
      }
    }
    let source = isGrey ? picture.luminance.flatMap { [$0, $0, $0] } : picture.pixels
    picture.pixels = source.indices.map { index in
      var value = tables[index % 3][Int(source[index])]
      if grain > 0 { value += random.uniform(in: -1...1) * grain }
      return UInt8(max(0, min(255, value)))
    }
  }
}
