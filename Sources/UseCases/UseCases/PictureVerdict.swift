public import ModelStore
public import Screening

/// A verdict on one picture: whether it looks tampered with.
///
/// There is no decision in it: who the picture shows was not asked.
public struct PictureVerdict: Equatable, Sendable {
  /// Whatever the caller named the request.
  public var id: String?
  /// What the detector says.
  public var verdict: Verdict.Authenticity
  /// Why, in a sentence.
  public var reason: String
  /// A stable name of the reason why there is no answer; only of an undecided one.
  public var code: String?
  /// The probability of tampering, 0…1.
  public var score: Double?
  /// The kind of score.
  public var scoreKind: String? = "calibrated_probability"
  /// The score from which a picture counts as tampered with.
  public var threshold: Double?
  /// Where that threshold comes from.
  public var operatingPoint: OperatingPoint?
  /// What went into the score.
  public var subscores: [String: Double]?
  /// The picture.
  public var picture: Verdict.Picture?
  /// The models.
  public var models: [Verdict.Model]?

  /// A verdict that could not be given.
  public static func undecided(_ problem: Problem, id: String? = nil) -> PictureVerdict {
    PictureVerdict(id: id, problem)
  }

  private init(id: String?, _ problem: Problem) {
    (self.id, verdict, reason, code) = (id, .undecided, problem.detail, problem.code)
    scoreKind = nil
  }

  /// A verdict by what an examination found.
  init(id: String?, picture: FacePicture, examination: Examination, warden: FaceWarden) {
    let probability = examination.score.probability
    let point = warden.detectionPoint
    (self.id, self.picture, models) = (id, picture.described(by: examination), warden.models)
    (threshold, operatingPoint) = (point.threshold, point)
    var parts = ["identity_gap": examination.evidence.identityGap]
    for part in examination.score.parts { parts[part.name] = part.value }
    if let poor = Verdict.undecided([("picture", examination)], id: id) {
      (verdict, reason, code) = (.undecided, poor.reason, poor.code)
      (score, scoreKind, threshold, operatingPoint, subscores) = (nil, nil, nil, nil, nil)
      return
    }
    if !probability.isFinite {
      (verdict, reason) = (.undecided, "the networks gave no number for this picture")
      code = Verdict.noNumber
      parts = parts.filter { $0.value.isFinite }
    } else if probability > point.threshold {
      (verdict, reason) = (.adversarial, "the picture looks tampered with to fool the network")
    } else {
      (verdict, reason) = (.bonaFide, "the picture does not look tampered with")
    }
    subscores = parts
    score = probability.isFinite ? probability : nil
  }
}
