public import LinearMachines
public import Textures

/// A fusion of linear SVMs that says how likely it is that a face was tampered with to fool f_C.
///
/// Each part is a linear machine on one kind of evidence; a logistic fusion of their decision values
/// is the log-odds of tampering. The publication's detector is one part alone.
public struct AdversarialDetector: TamperDetector, Equatable {
  /// The name in the manifest.
  public static let modelName = "detector"

  public static let family = "linear"

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
  public let changes: [FaceTransform]
  /// Its parts.
  public let parts: [Part]
  /// The log-odds of tampering from the parts' decision values.
  public let fusion: LinearSVM

  /// Creates a detector.
  ///
  /// - Precondition: the fusion has a weight for each part.
  public init(
    kind: DetectorKind, descriptor: TextureDescriptor,
    changes: [FaceTransform] = FaceTransform.usual, parts: [Part], fusion: LinearSVM
  ) {
    precondition(fusion.weights.count == parts.count, "a fusion of other parts")
    (self.kind, self.descriptor, self.changes) = (kind, descriptor, changes)
    self.parts = parts
    self.fusion = fusion.inSinglePrecision
  }

  /// The groups of features that it decides on.
  public var groups: Set<FeatureGroup> { Set(parts.flatMap(\.groups)) }

  public func score(_ features: [FeatureGroup: [Float]]) -> TamperingScore {
    let values = parts.map { part in
      part.decisionValue(
        part.groups.flatMap { group -> [Float] in
          guard let own = features[group] else { preconditionFailure("no features of \(group)") }
          return own
        })
    }
    return TamperingScore(
      parts: zip(parts.map(\.name), values).map { ($0, $1) },
      logOdds: fusion.decisionValue(values.map { Float($0) }))
  }
}

extension LinearSVM {
  /// The same with weights that survive a file of single-precision numbers.
  var inSinglePrecision: LinearSVM {
    LinearSVM(
      weights: weights.map { Double(Float($0)) }, bias: Double(Float(bias)), options: options)
  }
}
