public import AttackSets
private import Attacks
private import Files
public import Images
public import Screening

extension DetectionExamples {
  /// Untouched pictures beside the sets: names, as `person/picture`, the folds of those that are of a
  /// protocol, and aligned faces.
  public typealias Untouched = (
    names: [String], folds: [String: Int], face: (String) throws -> RGBImage
  )

  /// A picture that is to be described.
  private struct Item {
    var pair: AttackPair
    var species: Species
    var rms: Double
    var set: Int
    var read: () throws -> RGBImage

    /// Whether the same picture may come again: sources are in many pairs, and in several sets.
    var isKept: Bool { species == .bonaFide }
  }

  /// What was computed of pictures, so that the same one is not examined twice.
  private struct Descriptions {
    private let extractor: FeatureExtractor
    private var known: [String: Example] = [:]

    init(_ extractor: FeatureExtractor) { self.extractor = extractor }

    /// Examples of pictures whose origin is left open.
    mutating func of(_ pictures: [RGBImage], areKept: [Bool]) -> [Example] {
      let keys = zip(pictures, areKept).map { $1 ? SHA256.hex(of: $0.pixels) : nil }
      let missing = pictures.indices.filter { index in keys[index].map { known[$0] == nil } ?? true
      }
      var fresh: [Int: Example] = [:]
      for (index, found) in zip(missing, extractor.evidence(of: missing.map { pictures[$0] })) {
        let example = Example(
          pair: AttackPair(id: "", source: "", target: ""), species: .bonaFide,
          features: found.features, identityGap: found.identityGap, rms: 0,
          embedding: found.embedding, witnessEmbedding: found.witnessEmbedding)
        fresh[index] = example
        if let key = keys[index] { known[key] = example }
      }
      return pictures.indices.map { index in
        guard let example = fresh[index] ?? keys[index].flatMap({ known[$0] }) else {
          preconditionFailure("picture \(index) was not examined")
        }
        return example
      }
    }
  }

  /// Reads, reconstructs and describes the pictures of sets.
  ///
  /// What an attack failed at is left out here; a set keeps count of it.
  ///
  /// - Parameters:
  ///   - sets: the sets, each its sources and what became of them.
  ///   - includesTargets: whether targets that are no sources are described as well, as bona fide.
  ///   - untouched: further bona fide pictures; those that are in a set count once.
  ///   - extractor: what is computed of each picture.
  ///   - progress: called after each batch with the pictures done and to do.
  /// - Throws: `ImageError`, or what `untouched` throws.
  public init(
    _ sets: [AttackSet], includesTargets: Bool = false, untouched: Untouched? = nil,
    extractor: FeatureExtractor, progress: (_ done: Int, _ total: Int) -> Void = { _, _ in }
  ) throws {
    var items: [Item] = []
    for (number, set) in sets.enumerated() {
      items += Self.items(set, number, of: sets.count, includesTargets: includesTargets)
    }
    if let untouched {
      let known = Set(items.map(\.pair.source))
      for name in untouched.names where !known.contains(name) {
        items.append(
          Item(
            pair: AttackPair(
              id: "untouched/" + name, source: name, target: name, fold: untouched.folds[name]),
            species: .bonaFide, rms: 0, set: sets.count, read: { try untouched.face(name) }))
      }
    }
    var described = Descriptions(extractor)
    var examples: [Example] = []
    for first in stride(from: 0, to: items.count, by: 16) {
      let part = items[first..<min(items.count, first + 16)]
      let found = described.of(try part.map { try $0.read() }, areKept: part.map(\.isKept))
      for (item, description) in zip(part, found) {
        var example = description
        (example.pair, example.species) = (item.pair, item.species)
        (example.rms, example.set) = (item.rms, item.set)
        examples.append(example)
      }
      progress(examples.count, items.count)
    }
    self.init(examples)
  }

  private static func items(
    _ set: AttackSet, _ number: Int, of count: Int, includesTargets: Bool
  ) -> [Item] {
    func item(_ pair: AttackPair, _ species: Species, _ rms: Double, _ file: String) -> Item {
      Item(
        pair: pair, species: species, rms: rms, set: number,
        read: { try RGBImage.read(path: "\(set.folder)/\(file)").image })
    }
    var items: [Item] = []
    var sources: Set<String> = []
    var files: Set<String> = []
    var known = Set(set.entries.map(\.pair.source))
    for entry in set.entries {
      var pair = entry.pair
      // Several sets may have pairs of one name.
      if count > 1 { pair.id = "\(number)/\(pair.id)" }
      if sources.insert(pair.id).inserted {
        items.append(item(pair, .bonaFide, 0, entry.sourceFile))
      }
      if includesTargets, let file = entry.targetFile, known.insert(pair.target).inserted {
        let turned = AttackPair(
          id: "target/\(pair.id)", source: pair.target, target: pair.source, fold: pair.fold)
        items.append(item(turned, .bonaFide, 0, file))
      }
      // A benign change is the same picture at every θ.
      guard let species = species(of: entry), let file = entry.file, files.insert(file).inserted
      else { continue }
      items.append(item(pair, species, entry.rms, file))
    }
    return items
  }

  /// What sets hold beside their sources: attacks that succeeded, and benign changes.
  public static func species(in sets: [AttackSet]) -> Set<Species> {
    Set(sets.flatMap(\.entries).compactMap(species(of:)))
  }

  /// What a line of a set's manifest describes; nil for an attack that failed.
  private static func species(of entry: AttackSetEntry) -> Species? {
    let method = AttackCatalogue.find(entry.attack)
    switch method?.kind {
    case .control: return .control(entry.attack)
    case .perturbation: return .perturbation(entry.attack)
    default: break
    }
    if method?.attack is EqualNormNoise {
      return entry.success ? nil : .control(entry.attack, theta: entry.theta)
    }
    return entry.success ? .attack(entry.attack, theta: entry.theta) : nil
  }
}
