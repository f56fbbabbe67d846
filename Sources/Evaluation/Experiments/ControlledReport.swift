private import Reconstruction

/// What drawn people allow that photographs do not: one attribute changed at a time, and known.
public struct ControlledReport: Codable, Sendable {
  /// Pictures with one changed attribute against a gallery of plain ones.
  public struct Row: Codable, Sendable {
    /// The attribute and its value.
    public var attribute: String, value: Double
    /// The mean distance² of f_C to the same person's plain picture, and to that of others.
    public var genuine, impostor: Double
    /// The area under the ROC curve of these distances.
    public var areaUnderCurve: Double
    /// How often the person is the nearest in the gallery.
    public var top1: Double
    /// The same for faces generated from a plain picture and a stranger's changed attribute.
    public var generatedTop1: Double
    /// The mean distance² of f_C between a picture and its reconstruction.
    public var reconstruction: Double
  }

  /// How much of one thing linear probes read: R² of attributes, top-1 of the person.
  public struct Probe: Codable, Sendable {
    /// The attribute, or the person.
    public var name: String
    /// From f_I, from f_A, and from 32×32 pixels.
    public var identity, attributes, pixels: Double
  }

  /// What is read along the morph between two pictures of one person.
  public struct Morph: Codable, Sendable {
    /// The attribute and its values at both ends.
    public var attribute: String, from: Double, to: Double
    /// Mean readings at equal steps: of drawn pictures, and of G's.
    public var drawn, generated: [Double]
    /// The share of steps of single people at which G's reading moves the right way.
    public var rightSteps: Double
    /// The correlation of G's mean readings with the place on the way.
    public var correlation: Double
  }

  /// How many people, and pictures of each for the probes.
  public var people, pictures: Int
  /// The seed of the people.
  public var seed: UInt64
  /// By attribute, plain first.
  public var rows: [Row]
  /// Attributes first, the person last.
  public var probes: [Probe]
  /// By attribute.
  public var morphs: [Morph]

  /// Draws people and measures.
  ///
  /// - Parameters:
  ///   - networks: the IP-GAN.
  ///   - embedder: f_C.
  ///   - people: how many; at least 4.
  ///   - pictures: of each, for the probes; at least 2.
  ///   - seed: which people and pictures.
  ///   - side: of the pictures that the networks take.
  ///   - progress: told what is being done.
  /// - Throws: what the metrics throw of distances that are not finite, and `LinearAlgebraError`.
  public init(
    networks: NamedNetworks, embedder: NamedEmbedder, people: Int, pictures: Int, seed: UInt64,
    side: Int = 128, progress: (_ work: String, _ done: Int, _ total: Int) -> Void = { _, _, _ in }
  ) throws {
    precondition(people >= 4 && pictures >= 2, "\(people) people, \(pictures) pictures")
    (self.people, self.pictures, self.seed) = (people, pictures, seed)
    let subjects = ControlledSubjects(
      networks: networks, embedder: embedder, people: people, seed: seed, side: side)
    rows = try Self.rows(subjects, progress)
    let examples = try ControlledExamples(subjects, pictures: pictures, progress)
    probes = try examples.probes()
    morphs = try Self.morphs(subjects, examples, progress)
  }
}
