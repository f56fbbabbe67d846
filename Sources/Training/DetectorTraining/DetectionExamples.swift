public import AttackSets
public import Screening

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
    /// f_C and f_V of unit length; the latter where a witness was asked.
    public var embedding: [Float] = []
    public var witnessEmbedding: [Float]?
    /// The number of its set.
    public var set = 0

    /// The name of its source.
    public var name: Name { Name(set: set, picture: pair.source) }
  }

  /// A picture that was attacked, or could have been: pictures of several sets may share a name.
  public struct Name: Hashable, Sendable {
    /// The number of the set.
    public var set: Int
    /// The picture, as `person/picture`.
    public var picture: String

    /// Creates a name.
    public init(set: Int, picture: String) { (self.set, self.picture) = (set, picture) }
  }

  /// All examples: each pair's source, followed by its successful attacks and its benign changes.
  public let examples: [Example]

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
