private import FaceFinding
internal import Geometry
private import Glibc
internal import Images
internal import SeededRandom

extension PatchComposer {
  /// A picture without a face: a part of a photograph beside its face, or a made-up texture.
  func background(side: Int, _ random: inout SplitMix64) throws -> RGBImage {
    if random.happens(withProbability: 0.3) { return texture(side: side, &random) }
    for _ in 0..<4 {
      let example = exact[random.uniform(in: 0..<exact.count)]
      let picture = try example.picture()
      let box = try FaceBox(around: example.landmarks)
      for _ in 0..<8 {
        let limit = min(picture.width, picture.height)
        let window = Int(exp(random.uniform(in: log(20)...log(Float(min(limit, 140))))))
        let left = random.uniform(in: 0..<picture.width - window + 1)
        let top = random.uniform(in: 0..<picture.height - window + 1)
        let place = FaceBox(
          x: Double(left), y: Double(top), width: Double(window), height: Double(window))
        // Hair and neck may be seen; what the network calls a face may not.
        guard box.containment(with: place) < 0.12 else { continue }
        let scale = Double(side) / Double(window)
        let corner = SimilarityTransform(
          a: scale, b: 0, shiftX: -Double(left) * scale, shiftY: -Double(top) * scale)
        let found = picture.moved(by: corner, width: side, height: side)
        return random.happens(withProbability: 0.5) ? found : found.flippedHorizontally()
      }
    }
    return texture(side: side, &random)
  }

  /// Plain, striped, chequered or noisy, in two colours.
  private func texture(side: Int, _ random: inout SplitMix64) -> RGBImage {
    func colour() -> [Float] { (0..<3).map { _ in random.uniform(in: 0...255) } }
    let (first, second) = (colour(), colour())
    let kind = random.uniform(in: 0..<5)
    let angle = random.uniform(in: 0...6.28)
    let period = random.uniform(in: 0.05...1)
    let (c, s) = (cosf(angle) * period, sinf(angle) * period)
    let grain = random.uniform(in: 0...25)
    var pixels = [UInt8](repeating: 0, count: side * side * 3)
    for y in 0..<side {
      for x in 0..<side {
        let (u, v) = (Float(x) * c - Float(y) * s, Float(x) * s + Float(y) * c)
        let share: Float =
          switch kind {
          case 0: 0
          case 1: Float(x + y) / Float(2 * side)
          case 2: 0.5 + 0.5 * sinf(u)
          case 3: sinf(u) * sinf(v) > 0 ? 1 : 0
          default: random.uniform()
          }
        for channel in 0..<3 {
          let value =
            first[channel] * (1 - share) + second[channel] * share
            + random.uniform(in: -1...1) * grain
          pixels[(y * side + x) * 3 + channel] = UInt8(max(0, min(255, value)))
        }
      }
    }
    return RGBImage(width: side, height: side, pixels: pixels)
  }
}

/// The cosine of an angle in radians.
func cosine(_ angle: Float) -> Float { cosf(angle) }

extension SimilarityTransform {
  /// Turns (radians, from x towards y) and scales around a point, then shifts.
  init(
    turn: Double, scale: Double, aroundX x: Double, y: Double, shiftX: Double, shiftY: Double
  ) {
    let (a, b) = (scale * cos(turn), scale * sin(turn))
    self.init(
      a: a, b: b, shiftX: x - (a * x - b * y) + shiftX, shiftY: y - (b * x + a * y) + shiftY)
  }
}

extension RGBImage {
  /// Lays a moved picture over this one; with its repeated edges if it `coversAll`.
  mutating func paste(_ picture: RGBImage, by transform: SimilarityTransform, coversAll: Bool) {
    let moved = picture.moved(by: transform, width: width, height: height)
    if coversAll {
      self = moved
      return
    }
    let inverse = transform.inverse
    // One copy out and one back: writing through the property copies all of it each time.
    var laid = pixels
    for y in 0..<height {
      for x in 0..<width {
        let source = inverse.applied(x: Double(x), y: Double(y))
        guard source.x >= 0, source.y >= 0, source.x <= Double(picture.width - 1),
          source.y <= Double(picture.height - 1)
        else { continue }
        let start = (y * width + x) * 3
        for channel in start..<start + 3 { laid[channel] = moved.pixels[channel] }
      }
    }
    pixels = laid
  }
}
