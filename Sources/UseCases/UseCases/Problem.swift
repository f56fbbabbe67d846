private import FaceFinding
private import Faces
private import Foundation
private import Images
private import Screening

/// A reason why a request has no answer, the same at every door: an undecided verdict on the command line
/// and in the pipe, a problem object over HTTP.
///
/// Reference: RFC 9457.
public struct Problem: Error, Equatable, Sendable, CustomStringConvertible {
  /// The HTTP status.
  public var status: Int
  /// The exit status of a command: 2, cannot decide.
  public var exit: Int32 = 2
  /// A stable name for programs.
  public var code: String
  /// What kind of problem it is, always the same for a code.
  public var title: String
  /// What was wrong with this request, and what was expected.
  public var detail: String
  /// The words of the error behind a failure of the program itself, for whoever runs it: the command line
  /// and the log tell them, and nobody else.
  public var cause: String?
  /// More fields of the answer.
  public var fields: [String: String] = [:]

  public var description: String { cause ?? detail }

  package init(
    _ status: Int, _ code: String, _ title: String, _ detail: String, exit: Int32 = 2
  ) {
    (self.status, self.code, self.title, self.detail) = (status, code, title, detail)
    self.exit = exit
  }

  /// The request breaks its format.
  package static func malformed(_ detail: String) -> Self {
    Self(400, "malformed", "The request is malformed", detail)
  }

  /// The request is no JSON object at all.
  package static var noObject: Self { malformed("the request is no JSON object") }

  /// No valid key came with the request.
  package static var unauthorized: Self {
    var problem = Self(
      401, "unauthorized", "The request has no valid key",
      "expected 'Authorization: Bearer KEY' with a key that this service knows")
    problem.fields["WWW-Authenticate"] = "Bearer"
    return problem
  }

  /// Nothing is at this path.
  package static var notFound: Self {
    Self(404, "not_found", "There is nothing at this path", "see /openapi.json for what there is")
  }

  /// The path knows other methods.
  package static func notAllowed(_ allowed: String) -> Self {
    var problem = Self(
      405, "method_not_allowed", "The path does not know this method", "expected \(allowed)")
    problem.fields["Allow"] = allowed
    return problem
  }

  /// The body is too long, in bytes.
  package static func bodyTooLarge(limit: Int) -> Self {
    Self(413, "body_too_large", "The body is too long", "the limit is \(limit) bytes")
  }

  /// The body is of another type.
  package static func unsupportedType(_ detail: String) -> Self {
    Self(415, "unsupported_type", "The type is not accepted", detail)
  }

  /// The service has too much to do, or is ending.
  package static func unavailable(_ code: String, _ detail: String) -> Self {
    var problem = Self(503, code, "The service cannot take the request now", detail)
    problem.fields["Retry-After"] = "1"
    return problem
  }

  /// The answer took too long.
  package static func deadline(_ seconds: Double) -> Self {
    Self(
      504, "deadline", "The answer was not ready in time", "the limit is \(seconds) seconds")
  }

  /// The service's own mistake; nothing more is said.
  package static var internalError: Self {
    Self(500, "internal", "The service failed", "this is logged with the request's id")
  }

  /// The problem that an error of reading, decoding or aligning a picture is; any other is the service's
  /// own mistake.
  public init(_ error: any Error) {
    let detail = "\(error)"
    func unusable(_ code: String, _ title: String) -> Self { Self(422, code, title, detail) }
    switch error {
    case let problem as Problem: self = problem
    case let error as LandmarkTableError:
      self = .malformed("\(error)")
    case let error as ImageError:
      switch error {
      case .tooManyBytes, .tooManyPixels, .sideTooLong:
        self.init(413, "picture_too_large", "The picture is too large", detail)
      case .unknownFormat: self = .unsupportedType(detail)
      case .empty: self = .malformed(detail)
      case .sideTooShort: self = unusable("picture_too_small", "The picture is too small")
      case .damaged, .unsupported:
        self = unusable("picture_damaged", "The picture cannot be decoded")
      case .missing, .notAFile, .unreadable: self = .malformed(detail)
      case .notEncodable, .unwritable: self.init(failure: detail)
      }
    case is PictureRowsError: self = .malformed(detail)
    case let error as FaceTemplateError: self = unusable(error.code, "The template cannot be used")
    case is FaceGalleryError: self = unusable("bad_gallery", "The gallery cannot be used")
    case let error as FaceChoiceError:
      self = unusable(error.code, "The picture has no face that can be used")
    case FacePictureError.notAligned: self = unusable("not_aligned", "The face is not aligned")
    case FacePictureError.blank: self = unusable("no_face", "The picture shows no face")
    case is AlignmentError: self = unusable("bad_landmarks", "The landmarks cannot be used")
    default: self.init(failure: detail)
    }
  }

  /// A failure of the program itself.
  private init(failure cause: String) {
    self = .internalError
    self.cause = cause
  }

  /// The problem as whoever sits at the machine may see it, with the words of its cause.
  public var told: Problem {
    var problem = self
    problem.detail = description
    return problem
  }
}
