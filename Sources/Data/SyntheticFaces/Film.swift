private import Glibc
import Images
private import SeededRandom

/// Light that falls on a picture, and what the camera makes of it.
struct Film {
  private let side: Int
  private var light: [SIMD3<Float>]

  init(side: Int) {
    self.side = side
    light = [SIMD3<Float>](repeating: SIMD3(), count: side * side)
  }

  /// Takes the mean of four surfaces for each pixel.
  mutating func expose(_ paint: Paint, _ buffer: SurfaceBuffer) {
    let scale = 1 / Float(side)
    for y in 0..<side {
      for x in 0..<side {
        var sum = SIMD3<Float>()
        var empty: Float = 0
        for place in [0, 1, buffer.width, buffer.width + 1] {
          let i = 2 * y * buffer.width + 2 * x + place
          let material = buffer.materials[i]
          if material == .background {
            empty += 1
          } else {
            sum += paint.surface(material, buffer.values[i])
          }
        }
        if empty > 0 { sum += empty * paint.background(Float(x) * scale, Float(y) * scale) }
        light[y * side + x] = sum * 0.25
      }
    }
  }

  /// Blurs, exposes, adds noise, and turns light into values.
  func developed(_ appearance: Appearance) -> RGBImage {
    let light = appearance.blur > 0 ? blurred(deviation: appearance.blur) : light
    let gain = exp2f(appearance.exposure) * 1.15
    var random = SplitMix64(seed: appearance.seed).derived(from: "noise")
    let deviation = appearance.noise
    let pixels = [UInt8](unsafeUninitializedCapacity: side * side * 3) { pixels, filled in
      for (index, value) in light.enumerated() {
        var grey = Self.tone(value * gain)
        if deviation > 0 {
          let bits = random.next()
          // Sums of two uniform numbers are normal enough for noise: variance 1/6 each.
          let a = SIMD3(Float(bits & 1023), Float(bits >> 10 & 1023), Float(bits >> 20 & 1023))
          let b = SIMD3(
            Float(bits >> 30 & 1023), Float(bits >> 40 & 1023), Float(bits >> 50 & 1023))
          grey += (a + b - 1023) * (deviation * 2.4495 / 1023)
        }
        let clamped = grey.clamped(lowerBound: SIMD3(), upperBound: SIMD3(repeating: 255))
        for channel in 0..<3 {
          pixels.initializeElement(at: index * 3 + channel, to: UInt8(clamped[channel] + 0.5))
        }
      }
      filled = side * side * 3
    }
    return RGBImage(width: side, height: side, pixels: pixels)
  }

  /// A camera's curve with a soft shoulder, close to sRGB below it; 0…255.
  @inline(__always) private static func tone(_ light: SIMD3<Float>) -> SIMD3<Float> {
    let x = pointwiseMax(SIMD3(), light)
    let y = x * (1 + x * 0.12) / (1 + x * 0.45)
    // y^(1/2.2) ≈ a mean of the square root and the root of the root's product.
    let root = y.squareRoot()
    return 255 * pointwiseMin(SIMD3(repeating: 1), 0.82 * root + 0.18 * root.squareRoot())
  }

  private func blurred(deviation: Float) -> [SIMD3<Float>] {
    let w = expf(-0.5 / (deviation * deviation))
    let (w2, total) = (w * w * w * w, 1 + 2 * w + 2 * w * w * w * w)
    let (c, n, f) = (1 / total, w / total, w2 / total)
    func pass(_ v: [SIMD3<Float>], _ dx: Int, _ dy: Int) -> [SIMD3<Float>] {
      var out = v
      for y in 0..<side {
        for x in 0..<side {
          func at(_ k: Int) -> SIMD3<Float> {
            v[min(side - 1, max(0, y + k * dy)) * side + min(side - 1, max(0, x + k * dx))]
          }
          out[y * side + x] = c * at(0) + n * (at(-1) + at(1)) + f * (at(-2) + at(2))
        }
      }
      return out
    }
    return pass(pass(light, 1, 0), 0, 1)
  }
}
