private import Checkpoints
public import Embedders
private import FaceFinding
public import Images
private import KernelSupport
public import ModelStore
private import PictureQuality
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
  public private(set) var detectionPoint: OperatingPoint
  /// The probability from which a pair counts as tampered with.
  public private(set) var pairPoint: OperatingPoint
  /// What joins the distances² by f_C and f_V; nil where f_C alone decides who somebody is.
  public let fusion: EmbeddingFusion?
  /// The models' names and checksums.
  public let models: [Verdict.Model]
  /// What the site's own pictures looked like; nil where nobody calibrated.
  public private(set) var calibration: SiteCalibration?
  private let qualityModel: QualityModel?
  /// What looks at aligned faces once more, for their quality.
  private let faceDetector: FaceDetector?

  /// The operating points used unless others are asked for; of the detectors' the first that the
  /// manifest has, because few untouched pictures do not support the first.
  public static let defaultPoints = (
    verification: "fmr-1e-2", detection: ["bpcer-1e-2", "bpcer-5e-2", "bpcer-1e-1"]
  )

  /// Loads the models of a folder; each file's checksum must be the manifest's.
  ///
  /// - `fmr`: the name of one of the fusion's operating points, or of f_C's where there is no fusion.
  /// - `threshold`: a squared distance to use instead of it.
  /// - `bpcer`: the name of one of the detectors' operating points; nil for the default.
  /// - Throws: `CheckpointError`, `ModelError`, `EmbeddingFusionError` or ``DetectorError``.
  public init(
    folder: String, fmr: String = Self.defaultPoints.verification, threshold: Double? = nil,
    bpcer: String? = nil
  ) throws {
    let manifest = try ModelManifest(folder: folder)
    let embedder = try FaceEmbedder(of: manifest, folder: folder)
    let reconstructor = try FaceReconstructor(of: manifest, folder: folder, embedder: embedder)
    let detector = try DetectorFile.detector(
      SafeTensorsFile(
        bytes: manifest.verifiedBytes(of: AdversarialDetector.modelName, in: folder),
        requiringFinite: true), faceSide: reconstructor.architecture.side)
    let pairDetector = try Self.pairDetector(of: manifest, folder: folder)
    fusion = try EmbeddingFusion(of: manifest, folder: folder)
    let needsWitness =
      detector.groups.contains(where: \.needsWitness) || pairDetector != nil || fusion != nil
    screen = TamperingScreen(
      FeatureExtractor(
        detector.groups, reconstructor: reconstructor,
        witness: needsWitness ? try Self.witness(of: manifest, folder: folder) : nil,
        descriptor: detector.descriptor, changes: detector.changes), detector, pairs: pairDetector)
    func point(_ point: String, of model: String) throws -> OperatingPoint {
      let entry = try manifest.entry(model)
      guard let found = entry.operatingPoint(point) else {
        throw DetectorError.noOperatingPoint(
          point, model: model, offered: entry.operatingPoints.map(\.name))
      }
      return found
    }
    verificationPoint =
      try threshold.map { OperatingPoint(name: "given", threshold: $0) }
      ?? point(fmr, of: fusion == nil ? FaceEmbedder.modelName : EmbeddingFusion.modelName)
    let detectors =
      [AdversarialDetector.modelName] + (pairDetector == nil ? [] : [PairDetector.modelName])
    let asked = bpcer.map { [$0] } ?? Self.defaultPoints.detection
    let offered = try detectors.map { try manifest.entry($0).operatingPoints.map(\.name) }
    let name = asked.first { name in offered.allSatisfy { $0.contains(name) } } ?? asked[0]
    let points = try detectors.map { try point(name, of: $0) }
    (detectionPoint, pairPoint) = (points[0], points[points.count - 1])
    qualityModel = try QualityModel(of: manifest, folder: folder, width: embedder.shape.embedding)
    faceDetector =
      qualityModel != nil && manifest.models.contains { $0.name == FaceDetector.modelName }
      ? try FaceDetector(of: manifest, folder: folder) : nil
    let names =
      [FaceEmbedder.modelName, FaceReconstructor.modelName] + detectors
      + (needsWitness ? [FaceEmbedder.witnessName] : [])
      + (fusion == nil ? [] : [EmbeddingFusion.modelName])
      + (qualityModel == nil ? [] : [QualityModel.modelName])
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

  /// The same with the operating points of a site.
  ///
  /// - Parameters:
  ///   - calibration: the site's.
  ///   - path: what errors call it.
  ///   - keepsVerification: whether the distance² stays as it was asked for.
  ///   - keepsDetection: whether the probabilities stay as they were asked for.
  /// - Returns: the same models, deciding otherwise.
  /// - Throws: ``SiteCalibrationError/otherModels(path:model:)``.
  public func with(
    _ calibration: SiteCalibration, path: String, keepsVerification: Bool, keepsDetection: Bool
  ) throws(SiteCalibrationError) -> FaceWarden {
    try calibration.check(for: models, path: path)
    var copy = self
    copy.calibration = calibration
    if !keepsDetection {
      (copy.detectionPoint, copy.pairPoint) = (calibration.detection, calibration.pair)
    }
    // A site opens no door wider, whatever its file says.
    if let point = calibration.verification, !keepsVerification,
      point.threshold < verificationPoint.threshold
    {
      copy.verificationPoint = point
    }
    return copy
  }

  /// Embeds, reconstructs and scores aligned faces together; each result is the one it has alone.
  ///
  /// Where the folder has a quality model, each face's quality is measured, too.
  public func examine(_ faces: [RGBImage]) -> [Examination] {
    withQualities(screen.examine(faces), faces)
  }

  /// Embeds, reconstructs and scores pictures together; each result is the one it has alone.
  public func examine(_ pictures: [FacePicture]) -> [Examination] {
    withQualities(screen.examine(pictures), pictures.map(\.face))
  }

  private func withQualities(_ found: [Examination], _ faces: [RGBImage]) -> [Examination] {
    guard let qualityModel else { return found }
    // Side by side: most of it is too little work for a face to share out.
    let qualities = WorkerPool.shared.map(faces.count) { index in
      qualityModel.quality(
        of: faces[index], embedding: found[index].evidence.embedding, detector: faceDetector)
    }
    return zip(found, qualities).map { examination, quality in
      var copy = examination
      copy.quality = quality
      return copy
    }
  }

  /// The networks whose distance² decides who somebody is.
  public var deciding: DecidingEmbedders {
    DecidingEmbedders(
      screen.extractor.reconstructor.embedder,
      second: screen.extractor.witness.flatMap { witness in fusion.map { (witness, $0) } })
  }

  /// The frames in which networks from elsewhere want faces of photographs.
  public var ownInputs: [FaceInput] {
    [screen.extractor.reconstructor.embedder.ownInput, screen.extractor.witness?.ownInput]
      .compactMap(\.self)
  }

  /// Judges a pair.
  public func judge(probe: FacePicture, reference: FacePicture, id: String? = nil) -> Verdict {
    let found = examine([probe, reference])
    return verdict(on: probe, found[0], and: reference, found[1], id: id)
  }

  /// The verdict on a pair whose faces have been examined.
  public func verdict(
    on probe: FacePicture, _ a: Examination, and reference: FacePicture, _ b: Examination,
    id: String? = nil
  ) -> Verdict {
    if let poor = Verdict.undecided([("probe", a), ("reference", b)], id: id) {
      return poor.describing(probe: probe.described(by: a), reference: reference.described(by: b))
    }
    let joint = screen.score(a, b)
    let suspicious = a.score.probability >= b.score.probability ? "probe" : "reference"
    var verdict = verdict(
      distances: distances(a.evidence, b.evidence),
      score: joint?.probability ?? max(a.score.probability, b.score.probability),
      isNumber: [a, b].allSatisfy(\.score.logOdds.isFinite), isOfClaim: joint?.isOfClaim == true,
      suspicious: suspicious, id: id)
    guard verdict.verdict != .undecided else { return verdict }
    var parts = subscores(a, "probe").merging(subscores(b, "reference")) { $1 }
    if let joint { (parts["pictures"], parts["claim"]) = (joint.pictures, joint.claim) }
    if let a = a.evidence.witnessEmbedding, let b = b.evidence.witnessEmbedding {
      parts["witness_distance"] = Double(squaredDistance(a, b))
    }
    verdict.subscores = parts
    return verdict.describing(
      probe: probe.described(by: a), reference: reference.described(by: b))
  }

  /// The verdict on a probe that has been examined, held against a person's enrolled faces, whose pictures
  /// were screened when they were enrolled.
  public func verdict(
    on probe: FacePicture, _ found: Examination, against enrolled: EnrolledFaces, id: String? = nil
  ) -> Verdict {
    if let poor = Verdict.undecided([("probe", found)], id: id) {
      return poor.describing(probe: probe.described(by: found))
    }
    let distance = enrolled.distance(to: found.evidence.embedding)
    let witnessDistance = found.evidence.witnessEmbedding.flatMap(enrolled.witnessDistance)
    let joint = screen.score(
      logOdds: found.score.logOdds, distance: distance, witnessDistance: witnessDistance)
    var verdict = verdict(
      distances: distances(found.evidence, to: enrolled),
      score: joint?.probability ?? found.score.probability,
      isNumber: found.score.logOdds.isFinite, isOfClaim: joint?.isOfClaim == true,
      suspicious: "probe", id: id)
    guard verdict.verdict != .undecided else { return verdict }
    var parts = subscores(found, "probe")
    if let joint { (parts["pictures"], parts["claim"]) = (joint.pictures, joint.claim) }
    if let witnessDistance { parts["witness_distance"] = Double(witnessDistance) }
    verdict.subscores = parts
    return verdict.describing(probe: probe.described(by: found))
  }

  /// What follows from distances² and a probability of tampering.
  private func verdict(
    distances: FaceDistances, score: Double, isNumber: Bool, isOfClaim: Bool, suspicious: String,
    id: String?
  ) -> Verdict {
    let distance = distances.decisive
    guard distance.isFinite, isNumber, score.isFinite else {
      return .undecided(
        "the networks gave no number for this pair", code: Verdict.noNumber, id: id)
    }
    let isMatch = distance < verificationPoint.threshold
    let isAdversarial = score > pairPoint.threshold
    let reason =
      switch (isAdversarial, isMatch) {
      case (true, _) where isOfClaim:
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
      operatingPoint: pairPoint,
      verification: Verdict.Verification(
        match: isMatch, distance: distance, threshold: verificationPoint.threshold,
        operatingPoint: verificationPoint.name, fmr: verificationPoint.fmr,
        source: verificationPoint.source, networks: distances.networks),
      models: models)
  }

  /// Each part's decision value of a picture, and how far its face lies from its reconstruction.
  private func subscores(_ found: Examination, _ side: String) -> [String: Double] {
    var result = ["\(side)_identity_gap": found.evidence.identityGap]
    for part in found.score.parts { result["\(side)_\(part.name)"] = part.value }
    return result
  }
}
