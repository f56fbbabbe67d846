private import FaceFinding
public import PictureQuality
public import Screening

/// A template of one person: what the networks say of several of their pictures, and no picture.
///
/// It is good for the models that made it, and for no others.
///
/// Reference: ISO/IEC 2382-37, "biometric template".
public struct FaceTemplate: Codable, Equatable, Sendable {
  /// The version of the format that this library reads and writes.
  public static let schemaVersion = 1
  /// Pictures that a template is made of.
  public static let pictureCounts = 1...16
  /// Bytes that a name may have.
  public static let longestName = 256

  /// What is known of one picture.
  public struct View: Codable, Equatable, Sendable {
    /// The picture's checksum.
    public var sha256: String
    /// f_C of unit length.
    public var embedding: [Float]
    /// f_V of unit length, where the models have it.
    public var witness: [Float]?
    /// The probability of tampering that was found, 0…1.
    public var tampering: Double
    /// How much the picture showed, where the models measured it.
    public var quality: PictureQuality?
  }

  /// The version of the format.
  public var schema = Self.schemaVersion
  /// The name that the person is enrolled by.
  public var name: String
  /// The models that made it.
  public var models: [Verdict.Model]
  /// The pictures.
  public var views: [View]

  enum CodingKeys: String, CodingKey {
    case name, models, views
    case schema = "facewarden_template"
  }

  /// The embeddings, as a verdict compares them.
  var faces: EnrolledFaces {
    EnrolledFaces(
      embeddings: views.map(\.embedding), witnessEmbeddings: views.compactMap(\.witness))
  }
}

/// Why a template cannot be used.
public enum FaceTemplateError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The bytes are no template; the reason in words.
  case malformed(String)
  /// The template is of another version of the format.
  case otherVersion(Int)
  /// The template was made by another version of a model, or the models lack it.
  case otherModels(template: String, model: String)
  /// The template is sealed, and no key was given.
  case sealed
  /// The template is not sealed where a key was given.
  case notSealed
  /// The template was sealed with another key, or changed since.
  case notSealedWithThisKey

  public var description: String {
    switch self {
    case .malformed(let reason): "the template cannot be read: \(reason)"
    case .otherVersion(let version):
      "the template is of version \(version); expected \(FaceTemplate.schemaVersion)"
    case .otherModels(let template, let model):
      "the template of '\(template)' was made by another '\(model)' than is loaded; enrol anew"
    case .sealed: "the template is sealed; expected its key"
    case .notSealed: "the template is not sealed; expected one that is sealed with the key"
    case .notSealedWithThisKey: "the template was sealed with another key, or changed since"
    }
  }

  /// A stable name for programs.
  var code: String {
    switch self {
    case .malformed, .otherVersion: "bad_template"
    case .otherModels: "template_of_other_models"
    case .sealed, .notSealed, .notSealedWithThisKey: "template_seal"
    }
  }
}
