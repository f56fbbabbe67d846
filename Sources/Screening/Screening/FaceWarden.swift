private import Checkpoints
private import Embedders
public import Images
public import ModelStore
private import Reconstruction

/// Verification and screening of pairs of faces, with all models loaded.
///
/// A value that any number of threads may share. A verdict is bit-identical alone, in any order,
/// after any other, at any thread count.
public struct FaceWarden: Sendable {
  /// What looks for tampering.
  public let screen: TamperingScreen
  /// The distance below which two faces match, and its false match rate.
  public private(set) var verificationPoint: OperatingPoint
  /// The probability from which a face counts as tampered with.
  public let detectionPoint: OperatingPoint
  /// The probability from which a pair counts as tampered with.
  public let pairPoint: OperatingPoint
  /// The models' names and checksums.
  public let models: [Verdict.Model]

  /// The operating points used unless others are asked for; of the detectors' the first that the
  /// manifest has, because few untouched pictures do not support the first.
  public static let defaultPoints = (
    verification: "fmr-1e-2", detection: ["bpcer-1e-2", "bpcer-5e-2", "bpcer-1e-1"]
  )

  /// Loads the models of a folder; each file's checksum must be the manifest's.
  ///
  /// - `fmr`: the name of one of f_C's operating points.
  /// - `threshold`: a squared distance to use instead of it.
  /// - `bpcer`: the name of one of the detectors' operating points; nil for the default.
  /// - Throws: `CheckpointError`, `ModelError` or ``DetectorError``.
  public init(
    folder: String, fmr: String = Self.defaultPoints.verification, threshold: Double? = nil,
    bpcer: String? = nil
  ) throws {
    let manifest = try ModelManifest(folder: folder)
    let embedder = try FaceEmbedder(of: manifest, folder: folder)
    let reconstructor = try FaceReconstructor(of: manifest, folder: folder, embedder: embedder)
    let detector = try AdversarialDetector(
      file: SafeTensorsFile(
        bytes: manifest.verifiedBytes(of: AdversarialDetector.modelName, in: folder),
        requiringFinite: true), faceSide: reconstructor.architecture.side)
    let pairDetector = try Self.pairDetector(of: manifest, folder: folder)
    let needsWitness = detector.groups.contains(where: \.needsWitness) || pairDetector != nil
    screen = TamperingScreen(
      FeatureExtractor(
        detector.groups, reconstructor: reconstructor,
        witness: needsWitness ? try Self.witness(of: manifest, folder: folder) : nil,
        descriptor: detector.descriptor), detector, pairs: pairDetector)
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
    let detectors =
      [AdversarialDetector.modelName] + (pairDetector == nil ? [] : [PairDetector.modelName])
    let asked = bpcer.map { [$0] } ?? Self.defaultPoints.detection
    let offered = try detectors.map { try manifest.entry($0).operatingPoints.map(\.name) }
    let name = asked.first { name in offered.allSatisfy { $0.contains(name) } } ?? asked[0]
    let points = try detectors.map { try point(name, of: $0) }
    (detectionPoint, pairPoint) = (points[0], points[points.count - 1])
    let names =
      [FaceEmbedder.modelName, FaceReconstructor.modelName] + detectors
      + (needsWitness ? [FaceEmbedder.witnessName] : [])
    models = try names.map { Verdict.Model(name: $0, sha256: try manifest.entry($0).sha256) }
  }

  /// What judges pairs, if the manifest has it.
  private static func pairDetector(
    of manifest: ModelManifest, folder: String
  ) throws -> PairDetector? {
    let name = PairDetector.modelName
    guard manifest.models.contains(where: { $0.name == name }) else { return nil }
    return try PairDetector(
      file: SafeTensorsFile(
        bytes: manifest.verifiedBytes(of: name, in: folder), requiringFinite: true))
  }

  /// f_V.
  private static func witness(of manifest: ModelManifest, folder: String) throws -> FaceEmbedder {
    let name = FaceEmbedder.witnessName
    guard manifest.models.contains(where: { $0.name == name }) else {
      throw DetectorError.noWitness(model: name)
    }
    return try FaceEmbedder(name, of: manifest, folder: folder)
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

  /// Embeds, reconstructs and scores aligned faces together; each result is the one it has alone.
  public func examine(_ faces: [RGBImage]) -> [Examination] { screen.examine(faces) }

  /// Judges a pair.
  public func judge(probe: FacePicture, reference: FacePicture, id: String? = nil) -> Verdict {
    let found = examine([probe.face, reference.face])
    return verdict(on: probe, found[0], and: reference, found[1], id: id)
  }

  /// The verdict on a pair whose faces have been examined.
  public func verdict(
    on probe: FacePicture, _ a: Examination, and reference: FacePicture, _ b: Examination,
    id: String? = nil
  ) -> Verdict {
    let distance = Double(squaredDistance(a.evidence.embedding, b.evidence.embedding))
    let joint = screen.score(a, b)
    let score = joint?.probability ?? max(a.score.probability, b.score.probability)
    let isNumber = [a, b].allSatisfy(\.score.logOdds.isFinite) && score.isFinite
    guard distance.isFinite, isNumber else {
      return .undecided(
        "the networks gave no number for this pair", code: Verdict.noNumber, id: id)
    }
    let isMatch = distance < verificationPoint.threshold
    let isAdversarial = score > pairPoint.threshold
    let suspicious = a.score.probability >= b.score.probability ? "probe" : "reference"
    let reason =
      switch (isAdversarial, isMatch) {
      case (true, _) where joint?.isOfClaim == true:
        "the witness does not see the person that the network sees: "
          + "a picture was tampered with to fool the network"
      case (true, _): "the \(suspicious) looks tampered with to fool the network"
      case (false, false): "not the same person"
      case (false, true): "the same person, and neither picture looks tampered with"
      }
    return Verdict(
      id: id, decision: isMatch && !isAdversarial ? .accept : .deny, reason: reason,
      verdict: isAdversarial ? .adversarial : .bonaFide, score: score,
      scoreKind: "calibrated_probability", threshold: pairPoint.threshold,
      operatingPoint: pairPoint, subscores: subscores(a, b, joint),
      verification: Verdict.Verification(
        match: isMatch, distance: distance, threshold: verificationPoint.threshold,
        operatingPoint: verificationPoint.name, fmr: verificationPoint.fmr,
        source: verificationPoint.source),
      probe: probe.file, reference: reference.file, models: models)
  }

  /// Each part's decision value, and how far each face lies from its reconstruction.
  private func subscores(
    _ probe: Examination, _ reference: Examination, _ joint: PairDetector.Score?
  ) -> [String: Double] {
    var result: [String: Double] = [:]
    if let joint { (result["pictures"], result["claim"]) = (joint.pictures, joint.claim) }
    for (side, found) in [("probe", probe), ("reference", reference)] {
      for part in found.score.parts { result["\(side)_\(part.name)"] = part.value }
      result["\(side)_identity_gap"] = found.evidence.identityGap
    }
    if let a = probe.evidence.witnessEmbedding, let b = reference.evidence.witnessEmbedding {
      result["witness_distance"] = Double(squaredDistance(a, b))
    }
    return result
  }
}
