public import AdversarialAttacks
public import AdversarialDetection
private import Images

/// What a picture of an attack set is, to a detector.
public enum Species: Hashable, Sendable, CustomStringConvertible {
  /// A picture as it was before the attack.
  case bonaFide
  /// A benign change of it, by its name; of noise as strong as an attack, with that one's distance².
  case control(String, theta: Float? = nil)
  /// A successful attack, by its name and the distance² that it undercuts.
  case attack(String, theta: Float)

  /// Whether a detector should call it adversarial.
  public var isAdversarial: Bool { if case .attack = self { true } else { false } }

  /// The name of the attack or of the benign change; `bona fide` for sources.
  public var name: String {
    switch self {
    case .bonaFide: "bona fide"
    case .control(let name, _), .attack(let name, _): name
    }
  }

  public var description: String {
    switch self {
    case .bonaFide: "bona fide"
    case .control(let name, let theta): theta.map { "\(name) \($0)" } ?? name
    case .attack(let name, let theta): "\(name) \(theta)"
    }
  }
}

/// The detector's features of an attack set: every source, and what became of it.
public struct DetectionExamples: Sendable {
  /// One picture of the set.
  public struct Example: Sendable {
    /// The pair it belongs to.
    public var pair: AttackPair
    /// What it is.
    public var species: Species
    /// The numbers of each group.
    public var features: [FeatureGroup: [Float]]
    /// The squared distance of f_C of the picture and of its reconstruction.
    public var identityGap: Double
    /// The root mean square of the change, in grey levels; 0 for a source.
    public var rms: Double
  }

  /// All examples: each pair's source, followed by its successful attacks and its benign changes.
  public let examples: [Example]

  /// Reads, reconstructs and describes the pictures of sets.
  ///
  /// What an attack failed at is left out here; a set keeps count of it.
  ///
  /// - Throws: `ImageError`.
  public init(
    _ sets: [AttackSet], extractor: FeatureExtractor,
    progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws {
    var items: [(pair: AttackPair, species: Species, rms: Double, path: String)] = []
    for (number, set) in sets.enumerated() {
      var sources: Set<String> = []
      var files: Set<String> = []
      for entry in set.entries {
        var pair = entry.pair
        // Several sets may have pairs of one name.
        if sets.count > 1 { pair.id = "\(number)/\(pair.id)" }
        if sources.insert(pair.id).inserted {
          items.append((pair, .bonaFide, 0, "\(set.folder)/\(entry.sourceFile)"))
        }
        // A benign change is the same picture at every θ.
        guard let species = Self.species(of: entry), let file = entry.file,
          files.insert(file).inserted
        else { continue }
        items.append((pair, species, entry.rms, "\(set.folder)/\(file)"))
      }
    }
    var examples: [Example] = []
    for first in stride(from: 0, to: items.count, by: 16) {
      let part = items[first..<min(items.count, first + 16)]
      let faces = try part.map { try RGBImage.read(path: $0.path).image }
      for (item, evidence) in zip(part, extractor.evidence(of: faces)) {
        examples.append(
          Example(
            pair: item.pair, species: item.species, features: evidence.features,
            identityGap: evidence.identityGap, rms: item.rms))
      }
      progress(examples.count, items.count)
    }
    self.examples = examples
  }

  /// What a line of a set's manifest describes; nil for an attack that failed.
  private static func species(of entry: AttackSetEntry) -> Species? {
    let method = AttackCatalogue.find(entry.attack)
    if method?.isControl == true { return .control(entry.attack) }
    if method?.attack is EqualNormNoise {
      return entry.success ? nil : .control(entry.attack, theta: entry.theta)
    }
    return entry.success ? .attack(entry.attack, theta: entry.theta) : nil
  }

  /// Examples given as they are.
  public init(_ examples: [Example]) { self.examples = examples }

  /// The species beside the sources, ordered.
  public var species: [Species] {
    Set(examples.map(\.species)).filter { $0 != .bonaFide }.sorted { "\($0)" < "\($1)" }
  }

  /// The sources of the pairs of one species, and its pictures: as many of each, the paper's
  /// balanced classes.
  public func balanced(_ species: Species) -> [Example] {
    let attacked = Set(examples.filter { $0.species == species }.map(\.pair.id))
    return examples.filter {
      $0.species == species || ($0.species == .bonaFide && attacked.contains($0.pair.id))
    }
  }
}
