public import FaceFinding
public import Faces
public import ModelStore
public import PictureQuality

/// What is said of a pair of pictures; the same for the command line, the pipe and HTTP.
///
/// `decision` is all that a door needs; anything but `accept` is a denial.
public struct Verdict: Equatable, Sendable {
  /// Whether the door may open.
  public enum Decision: String, Sendable {
    /// The same person, and neither picture tampered with.
    case accept
    /// Anything else.
    case deny
  }

  /// What the detector says.
  public enum Authenticity: String, Sendable {
    /// Neither picture looks tampered with.
    case bonaFide = "bona_fide"
    /// At least one of them does.
    case adversarial
    /// No answer was possible.
    case undecided
  }

  /// The comparison of the two faces.
  public struct Verification: Equatable, Sendable {
    /// Whether the distance is below the threshold.
    public var match: Bool
    /// The squared distance of unit-length embeddings, 0…4; smaller is more alike. Where several networks
    /// take part, the weighted mean of theirs.
    public var distance: Double
    /// The kind of distance.
    public var distanceKind = "squared_l2_unit"
    /// The distance below which two faces match.
    public var threshold: Double
    /// The name of the operating point that the threshold is of; `given` if the caller gave it.
    public var operatingPoint: String?
    /// The false match rate measured at that threshold, if it is one of the model's.
    public var fmr: Double?
    /// What that was measured on, in words.
    public var source: String?
    /// The squared distance by each network, by name, where several take part.
    public var networks: [String: Double]?
  }

  /// One of the two pictures.
  public struct Picture: Equatable, Sendable {
    /// The file's checksum.
    public var sha256: String
    /// Columns and rows of the file's picture.
    public var width, height: Int
    /// `png`, `jpeg` or `webp`; `rgb` of a picture that came as pixels, whose bytes the checksum is of.
    public var format: String
    /// Whether the picture was given as an aligned face.
    public var aligned: Bool
    /// How far the landmarks lie from the frame's, root mean square in its pixels.
    public var alignmentResidual: Double?
    /// Where the face was found: the square from forehead to chin, in pixels.
    public var box: FaceBox?
    /// The points that were found, in pixels.
    public var landmarks: Landmarks?
    /// How sure the face detector is, 0…1; larger is more like a face.
    public var detectorScore: Double?
    /// How many faces large enough to be used were found.
    public var faces: Int?
    /// How much the picture shows, where the models measure it.
    public var quality: PictureQuality?
  }

  /// The template that took the reference's place.
  public struct Template: Equatable, Sendable {
    /// The name that the person was enrolled by.
    public var name: String
    /// Pictures that it was made of.
    public var pictures: Int

    /// Describes a template.
    public init(name: String, pictures: Int) { (self.name, self.pictures) = (name, pictures) }
  }

  /// The search for a probe among enrolled people.
  public struct Identification: Equatable, Sendable {
    /// A person of the gallery and how far the probe is from them.
    public struct Candidate: Equatable, Sendable {
      /// The name that the person was enrolled by.
      public var name: String
      /// The squared distance to the mean of their pictures' embeddings, 0…4.
      public var distance: Double

      /// Describes a candidate.
      public init(name: String, distance: Double) { (self.name, self.distance) = (name, distance) }
    }

    /// Who it is; nil if it is nobody, or not known.
    public var name: String?
    /// People of the gallery.
    public var gallery: Int
    /// A bound of the false positive identification rate: people times the threshold's false match rate.
    public var fpirBound: Double?
    /// The nearest people, nearest first.
    public var candidates: [Candidate]

    /// Describes a search.
    public init(name: String?, gallery: Int, fpirBound: Double?, candidates: [Candidate]) {
      (self.name, self.gallery, self.fpirBound) = (name, gallery, fpirBound)
      self.candidates = candidates
    }
  }

  /// A model that took part; templates and calibrations record it in this form.
  public struct Model: Codable, Equatable, Sendable {
    /// The name in the manifest.
    public var name: String
    /// The file's checksum.
    public var sha256: String

    /// Names a model.
    public init(name: String, sha256: String) { (self.name, self.sha256) = (name, sha256) }
  }

  /// Whatever the caller named the request.
  public var id: String?
  /// Whether the door may open.
  public var decision: Decision
  /// Why, in a sentence.
  public var reason: String
  /// A stable name of the reason why there is no answer, the same at every door; only of an undecided
  /// verdict.
  public var code: String?
  /// What the detector says.
  public var verdict: Authenticity
  /// The probability of tampering, 0…1: of the pair, or of the more suspicious picture where the
  /// models do not judge pairs.
  public var score: Double?
  /// The kind of score.
  public var scoreKind: String?
  /// The score from which a picture counts as tampered with.
  public var threshold: Double?
  /// Where that threshold comes from.
  public var operatingPoint: OperatingPoint?
  /// What went into the score.
  public var subscores: [String: Double]?
  /// The comparison of the faces.
  public var verification: Verification?
  /// The pictures.
  public var probe, reference: Picture?
  /// The template that the probe was held against, in place of a reference.
  public var template: Template?
  /// The search among enrolled people, where it was one.
  public var identification: Identification?
  /// The models.
  public var models: [Model]?
  /// Milliseconds by stage, where asked for.
  public var timings: [String: Double]?

  /// The code of networks that give a number that is not finite.
  public static let noNumber = "no_number"

  /// A denial because no answer was possible.
  ///
  /// - `code`: a stable name of the reason.
  public static func undecided(_ reason: String, code: String, id: String? = nil) -> Verdict {
    Verdict(id: id, decision: .deny, reason: reason, code: code, verdict: .undecided)
  }
}
