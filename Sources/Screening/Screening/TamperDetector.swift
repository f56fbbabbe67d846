public import Checkpoints
public import NeuralNetworks
public import Textures

/// A family of detectors of tampering: what a screen needs of one, whatever it computes with.
///
/// A detector is handed the numbers of ``FeatureGroup``s, which a ``FeatureExtractor`` computes. Its file
/// says which family it is of and, by its ``FeatureSpecification``, which numbers it was fitted to.
public protocol TamperDetector: Sendable {
  /// The name of the family in a file's metadata.
  static var family: String { get }

  /// The texture operators of its features.
  var descriptor: TextureDescriptor { get }
  /// The groups of features that it weighs.
  var groups: Set<FeatureGroup> { get }
  /// The small changes of its features, in the order of the numbers.
  var changes: [FaceTransform] { get }

  /// The verdict on the numbers of one face's groups.
  ///
  /// - Precondition: all of ``groups`` are there.
  func score(_ features: [FeatureGroup: [Float]]) -> TamperingScore

  /// The log-odds of tampering, (batch), with gradients to the numbers of each group, (batch, numbers).
  ///
  /// Values are those of ``score(_:)``, up to rounding.
  ///
  /// - Precondition: all of ``groups`` are there.
  func logOdds(_ features: [FeatureGroup: Variable]) -> Variable

  /// The detector as the contents of a file, without family and specification.
  func contents() throws -> SafeTensorsFile

  /// The features that a file's detector weighs, as this program computes them.
  ///
  /// - Throws: ``DetectorError/noSettings``.
  static func specification(
    of contents: SafeTensorsFile
  ) throws(DetectorError) -> FeatureSpecification

  /// Reads a detector for faces of a side; family and specification have been checked.
  ///
  /// - Throws: `CheckpointError` or ``DetectorError``.
  init(contents: SafeTensorsFile, faceSide: Int) throws
}

extension TamperDetector {
  /// The features that it weighs, as this program computes them.
  public var specification: FeatureSpecification {
    FeatureSpecification(groups, changes: changes)
  }

  /// The verdict on the evidence of one face.
  public func score(_ evidence: FaceEvidence) -> TamperingScore { score(evidence.features) }

  /// The log-odds of tampering, (batch), of faces (batch, side, side, 3) in −1…1 as a variable: what an
  /// attacker who knows the detector descends.
  ///
  /// Values are those that decide, up to rounding; see ``FeatureExtractor`` for what gradients go by.
  ///
  /// - Precondition: the extractor computes all groups of the detector.
  public func logOdds(of faces: Variable, by extractor: FeatureExtractor) -> Variable {
    logOdds(extractor.traces(of: faces).groups)
  }

  /// The detector as the contents of a file.
  public func file() throws -> SafeTensorsFile {
    let contents = try contents()
    return SafeTensorsFile(
      arrays: contents.arrays, integers: contents.integers,
      metadata: contents.metadata.merging([
        DetectorFile.family: Self.family, FeatureSpecification.member: try specification.text,
      ]) { $1 })
  }

  /// Reads a detector of this family for faces of a side.
  ///
  /// - Throws: `CheckpointError` or ``DetectorError``.
  public init(file: SafeTensorsFile, faceSide: Int) throws {
    let family = file.metadata[DetectorFile.family] ?? AdversarialDetector.family
    guard family == Self.family else {
      throw DetectorError.unknownFamily(family, known: [Self.family])
    }
    // Before its numbers are read: of other features there may be another number.
    let code = try Self.specification(of: file)
    try (FeatureSpecification(file: file) ?? .first(code.groups.keys)).check(code)
    try self.init(contents: file, faceSide: faceSide)
  }
}

/// A detector's file, whatever its family.
public enum DetectorFile {
  /// The metadata that name the family; files of before families were named are linear.
  static let family = "family"

  /// The families that this program knows.
  public static let families: [any TamperDetector.Type] = [AdversarialDetector.self]

  /// Reads a detector of the family that its file names.
  ///
  /// - Throws: `CheckpointError` or ``DetectorError``.
  public static func detector(
    _ file: SafeTensorsFile, faceSide: Int, families: [any TamperDetector.Type] = Self.families
  ) throws -> any TamperDetector {
    let name = file.metadata[family] ?? AdversarialDetector.family
    guard let type = families.first(where: { $0.family == name }) else {
      throw DetectorError.unknownFamily(name, known: families.map { $0.family })
    }
    return try type.init(file: file, faceSide: faceSide)
  }
}
