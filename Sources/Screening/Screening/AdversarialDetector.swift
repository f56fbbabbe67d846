private import Foundation
public import LinearMachines
public import Textures

/// Says how likely it is that a face was tampered with to fool f_C.
///
/// Each part is a linear machine on one kind of evidence; a logistic fusion of their decision values
/// is the log-odds of tampering. The publication's detector is one part alone.
public struct AdversarialDetector: Sendable, Equatable {
  /// The name in the manifest.
  public static let modelName = "detector"

  /// A linear machine on one kind of evidence.
  public struct Part: Sendable, Equatable {
    /// What it is called in the verdict.
    public let name: String
    /// What it weighs.
    public let groups: [FeatureGroup]
    /// What brings its features to one scale; none for histograms.
    public let scaler: FeatureScaler?
    /// The machine; a larger decision value is more suspicious.
    public let machine: LinearSVM

    /// Creates a part; weights are kept in single precision, as in a file.
    public init(
      name: String, groups: [FeatureGroup], scaler: FeatureScaler?, machine: LinearSVM
    ) {
      (self.name, self.groups, self.scaler) = (name, groups, scaler)
      self.machine = machine.inSinglePrecision
    }

    /// The decision value of features of this part's groups.
    public func decisionValue(_ features: [Float]) -> Double {
      machine.decisionValue(scaler?.scaled(features) ?? features)
    }
  }

  /// Which detector it is.
  public let kind: DetectorKind
  /// How texture is described.
  public let descriptor: TextureDescriptor
  /// Its parts.
  public let parts: [Part]
  /// The log-odds of tampering from the parts' decision values.
  public let fusion: LinearSVM

  /// Creates a detector.
  ///
  /// - Precondition: the fusion has a weight for each part.
  public init(
    kind: DetectorKind, descriptor: TextureDescriptor, parts: [Part], fusion: LinearSVM
  ) {
    precondition(fusion.weights.count == parts.count, "a fusion of other parts")
    (self.kind, self.descriptor, self.parts) = (kind, descriptor, parts)
    self.fusion = fusion.inSinglePrecision
  }

  /// The groups of features that it decides on.
  public var groups: Set<FeatureGroup> { Set(parts.flatMap(\.groups)) }

  /// What a detector says of one face.
  public struct Score: Sendable, Equatable {
    /// Each part's decision value; larger is more suspicious.
    public let parts: [(name: String, value: Double)]
    /// The log-odds that the face was tampered with.
    public let logOdds: Double

    /// The probability of it, 0…1.
    public var probability: Double { AdversarialDetector.probability(logOdds: logOdds) }

    public static func == (a: Score, b: Score) -> Bool {
      a.logOdds == b.logOdds && a.parts.elementsEqual(b.parts, by: ==)
    }
  }

  /// Judges the evidence of one face.
  public func score(_ evidence: FaceEvidence) -> Score { score(evidence.features) }

  /// Judges the numbers of one face's groups.
  ///
  /// - Precondition: all groups of the detector's parts are there.
  public func score(_ features: [FeatureGroup: [Float]]) -> Score {
    let values = parts.map { part in
      part.decisionValue(
        part.groups.flatMap { group -> [Float] in
          guard let own = features[group] else { preconditionFailure("no features of \(group)") }
          return own
        })
    }
    return Score(
      parts: zip(parts.map(\.name), values).map { ($0, $1) },
      logOdds: fusion.decisionValue(values.map { Float($0) }))
  }

  /// 1 / (1 + exp(−log-odds)).
  public static func probability(logOdds: Double) -> Double { 1 / (1 + exp(-logOdds)) }
}

extension LinearSVM {
  /// The same with weights that survive a file of single-precision numbers.
  var inSinglePrecision: LinearSVM {
    LinearSVM(
      weights: weights.map { Double(Float($0)) }, bias: Double(Float(bias)), options: options)
  }
}

/// Why a detector cannot be used.
public enum DetectorError: Error, Equatable, CustomStringConvertible {
  /// The file does not describe a detector of this version.
  case noSettings
  /// The detector decides on what f_V sees, and there is none.
  case noWitness(model: String)
  /// The manifest has no operating point of this name of a model.
  case noOperatingPoint(String, model: String, offered: [String])

  public var description: String {
    switch self {
    case .noSettings:
      "the detector's file does not say what it is made of; it may be of another version: "
        + "train it anew"
    case .noWitness(let model):
      "the detector needs the witness '\(model)', which the manifest does not have"
    case .noOperatingPoint(let name, let model, let offered):
      "no operating point '\(name)' of '\(model)'; the manifest has "
        + (offered.isEmpty ? "none" : offered.joined(separator: ", "))
        + "; others were refused for too few pairs or pictures, or never measured: "
        + (name.hasPrefix("bpcer")
          ? "'train detector' measures them, with enough pictures by '--bona-fide'"
          : "'import --data' or 'train embedder' measures them; '--threshold' does without")
    }
  }
}
