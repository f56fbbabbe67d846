public import ModelStore
public import Screening

/// What is said of one picture: whether it looks tampered with.
///
/// There is no decision in it: who the picture shows was not asked.
public struct Screening: Codable, Equatable, Sendable {
  /// Whatever the caller named the request.
  public var id: String?
  /// What the detector says.
  public var verdict: Verdict.Authenticity
  /// Why, in a sentence.
  public var reason: String
  /// The probability of tampering, 0…1.
  public var score: Double?
  /// The kind of score.
  public var scoreKind = "calibrated_probability"
  /// The score from which a picture counts as tampered with.
  public var threshold: Double
  /// Where that threshold comes from.
  public var operatingPoint: OperatingPoint
  /// What went into the score.
  public var subscores: [String: Double]
  /// The picture.
  public var picture: Verdict.Picture
  /// The models.
  public var models: [Verdict.Model]

  enum CodingKeys: String, CodingKey {
    case id, verdict, reason, score, threshold, subscores, picture, models
    case scoreKind = "score_kind"
    case operatingPoint = "operating_point"
  }

  /// Says what an examination means.
  init(id: String?, picture: FacePicture, examination: Examination, warden: FaceWarden) {
    let probability = examination.score.probability
    let point = warden.detectionPoint
    (self.id, self.picture, models) = (id, picture.file, warden.models)
    (threshold, operatingPoint) = (point.threshold, point)
    subscores = ["identity_gap": examination.evidence.identityGap]
    for part in examination.score.parts { subscores[part.name] = part.value }
    if !probability.isFinite {
      (verdict, reason) = (.undecided, "the networks gave no number for this picture")
      subscores = subscores.filter { $0.value.isFinite }
    } else if probability > point.threshold {
      (verdict, reason) = (.adversarial, "the picture looks tampered with to fool the network")
    } else {
      (verdict, reason) = (.bonaFide, "the picture does not look tampered with")
    }
    score = probability.isFinite ? probability : nil
  }
}
