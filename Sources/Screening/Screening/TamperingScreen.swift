private import Embedders
public import Images
public import NeuralNetworks
public import PictureQuality
private import Reconstruction
private import Tensors

/// What the networks and the detector say of one face.
public struct Examination: Sendable {
  /// What was computed of it.
  public var evidence: FaceEvidence
  /// How suspicious that is.
  public var score: TamperingScore
  /// How much the picture shows; nil where no model says so.
  public var quality: PictureQuality?
}

/// The evidence and the detectors that decide on it: the part of the check that looks for tampering.
public struct TamperingScreen: Sendable {
  /// The extractor of the features that the detectors score, with f_C, A and G, and f_V where one asks it.
  public let extractor: FeatureExtractor
  /// The detector that scores single pictures.
  public let detector: any TamperDetector
  /// What judges pairs; without it, a pair is as suspicious as the more suspicious picture.
  public let pairDetector: PairDetector?

  /// Puts a screen together.
  ///
  /// - Precondition: the extractor computes what the detectors decide on, after the same small changes.
  public init(
    _ extractor: FeatureExtractor, _ detector: any TamperDetector,
    pairs pairDetector: PairDetector? = nil
  ) {
    precondition(
      extractor.groups.isSuperset(of: detector.groups)
        && (pairDetector == nil || extractor.witness != nil),
      "an extractor for other detectors")
    precondition(
      detector.groups.isDisjoint(with: [.consistency, .witness])
        || extractor.changes == detector.changes,
      "an extractor of other changes")
    (self.extractor, self.detector, self.pairDetector) = (extractor, detector, pairDetector)
  }

  /// Embeds, reconstructs and scores one aligned face.
  public func examine(_ face: RGBImage) -> Examination { examine([face])[0] }

  /// Embeds, reconstructs and scores aligned faces together; each result is the one it has alone.
  public func examine(_ faces: [RGBImage]) -> [Examination] {
    extractor.evidence(of: faces).map { Examination(evidence: $0, score: detector.score($0)) }
  }

  /// Embeds, reconstructs and scores pictures together; each result is the one it has alone.
  ///
  /// Who a face is, networks from elsewhere see in their own frame where the picture has it; what looks
  /// for tampering sees the aligned face alone, as it did when the detectors were made.
  public func examine(_ pictures: [FacePicture]) -> [Examination] {
    var found = examine(pictures.map(\.face))
    for (index, picture) in pictures.enumerated() {
      if let own = extractor.reconstructor.embedder.ownEmbedding(of: picture) {
        found[index].evidence.embedding = own
      }
      if let seen = extractor.witness?.ownEmbedding(of: picture) {
        found[index].evidence.witnessEmbedding = seen
      }
    }
    return found
  }

  /// What is said of a pair by the pair's detector; nil if there is none.
  public func score(_ a: Examination, _ b: Examination) -> PairDetector.Score? {
    guard let seen = a.evidence.witnessEmbedding, let other = b.evidence.witnessEmbedding else {
      return nil
    }
    return score(
      // A log-odds that is no number must not lose against one that is.
      logOdds: [a, b].map(\.score.logOdds).contains(where: \.isNaN)
        ? .nan : max(a.score.logOdds, b.score.logOdds),
      distance: squaredDistance(a.evidence.embedding, b.evidence.embedding),
      witnessDistance: squaredDistance(seen, other))
  }

  /// The same by the log-odds of the pictures that are in question, and the distances² by f_C and f_V.
  func score(logOdds: Double, distance: Float, witnessDistance: Float?) -> PairDetector.Score? {
    guard let pairDetector, let witnessDistance else { return nil }
    return pairDetector.score(
      logOdds: logOdds, distance: distance, witnessDistance: witnessDistance)
  }

  /// The probability of tampering of a face that is held against a reference, whose own picture is not
  /// in question.
  public func probability(of face: Examination, against reference: Examination) -> Double {
    var plain = reference
    plain.score = face.score
    return score(face, plain)?.probability ?? face.score.probability
  }

  /// What an attacker who knows the screen descends: the distances² by f_C of faces, (batch, side,
  /// side, 3) in −1…1, to references, and the log-odds of tampering; both (batch).
  ///
  /// The references are not what is attacked: how suspicious their pictures are is left out.
  ///
  /// - Precondition: as many references as faces.
  public func descent(
    of faces: Variable, to references: [Examination]
  ) -> (distances: Variable, witnessDistances: Variable?, logOdds: Variable) {
    let batch = faces.value.shape[0]
    precondition(references.count == batch, "\(batch) faces, \(references.count) references")
    func goals(_ rows: [[Float]]) -> Variable {
      Variable(Tensor(rows.flatMap(\.self), shape: [batch, rows[0].count]))
    }
    let traces = extractor.traces(of: faces)
    let distances = traces.own.squaredRowDistances(to: goals(references.map(\.evidence.embedding)))
    let pictures = detector.logOdds(traces.groups)
    let known = references.compactMap(\.evidence.witnessEmbedding)
    let witnessDistances = traces.seen.flatMap { seen in
      known.count == batch ? seen.squaredRowDistances(to: goals(known)) : nil
    }
    guard let pairDetector, let witnessDistances else {
      return (distances, witnessDistances, pictures)
    }
    return (
      distances, witnessDistances,
      pairDetector.logOdds(
        pictures: pictures, distance: distances, witnessDistance: witnessDistances)
    )
  }
}
