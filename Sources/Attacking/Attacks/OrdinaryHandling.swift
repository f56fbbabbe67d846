public import Images
public import SeededRandom

/// What happens to pictures on their way without ill will, of which no screen may make an attack.
public enum OrdinaryHandling: String, Codable, CaseIterable, Sendable {
  /// Nothing.
  case none
  /// To three quarters, or half, of the size and back.
  case resized75 = "resized-0.75"
  case resized50 = "resized-0.5"
  /// Stored once more as JPEG.
  case jpeg90 = "jpeg-90"
  case jpeg75 = "jpeg-75"
  case jpeg50 = "jpeg-50"
  /// Made smaller and stored at a low quality, as messengers do.
  case messenger
  /// Shown a quarter larger and taken from the screen.
  case screenshot
  /// A median of 3×3 values.
  case denoised
  /// Unsharp masking: what a Gaussian of one pixel takes is added once more, by four fifths.
  case sharpened
  /// A Gaussian of one pixel.
  case blurred
  /// Contrast times 1.25, or times .8, around middle grey.
  case contrastUp = "contrast-1.25"
  case contrastDown = "contrast-0.8"
  /// A warm and a cool cast: red and blue times 1.12 and .88, or the other way.
  case warm
  case cool
  /// Normal noise of this deviation in grey levels.
  case noise3 = "noise-3"
  case noise8 = "noise-8"
  case noise15 = "noise-15"
  /// A third of the light, with noise of four grey levels.
  case lowLight = "low-light"

  /// The picture after the handling, of the same size.
  ///
  /// - `random`: where noise comes from.
  public func applied(to face: RGBImage, using random: inout SplitMix64) -> RGBImage {
    func benign(_ change: BenignChange) -> RGBImage { change.applied(to: face, using: &random) }
    func levels(_ change: (Int, Float) -> Float) -> RGBImage {
      RGBImage(
        width: face.width, height: face.height,
        pixels: face.pixels.enumerated().map {
          UInt8(min(255, max(0, change($0, Float($1)))).rounded())
        })
    }
    func noisy(_ deviation: Float, light: Float = 1) -> RGBImage {
      levels { _, value in light * value + deviation * random.normal() }
    }
    switch self {
    case .none: return face
    case .resized75: return benign(.rescale(share: 0.75))
    case .resized50: return benign(.rescale(share: 0.5))
    case .jpeg90: return benign(.jpeg(quality: 90))
    case .jpeg75: return benign(.jpeg(quality: 75))
    case .jpeg50: return benign(.jpeg(quality: 50))
    case .messenger:
      return BenignChange.jpeg(quality: 60).applied(
        to: benign(.rescale(share: 0.75)), using: &random)
    case .screenshot: return benign(.rescale(share: 1.25))
    case .denoised: return Self.median(of: face)
    case .sharpened:
      let soft = benign(.blur(deviation: 1)).pixels
      return levels { $1 + 0.8 * ($1 - Float(soft[$0])) }
    case .blurred: return benign(.blur(deviation: 1))
    case .contrastUp: return levels { 127.5 + 1.25 * ($1 - 127.5) }
    case .contrastDown: return levels { 127.5 + 0.8 * ($1 - 127.5) }
    case .warm: return levels { $1 * [1.12, 1, 0.88][$0 % 3] }
    case .cool: return levels { $1 * [0.88, 1, 1.12][$0 % 3] }
    case .noise3: return noisy(3)
    case .noise8: return noisy(8)
    case .noise15: return noisy(15)
    case .lowLight: return noisy(4, light: 0.35)
    }
  }

  /// The median of each value and its eight neighbours; the edge repeats.
  private static func median(of face: RGBImage) -> RGBImage {
    let (width, height) = (face.width, face.height)
    let pixels = face.pixels.indices.map { place -> UInt8 in
      let (row, column, channel) = (place / 3 / width, place / 3 % width, place % 3)
      var near: [UInt8] = []
      near.reserveCapacity(9)
      for y in [max(0, row - 1), row, min(height - 1, row + 1)] {
        for x in [max(0, column - 1), column, min(width - 1, column + 1)] {
          near.append(face.pixels[(y * width + x) * 3 + channel])
        }
      }
      return near.sorted()[4]
    }
    return RGBImage(width: width, height: height, pixels: pixels)
  }
}
