/// How strongly faces are varied while training; every face differs, every run is repeatable.
///
/// Geometry first (mirroring, shift, scale, turn in one bilinear warp, the edge repeating), then
/// colour, the photograph's end, fading, blur, few pixels, noise, JPEG compression, and a covered
/// rectangle. A strength of 0 leaves a step out, and draws nothing.
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

  /// The probability that the photograph ends inside the picture: beyond a rectangle its edge repeats.
  public var borderProbability: Float = 0
  /// How far inside it may end on each side, as a fraction of the picture.
  public var borderWidth: Float = 0.18
  /// The probability of fading: values move towards one light level, as in fog.
  public var fadingProbability: Float = 0
  /// How much of the contrast is left of that.
  public var fadedContrast: ClosedRange<Float> = 0.35...0.9
  /// The probability of few pixels: the picture is made coarser and stretched again.
  public var coarseProbability: Float = 0
  /// The sides of the coarse picture, as fractions.
  public var coarseSide: ClosedRange<Float> = 0.22...0.7
  /// The probability of noise.
  public var noiseProbability: Float = 0
  /// The standard deviations of the noise, in grey levels.
  public var noiseDeviation: ClosedRange<Float> = 1...12

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

  /// What cameras at doors do to pictures, beside ``light``: tight cuts, fog, noise, few pixels.
  public static let door: FaceAugmentation = {
    var augmentation = light
    augmentation.brightness = 0.25
    augmentation.contrast = 0.3
    augmentation.borderProbability = 0.2
    augmentation.fadingProbability = 0.1
    augmentation.coarseProbability = 0.1
    augmentation.noiseProbability = 0.15
    return augmentation
  }()

  /// The ready-made ones by name.
  public static let named: [String: FaceAugmentation] = [
    "none": none, "flip": flipOnly, "light": light, "door": door, "full": FaceAugmentation(),
  ]
}

extension FaceAugmentation {
  /// Reads strengths; those that older descriptions do not have are 0.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    func read<Value: Decodable>(_ key: CodingKeys, into value: inout Value) throws {
      value = try values.decode(Value.self, forKey: key)
    }
    func readNewer<Value: Decodable>(_ key: CodingKeys, into value: inout Value) throws {
      value = try values.decodeIfPresent(Value.self, forKey: key) ?? value
    }
    self.init()
    try read(.flipProbability, into: &flipProbability)
    try read(.shift, into: &shift)
    try read(.scaling, into: &scaling)
    try read(.rotation, into: &rotation)
    try read(.brightness, into: &brightness)
    try read(.contrast, into: &contrast)
    try read(.colour, into: &colour)
    try read(.saturation, into: &saturation)
    try read(.greyProbability, into: &greyProbability)
    try read(.blurProbability, into: &blurProbability)
    try read(.blurDeviation, into: &blurDeviation)
    try read(.compressionProbability, into: &compressionProbability)
    try read(.compressionQuality, into: &compressionQuality)
    try read(.erasingProbability, into: &erasingProbability)
    try read(.erasedArea, into: &erasedArea)
    try readNewer(.borderProbability, into: &borderProbability)
    try readNewer(.borderWidth, into: &borderWidth)
    try readNewer(.fadingProbability, into: &fadingProbability)
    try readNewer(.fadedContrast, into: &fadedContrast)
    try readNewer(.coarseProbability, into: &coarseProbability)
    try readNewer(.coarseSide, into: &coarseSide)
    try readNewer(.noiseProbability, into: &noiseProbability)
    try readNewer(.noiseDeviation, into: &noiseDeviation)
  }
}
