private import SeededRandom

/// What changes from picture to picture: pose, expression, light, things worn, and the camera.
///
/// The same seed gives the same appearance; it holds nothing of a person.
public struct Appearance: Equatable, Sendable {
  /// Turn to the picture's right, upwards, and clockwise; degrees.
  public var yaw, pitch, roll: Float
  /// From neutral to smiling, and from a closed to an open mouth; 0…1.
  public var smile, mouthOpen: Float
  /// How far the eyes look to the picture's right and upwards; −1…1.
  public var gazeX, gazeY: Float
  /// How far the eyes are open; 1 is usual.
  public var eyesOpen: Float
  /// Where the main light stands: degrees to the picture's right, and degrees above the face.
  public var lightAzimuth, lightElevation: Float
  /// Strength of the main light and of the light from everywhere; about 1 and 0.4.
  public var lightStrength, ambient: Float
  /// Warmth of the main light; −1 is blue, 1 is orange.
  public var warmth: Float
  /// Whether glasses or a hat are worn.
  public var glasses, hat: Bool
  /// Colours of background, clothing and of the hat, linear 0…1.
  public var background, backgroundEdge, clothing, hatColour: SIMD3<Float>
  /// Deviation of the camera's blur in pixels, of its noise in grey values, and its exposure in stops.
  public var blur, noise, exposure: Float
  /// Where noise, background texture and the like start.
  public var seed: UInt64

  /// A frontal, neutral, evenly lit picture without noise.
  public static let plain = Appearance(
    yaw: 0, pitch: 0, roll: 0, smile: 0, mouthOpen: 0, gazeX: 0, gazeY: 0, eyesOpen: 1,
    lightAzimuth: 25, lightElevation: 30, lightStrength: 1, ambient: 0.4, warmth: 0,
    glasses: false, hat: false, background: [0.35, 0.37, 0.4], backgroundEdge: [0.2, 0.21, 0.24],
    clothing: [0.08, 0.1, 0.16], hatColour: [0.1, 0.1, 0.12], blur: 0, noise: 0, exposure: 0,
    seed: 0)

  private init(
    yaw: Float, pitch: Float, roll: Float, smile: Float, mouthOpen: Float, gazeX: Float,
    gazeY: Float, eyesOpen: Float, lightAzimuth: Float, lightElevation: Float,
    lightStrength: Float, ambient: Float, warmth: Float, glasses: Bool, hat: Bool,
    background: SIMD3<Float>, backgroundEdge: SIMD3<Float>, clothing: SIMD3<Float>,
    hatColour: SIMD3<Float>, blur: Float, noise: Float, exposure: Float, seed: UInt64
  ) {
    (self.yaw, self.pitch, self.roll) = (yaw, pitch, roll)
    (self.smile, self.mouthOpen, self.gazeX, self.gazeY) = (smile, mouthOpen, gazeX, gazeY)
    self.eyesOpen = eyesOpen
    (self.lightAzimuth, self.lightElevation) = (lightAzimuth, lightElevation)
    (self.lightStrength, self.ambient, self.warmth) = (lightStrength, ambient, warmth)
    (self.glasses, self.hat) = (glasses, hat)
    (self.background, self.backgroundEdge) = (background, backgroundEdge)
    (self.clothing, self.hatColour) = (clothing, hatColour)
    (self.blur, self.noise, self.exposure, self.seed) = (blur, noise, exposure, seed)
  }

  /// Draws an appearance.
  public init(seed: UInt64) {
    self = .plain
    self.seed = seed
    var random = SplitMix64(seed: seed).derived(from: "appearance")
    yaw = max(-42, min(42, 17 * random.normal()))
    pitch = max(-16, min(16, 6 * random.normal()))
    roll = max(-20, min(20, 6 * random.normal()))
    smile = random.happens(withProbability: 0.55) ? random.uniform() : 0
    mouthOpen = random.happens(withProbability: 0.3) ? random.uniform() : 0
    (gazeX, gazeY) = (random.uniform(in: -0.6...0.6), random.uniform(in: -0.3...0.3))
    eyesOpen = random.uniform(in: 0.75...1.1)
    lightAzimuth = random.uniform(in: -75...75)
    lightElevation = random.uniform(in: 5...55)
    lightStrength = random.uniform(in: 0.75...1.2)
    ambient = random.uniform(in: 0.2...0.55)
    warmth = random.uniform(in: -0.6...1)
    glasses = random.happens(withProbability: 0.16)
    hat = random.happens(withProbability: 0.08)
    background = random.colour(in: 0.04...0.7)
    backgroundEdge = random.colour(in: 0.03...0.6)
    clothing = random.colour(in: 0.01...0.5)
    hatColour = random.colour(in: 0.01...0.35)
    blur = random.happens(withProbability: 0.3) ? random.uniform(in: 0.3...1) : 0
    noise = random.uniform(in: 0.5...4)
    exposure = random.uniform(in: -0.5...0.35)
  }

  /// The appearance of one picture of one person in the population of a seed.
  public init(number: Int, ofPerson person: Int, of seed: UInt64) {
    var stream = SplitMix64(seed: seed).derived(from: "picture", person, number)
    self.init(seed: stream.next())
  }
}

extension SplitMix64 {
  /// A colour that is more often dull than strong.
  fileprivate mutating func colour(in range: ClosedRange<Float>) -> SIMD3<Float> {
    let grey = uniform(in: range)
    let tint = SIMD3(normal(), normal(), normal()) * 0.22
    return pointwiseMin(
      SIMD3(repeating: 1), pointwiseMax(SIMD3(repeating: 0.005), grey * (1 + tint)))
  }
}
