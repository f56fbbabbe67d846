private import Foundation
public import Images
public import SeededRandom

/// A condition under which pictures are taken that leaves less of a face, in any strength.
public struct ShootingCondition: Hashable, Sendable, Codable {
  /// What is wrong with the picture.
  public enum Kind: String, CaseIterable, Hashable, Sendable, Codable {
    /// Out of focus: a Gaussian of up to 6 pixels.
    case blur
    /// The camera moved along a row: a mean of up to 31 pixels.
    case motion
    /// The face was small: as few as 8 pixels a side.
    case fewPixels = "few-pixels"
    /// Noise of a deviation of up to 70 grey levels.
    case noise
    /// Fog: as little as a twelfth of the contrast, around a level of the picture's own.
    case fog
    /// Washed out: little contrast just below white.
    case washedOut = "washed-out"
    /// Dark: as little as a sixteenth of the light, in whole grey levels.
    case dark
    /// Burnt out: up to eight times the light.
    case burntOut = "burnt-out"
    /// A JPEG file of a quality down to 2.
    case compressed
    /// A covered rectangle of up to 45 % of the picture.
    case covered
    /// Light from one side: as little as a twentieth on the other.
    case sideLight = "side-light"
    /// A wrongly aligned face, turned by up to 180°.
    case turned
    /// A picture in fog with noise in front of it.
    case snow
  }

  /// What is wrong.
  public var kind: Kind
  /// How much, 0…1: 0 leaves nearly everything as it is, 1 nearly nothing.
  public var strength: Float

  /// Creates a condition.
  ///
  /// - Precondition: `strength` is in 0…1.
  public init(_ kind: Kind, _ strength: Float) {
    precondition((0...1).contains(strength), "strength \(strength) is not in 0…1")
    (self.kind, self.strength) = (kind, strength)
  }

  /// The picture under this condition; equal generators give equal pictures.
  public func applied(to face: RGBImage, using generator: inout SplitMix64) -> RGBImage {
    var values = face.pixels.map(Float.init)
    values.withUnsafeMutableBufferPointer { buffer in
      let canvas = FaceCanvas(values: buffer, width: face.width, height: face.height)
      apply(to: canvas, using: &generator)
    }
    return RGBImage(
      width: face.width, height: face.height,
      pixels: values.map { UInt8(min(max($0, 0), 255).rounded()) })
  }

  /// A number that falls from `from` to `to` by equal factors.
  private func geometric(_ from: Float, _ to: Float) -> Float { from * powf(to / from, strength) }

  private func apply(to canvas: FaceCanvas, using generator: inout SplitMix64) {
    switch kind {
    case .blur: canvas.blur(deviation: geometric(0.8, 6))
    case .motion: canvas.smear(Int(geometric(3, 31).rounded()))
    case .fewPixels: canvas.coarsen(side: geometric(0.5, 8.0 / 128))
    case .noise: canvas.addNoise(deviation: geometric(5, 70), using: &generator)
    case .fog:
      canvas.fade(contrast: geometric(0.8, 1.0 / 12), level: generator.uniform(in: 80...220))
      canvas.round()
    case .washedOut:
      canvas.fade(contrast: geometric(0.7, 0.06), level: 250)
      canvas.round()
    case .dark:
      canvas.fade(contrast: geometric(0.7, 1.0 / 16), level: 0)
      canvas.round()
    case .burntOut: canvas.fade(contrast: geometric(1.3, 8), level: 0)
    case .compressed: canvas.compress(quality: Int(geometric(40, 2).rounded()))
    case .covered: canvas.erase(area: geometric(0.08, 0.45), using: &generator)
    case .sideLight:
      canvas.shade(to: geometric(0.8, 0.05), leftToRight: generator.happens(withProbability: 0.5))
    case .turned:
      canvas.turn(degrees: geometric(15, 180) * (generator.happens(withProbability: 0.5) ? 1 : -1))
    case .snow:
      canvas.fade(contrast: geometric(0.8, 0.2), level: 128)
      canvas.addNoise(deviation: geometric(10, 70), using: &generator)
    }
  }
}
