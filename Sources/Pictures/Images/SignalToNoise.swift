private import Foundation

/// The peak signal-to-noise ratio of two pictures.
public enum SignalToNoise {
  /// 10·log₁₀(255² / mean squared difference of all values), in dB; infinite for equal pictures.
  ///
  /// - Precondition: both have one size.
  public static func peak(_ first: RGBImage, _ second: RGBImage) -> Double {
    precondition(
      first.width == second.width && first.height == second.height,
      "\(first.width)×\(first.height) and \(second.width)×\(second.height) pixels")
    let sum = zip(first.pixels, second.pixels).reduce(0) { sum, pair in
      let d = Int(pair.0) - Int(pair.1)
      return sum + d * d
    }
    return 10 * log10(255 * 255 * Double(first.pixels.count) / Double(sum))
  }
}
