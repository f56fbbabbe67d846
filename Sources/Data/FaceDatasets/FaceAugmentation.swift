/// How strongly faces are varied while training; every face differs, every run is repeatable.
///
/// Geometry first (mirroring, shift, scale, turn in one bilinear warp, the edge repeating), then
/// colour, blur, JPEG compression, and a covered rectangle. A strength of 0 leaves a step out.
///
///     let augmentation = FaceAugmentation()
///     augmentation.apply(to: face, into: floats, using: &generator)
public struct FaceAugmentation: Equatable, Sendable, Codable {
  /// The probability of mirroring.
  public var flipProbability: Float = 0.5
  /// The largest shift along each axis, in pixels.
  public var shift: Float = 4
  /// The largest change of size, as a fraction: 0.08 draws factors 0.92…1.08.
  public var scaling: Float = 0.08
  /// The largest turn either way, in degrees.
  public var rotation: Float = 8
  /// The largest change of brightness, as a fraction of half the range of values.
  public var brightness: Float = 0.2
  /// The largest change of contrast around middle grey, as a fraction.
  public var contrast: Float = 0.2
  /// The largest change of each channel's strength, as a fraction.
  public var colour: Float = 0.1
  /// The largest change of saturation, as a fraction.
  public var saturation: Float = 0.3
  /// The probability of a grey picture.
  public var greyProbability: Float = 0.1
  /// The probability of a Gaussian blur.
  public var blurProbability: Float = 0.1
  /// The standard deviations of the blur, in pixels.
  public var blurDeviation: ClosedRange<Float> = 0.5...1.5
  /// The probability of a passage through a JPEG file.
  public var compressionProbability: Float = 0.15
  /// The qualities of that JPEG file, 1…100.
  public var compressionQuality: ClosedRange<Int> = 20...95
  /// The probability of covering a rectangle with one colour.
  public var erasingProbability: Float = 0.25
  /// The sizes of the rectangle, as fractions of the picture.
  public var erasedArea: ClosedRange<Float> = 0.02...0.15

  /// Creates the default strengths.
  public init() {}

  /// No variation: pixels become v/127.5 − 1 exactly.
  public static let none: FaceAugmentation = {
    var none = FaceAugmentation()
    (none.flipProbability, none.shift, none.scaling, none.rotation) = (0, 0, 0, 0)
    (none.brightness, none.contrast, none.colour, none.saturation) = (0, 0, 0, 0)
    (none.greyProbability, none.blurProbability) = (0, 0)
    (none.compressionProbability, none.erasingProbability) = (0, 0)
    return none
  }()

  /// Only a mirror image in half of the cases.
  public static let flipOnly: FaceAugmentation = {
    var flip = none
    flip.flipProbability = 0.5
    return flip
  }()

  /// Mirrored, shifted, a little turned, scaled and coloured; seldom blurred or compressed.
  ///
  /// For trainings of few epochs, which stronger variation only slows down.
  public static let light: FaceAugmentation = {
    var augmentation = FaceAugmentation()
    augmentation.rotation = 4
    augmentation.scaling = 0.04
    augmentation.blurProbability = 0.05
    augmentation.compressionProbability = 0.05
    augmentation.erasingProbability = 0
    return augmentation
  }()

  /// The ready-made ones by name.
  public static let named: [String: FaceAugmentation] = [
    "none": none, "flip": flipOnly, "light": light, "full": FaceAugmentation(),
  ]
}
