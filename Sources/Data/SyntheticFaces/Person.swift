private import SeededRandom

/// What makes one invented person: shape, colours and hair, and nothing that changes by the picture.
///
/// Numbers called sliders are about −1…1 with 0 the average. The same seed gives the same person.
/// Nobody's measurements are behind it: each number is drawn, so the person exists nowhere.
public struct Person: Equatable, Sendable {
  /// How hair is worn.
  public enum HairStyle: Int, CaseIterable, Sendable {
    case bald, cropped, short, full, long
  }

  /// The seed that the person was drawn from.
  public let seed: UInt64
  /// A slider from soft to angular features, which many others lean on.
  public var build: Float
  /// Sliders of the head: width, jaw, length of the lower face, forehead, cheekbones, cheeks, chin.
  public var width, jaw, length, forehead, cheekbone, cheek, chin: Float
  /// Sliders of the nose: length, width, height of the ridge, roundness of the tip.
  public var noseLength, noseWidth, noseRidge, noseTip: Float
  /// Sliders of the eyes: distance, size, tilt, depth.
  public var eyeSpacing, eyeSize, eyeTilt, eyeDepth: Float
  /// Sliders of the brows: height, thickness, arch.
  public var browHeight, browThickness, browArch: Float
  /// Sliders of the mouth: width, upper and lower lip.
  public var mouthWidth, upperLip, lowerLip: Float
  /// A slider of the ears' size.
  public var ears: Float
  /// Melanin of the skin and of the hair, and redness of the skin, 0…1.
  public var melanin, hairMelanin, redness: Float
  /// Red pigment and greyness of the hair, and darkness of the iris, 0…1.
  public var hairRed, hairGrey, iris: Float
  /// Signs of age, freckles and beard, 0…1.
  public var age, freckles, beard: Float
  /// How hair is worn, and a slider of the height of the hairline.
  public var hair: HairStyle
  public var hairline: Float

  /// Draws a person.
  public init(seed: UInt64) {
    var random = SplitMix64(seed: seed).derived(from: "person")
    func slider() -> Float { max(-1.6, min(1.6, 0.62 * random.normal())) }
    self.seed = seed
    build = random.uniform(in: -1...1)
    (width, jaw, length) = (slider(), slider() + 0.4 * build, slider())
    (forehead, cheekbone, cheek) = (slider(), slider(), slider())
    chin = slider() + 0.25 * build
    (noseLength, noseWidth) = (slider(), slider() + 0.2 * build)
    (noseRidge, noseTip) = (slider() + 0.2 * build, slider())
    (eyeSpacing, eyeSize, eyeTilt) = (slider(), slider() - 0.3 * build, slider())
    (eyeDepth, browHeight) = (slider() + 0.3 * build, slider() - 0.4 * build)
    (browThickness, browArch) = (slider() + 0.5 * build, slider() - 0.4 * build)
    mouthWidth = slider()
    (upperLip, lowerLip) = (slider() - 0.4 * build, slider() - 0.3 * build)
    ears = slider()
    melanin = random.uniform()
    redness = random.uniform()
    hairMelanin = min(1, random.uniform() * 0.9 + melanin * 0.7)
    hairRed = random.happens(withProbability: 0.15) ? random.uniform() : 0
    age = random.uniform()
    hairGrey = age > 0.75 ? (age - 0.75) * 4 * random.uniform() : 0
    iris = min(1, random.uniform() * 0.8 + melanin * 0.8)
    freckles = melanin < 0.4 && random.happens(withProbability: 0.3) ? random.uniform() : 0
    beard = build > 0.1 && random.happens(withProbability: 0.45) ? random.uniform() : 0
    let draw = random.uniform()
    hair =
      build > 0
      ? (draw < 0.07 ? .bald : draw < 0.35 ? .cropped : draw < 0.85 ? .short : .full)
      : (draw < 0.06 ? .cropped : draw < 0.2 ? .short : draw < 0.5 ? .full : .long)
    hairline = slider() + (build > 0 ? age * 0.5 : 0)
  }

  /// The number of a person in the population of a seed, as a person.
  public init(number: Int, of seed: UInt64) {
    var stream = SplitMix64(seed: seed).derived(from: "population", number)
    self.init(seed: stream.next())
  }
}
