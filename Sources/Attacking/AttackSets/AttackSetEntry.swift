public import Attacks

/// A pair of pictures to attack: the source is changed until it matches the target.
public struct AttackPair: Codable, Equatable, Sendable {
  /// A name for the pair, unique in its set, fit for a file name.
  public var id: String
  /// The names of the pictures.
  public var source, target: String
  /// The fold of the protocol that the pair comes from, if any.
  public var fold: Int?
  /// The picture that is enrolled, if it is another one of the target's person than the attacker has.
  public var enrolled: String?

  /// Creates a pair.
  public init(
    id: String, source: String, target: String, fold: Int? = nil, enrolled: String? = nil
  ) {
    (self.id, self.source, self.target, self.fold) = (id, source, target, fold)
    self.enrolled = enrolled
  }
}

/// One line of an attack set's manifest: a pair under one attack at one θ, whatever came of it.
///
/// The members' names in the file are in `CodingKeys`.
public struct AttackSetEntry: Codable, Equatable, Sendable {
  /// Why there is no success.
  public enum Failure: String, Codable, Sendable {
    /// The pair matched at θ before any change.
    case alreadyBelowTheta = "already_below_theta"
    /// No picture below θ was found.
    case notFound = "not_found"
    /// No face that can be used was found in the untouched photograph.
    case noFace = "no_face"
  }

  /// The pair.
  public var pair: AttackPair
  /// The attack's name.
  public var attack: String
  /// The attack's configuration: numbers as text.
  public var settings: [String: String]
  /// The set's seed; a pair's random numbers follow from it, the attack's and the pair's name.
  public var seed: UInt64
  /// The distance² that was to be undercut.
  public var theta: Float
  /// The distance² before, of the 8-bit pictures.
  public var distanceBefore: Float
  /// The distance² of the best picture before it was rounded to 8 bits.
  public var distanceInFloat: Float
  /// The distance² of the decoded file.
  public var distanceAfter: Float
  /// ‖r‖₂ and root mean square, in grey levels.
  public var l2, rms: Double
  /// The largest change, in grey levels.
  public var maximum: Int
  /// Gradients of the attack for this pair, for all θ of the set together.
  public var gradients: Int
  /// Distances without a gradient that the attack asked for, for all θ of the set together.
  public var queries: Int
  /// Whether the decoded file is below θ, and the pair was not before.
  public var success: Bool
  /// Why not.
  public var failure: Failure?
  /// The picture, relative to the set's folder: the smallest change that succeeds, or else the
  /// nearest to the target. None for a pair that matched before, unless the change is a benign one.
  public var file: String?
  /// The source after the same steps, relative to the set's folder.
  public var sourceFile: String
  /// The target after the same steps, relative to the set's folder; the first format kept none.
  public var targetFile: String?
  /// The checksum of the network that decides.
  public var embedder: String
  /// The checksum of the network that a transfer attack was made against.
  public var surrogate: String?
  /// What the attacker knew; sets made before it was kept have none.
  public var knowledge: AttackKnowledge?
  /// The peak signal-to-noise ratio of the change in dB; none if nothing was changed.
  public var psnr: Double?
  /// The mean structural similarity of source and picture.
  public var ssim: Double?
  /// The probability of tampering, if the attack sees the screen.
  public var tampering: Double?
  /// The enrolled face, relative to the set's folder, if it is another than the target.
  public var enrolledFile: String?
  /// Whether the change was put into a whole photograph, in which the face was found anew.
  public var isWhole: Bool?

  enum CodingKeys: String, CodingKey {
    case pair, attack, settings, seed, theta, l2, gradients, queries, success, failure, file
    case embedder, surrogate, knowledge, psnr, ssim, tampering
    case enrolledFile = "enrolled_file"
    case isWhole = "whole"
    case rms = "rms_grey_levels"
    case maximum = "linf"
    case distanceBefore = "distance2_before"
    case distanceInFloat = "distance2_float"
    case distanceAfter = "distance2_after"
    case sourceFile = "source_file"
    case targetFile = "target_file"
  }
}

extension AttackSetEntry {
  /// Reads a line; one of the first format lacks what all its sets had in common.
  public init(from decoder: any Decoder) throws {
    let line = try decoder.container(keyedBy: CodingKeys.self)
    pair = try line.decode(AttackPair.self, forKey: .pair)
    attack = try line.decodeIfPresent(String.self, forKey: .attack) ?? "minimum-norm"
    settings = try line.decodeIfPresent([String: String].self, forKey: .settings) ?? [:]
    seed = try line.decodeIfPresent(UInt64.self, forKey: .seed) ?? 0
    theta = try line.decode(Float.self, forKey: .theta)
    distanceBefore = try line.decode(Float.self, forKey: .distanceBefore)
    distanceAfter = try line.decode(Float.self, forKey: .distanceAfter)
    distanceInFloat =
      try line.decodeIfPresent(Float.self, forKey: .distanceInFloat) ?? distanceAfter
    l2 = try line.decode(Double.self, forKey: .l2)
    rms = try line.decode(Double.self, forKey: .rms)
    maximum = try line.decode(Int.self, forKey: .maximum)
    gradients = try line.decode(Int.self, forKey: .gradients)
    queries = try line.decodeIfPresent(Int.self, forKey: .queries) ?? 0
    success = try line.decode(Bool.self, forKey: .success)
    failure = try line.decodeIfPresent(Failure.self, forKey: .failure)
    file = try line.decodeIfPresent(String.self, forKey: .file)
    sourceFile = try line.decode(String.self, forKey: .sourceFile)
    targetFile = try line.decodeIfPresent(String.self, forKey: .targetFile)
    embedder = try line.decodeIfPresent(String.self, forKey: .embedder) ?? ""
    surrogate = try line.decodeIfPresent(String.self, forKey: .surrogate)
    knowledge = try line.decodeIfPresent(AttackKnowledge.self, forKey: .knowledge)
    psnr = try line.decodeIfPresent(Double.self, forKey: .psnr)
    ssim = try line.decodeIfPresent(Double.self, forKey: .ssim)
    tampering = try line.decodeIfPresent(Double.self, forKey: .tampering)
    enrolledFile = try line.decodeIfPresent(String.self, forKey: .enrolledFile)
    isWhole = try line.decodeIfPresent(Bool.self, forKey: .isWhole)
  }
}
