public import Attacks

/// What a set is made with; a set is continued only with the same.
public struct AttackSetSettings: Codable, Equatable, Sendable {
  /// An attack's name and configuration.
  public struct Method: Codable, Equatable, Sendable {
    /// The name.
    public var name: String
    /// The configuration: numbers as text.
    public var settings: [String: String]
  }

  /// The format that this program writes.
  public static let currentVersion = 2

  /// The format of the set; the first one had no number.
  public var version = Self.currentVersion
  /// The attacks.
  public var attacks: [Method]
  /// The thresholds.
  public var thetas: [Float]
  /// The seed of all random numbers.
  public var seed: UInt64
  /// What the distances that decide depend on: the checksum of the embedder's file, and its mode.
  public var embedder: String
  /// The embedder's name in the manifest of models.
  public var embedderName: String?
  /// The same of the network that the attacks were made against, if that is another.
  public var surrogate, surrogateName: String?
  /// What the second network's distances depend on, if an attack sees it.
  public var witness: String?
  /// The screen's models and operating point, if an attack sees it.
  public var screen: String?
  /// Whether changes are put into whole photographs.
  public var isWhole: Bool?

  /// Creates settings.
  public init(
    attacks: [NamedAttack], thetas: [Float], seed: UInt64 = 1, embedder: String,
    embedderName: String? = nil, surrogate: String? = nil, surrogateName: String? = nil,
    witness: String? = nil, screen: String? = nil, isWhole: Bool? = nil
  ) {
    self.attacks = attacks.map { Method(name: $0.name, settings: $0.attack.settings) }
    (self.thetas, self.seed) = (thetas, seed)
    (self.embedder, self.embedderName) = (embedder, embedderName)
    (self.surrogate, self.surrogateName) = (surrogate, surrogateName)
    (self.witness, self.screen, self.isWhole) = (witness, screen, isWhole)
  }

  enum CodingKeys: String, CodingKey {
    case version, attacks, thetas, seed, embedder, surrogate, witness, screen
    case isWhole = "whole"
    case embedderName = "embedder_name"
    case surrogateName = "surrogate_name"
    // Of the first format.
    case attack, iterations
  }

  /// Reads settings, also those of the first format, which knew one attack.
  public init(from decoder: any Decoder) throws {
    let values = try decoder.container(keyedBy: CodingKeys.self)
    version = try values.decodeIfPresent(Int.self, forKey: .version) ?? 1
    if version == 1 {
      let iterations = try values.decode(Int.self, forKey: .iterations)
      attacks = [
        Method(
          name: try values.decode(String.self, forKey: .attack),
          settings: ["iterations": "\(iterations)"])
      ]
      seed = 0
    } else {
      attacks = try values.decode([Method].self, forKey: .attacks)
      seed = try values.decode(UInt64.self, forKey: .seed)
    }
    thetas = try values.decode([Float].self, forKey: .thetas)
    embedder = try values.decode(String.self, forKey: .embedder)
    embedderName = try values.decodeIfPresent(String.self, forKey: .embedderName)
    surrogate = try values.decodeIfPresent(String.self, forKey: .surrogate)
    surrogateName = try values.decodeIfPresent(String.self, forKey: .surrogateName)
    witness = try values.decodeIfPresent(String.self, forKey: .witness)
    screen = try values.decodeIfPresent(String.self, forKey: .screen)
    isWhole = try values.decodeIfPresent(Bool.self, forKey: .isWhole)
  }

  /// Writes settings in the present format.
  public func encode(to encoder: any Encoder) throws {
    var values = encoder.container(keyedBy: CodingKeys.self)
    try values.encode(version, forKey: .version)
    try values.encode(attacks, forKey: .attacks)
    try values.encode(thetas, forKey: .thetas)
    try values.encode(seed, forKey: .seed)
    try values.encode(embedder, forKey: .embedder)
    try values.encodeIfPresent(embedderName, forKey: .embedderName)
    try values.encodeIfPresent(surrogate, forKey: .surrogate)
    try values.encodeIfPresent(surrogateName, forKey: .surrogateName)
    try values.encodeIfPresent(witness, forKey: .witness)
    try values.encodeIfPresent(screen, forKey: .screen)
    try values.encodeIfPresent(isWhole, forKey: .isWhole)
  }
}
