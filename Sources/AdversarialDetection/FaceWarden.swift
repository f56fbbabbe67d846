public import Checkpoints
public import FaceVerification
public import IPGAN
public import Images
private import NeuralNetworks
private import Tensors

/// Verification and screening of pairs of faces, with all models loaded.
///
/// A value that any number of threads may share. A verdict is bit-identical alone, in any order,
/// after any other, at any thread count.
public struct FaceWarden: Sendable {
  /// f_C.
  public let embedder: FaceEmbedder
  /// A and G.
  public let reconstructor: FaceReconstructor
  /// The detector.
  public let detector: AdversarialDetector
  /// The distance below which two faces match, and its false match rate.
  public private(set) var verificationPoint: OperatingPoint
  /// The probability from which a face counts as tampered with.
  public let detectionPoint: OperatingPoint
  /// The models' names and checksums.
  public let models: [Verdict.Model]

  /// The operating points used unless others are asked for.
  public static let defaultPoints = (verification: "fmr-1e-2", detection: "bpcer-1e-1")

  /// Loads the models of a folder; each file's checksum must be the manifest's.
  ///
  /// - `fmr`: the name of one of f_C's operating points.
  /// - `threshold`: a squared distance to use instead of it.
  /// - `bpcer`: the name of one of the detector's operating points.
  /// - Throws: `CheckpointError`, `ModelError` or ``DetectorError``.
  public init(
    folder: String, fmr: String = Self.defaultPoints.verification, threshold: Double? = nil,
    bpcer: String = Self.defaultPoints.detection
  ) throws {
    let manifest = try ModelManifest(folder: folder)
    embedder = try FaceEmbedder(of: manifest, folder: folder)
    reconstructor = try FaceReconstructor(of: manifest, folder: folder, embedder: embedder)
    let name = AdversarialDetector.modelName
    detector = try AdversarialDetector(
      file: SafeTensorsFile(
        bytes: manifest.verifiedBytes(of: name, in: folder), requiringFinite: true),
      faceSide: reconstructor.architecture.side)
    func point(_ point: String, of model: String) throws -> OperatingPoint {
      let entry = try manifest.entry(model)
      guard let found = entry.operatingPoint(point) else {
        throw DetectorError.noOperatingPoint(point, offered: entry.operatingPoints.map(\.name))
      }
      return found
    }
    verificationPoint =
      try threshold.map { OperatingPoint(name: "given", threshold: $0) }
      ?? point(fmr, of: FaceEmbedder.modelName)
    detectionPoint = try point(bpcer, of: name)
    models = try [FaceEmbedder.modelName, FaceReconstructor.modelName, name].map {
      Verdict.Model(name: $0, sha256: try manifest.entry($0).sha256)
    }
  }

  /// The same with another distance² below which two faces match.
  ///
  /// - Precondition: it lies in 0…4.
  public func with(threshold: Double) -> FaceWarden {
    precondition((0...4).contains(threshold), "threshold \(threshold) is not in 0…4")
    var copy = self
    copy.verificationPoint = OperatingPoint(name: "given", threshold: threshold)
    return copy
  }

  /// What is known of one face.
  public struct Evidence: Sendable {
    /// f_C of unit length.
    public let embedding: [Float]
    /// x̂.
    public let reconstruction: RGBImage
    /// The probability of tampering, 0…1.
    public let probability: Double
    /// The detector's decision value; larger is more suspicious.
    public let decisionValue: Double
    /// The squared distance of f_C of the face and of its reconstruction.
    public let identityGap: Double
  }

  /// Embeds, reconstructs and scores one aligned face.
  public func examine(_ face: RGBImage) -> Evidence {
    let pixels = Variable(Tensor([face]))
    let features = embedder.features(of: pixels)
    let rebuilt = reconstructor.generate(
      identity: features.identity, attributes: reconstructor.attributes(of: pixels))
    let reconstruction = rebuilt.value.pictures()[0]
    let embedding = embedder.unitEmbeddings(of: pixels, known: features).value.numbers
    let again = embedder.unitEmbeddings(of: Variable(Tensor([reconstruction]))).value.numbers
    let score = detector.score(face, reconstruction: reconstruction)
    return Evidence(
      embedding: embedding, reconstruction: reconstruction, probability: score.probability,
      decisionValue: score.decisionValue,
      identityGap: Double(squaredDistance(embedding, again)))
  }

  /// Judges a pair.
  public func judge(probe: FacePicture, reference: FacePicture, id: String? = nil) -> Verdict {
    let (a, b) = (examine(probe.face), examine(reference.face))
    let distance = Double(squaredDistance(a.embedding, b.embedding))
    let score = max(a.probability, b.probability)
    guard distance.isFinite, score.isFinite else {
      return .undecided("the networks gave no number for this pair", id: id)
    }
    let isMatch = distance < verificationPoint.threshold
    let isAdversarial = score > detectionPoint.threshold
    let suspicious = a.probability >= b.probability ? "probe" : "reference"
    let reason =
      switch (isAdversarial, isMatch) {
      case (true, _): "the \(suspicious) looks tampered with to fool the network"
      case (false, false): "not the same person"
      case (false, true): "the same person, and neither picture looks tampered with"
      }
    return Verdict(
      id: id, decision: isMatch && !isAdversarial ? .accept : .deny, reason: reason,
      verdict: isAdversarial ? .adversarial : .bonaFide, score: score,
      scoreKind: "calibrated_probability", threshold: detectionPoint.threshold,
      operatingPoint: detectionPoint,
      subscores: [
        "probe_lbp_svm": a.decisionValue, "reference_lbp_svm": b.decisionValue,
        "probe_identity_gap": a.identityGap, "reference_identity_gap": b.identityGap,
      ],
      verification: Verdict.Verification(
        match: isMatch, distance: distance, threshold: verificationPoint.threshold,
        operatingPoint: verificationPoint.name, fmr: verificationPoint.fmr,
        source: verificationPoint.source),
      probe: probe.file, reference: reference.file, models: models)
  }
}
