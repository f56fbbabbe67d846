public import Images

/// What a data set left out, and why.
public struct DatasetReport: Equatable, Sendable, CustomStringConvertible {
  /// Why one picture was left out.
  public enum Reason: Equatable, Sendable, CustomStringConvertible {
    /// It cannot be decoded.
    case broken(ImageError)
    /// It is not an aligned face: its size in pixels.
    case wrongSize(width: Int, height: Int)
    /// It has the same bytes as a kept picture of the same person.
    case duplicate(of: String)
    /// It has the same bytes as a picture of another person, so one of the names is wrong.
    case ambiguous(with: String)
    /// Too few pictures of its person remain.
    case fewPictures(Int)

    public var description: String {
      switch self {
      case .broken(let error): "\(error)"
      case .wrongSize(let width, let height): "\(width)×\(height) pixels; expected 128×128"
      case .duplicate(let other): "the same file as '\(other)'"
      case .ambiguous(let other): "the same file as '\(other)' of another person"
      case .fewPictures(let count):
        "its person has only \(count) usable picture\(count == 1 ? "" : "s")"
      }
    }
  }

  /// One picture that was left out.
  public struct Omission: Equatable, Sendable, CustomStringConvertible {
    /// The picture, as `identity/picture`.
    public let name: String
    /// Why it was left out.
    public let reason: Reason

    /// Creates an omission.
    public init(name: String, reason: Reason) { (self.name, self.reason) = (name, reason) }

    public var description: String { "\(name): \(reason)" }
  }

  /// The number of pictures found.
  public let found: Int
  /// The pictures left out, ordered by name.
  public let omissions: [Omission]

  /// Creates a report.
  public init(found: Int, omissions: [Omission]) {
    (self.found, self.omissions) = (found, omissions)
  }

  /// The number of pictures kept.
  public var kept: Int { found - omissions.count }
  /// The number of pictures that cannot be decoded or have another size.
  public var brokenCount: Int { count { if case .broken = $0 { true } else { $0.isWrongSize } } }
  /// The number of pictures that repeat another one.
  public var duplicateCount: Int {
    count { reason in
      switch reason {
      case .duplicate, .ambiguous: true
      default: false
      }
    }
  }
  /// The number of pictures whose person has too few.
  public var fewPicturesCount: Int { count { if case .fewPictures = $0 { true } else { false } } }

  private func count(_ condition: (Reason) -> Bool) -> Int {
    omissions.count { condition($0.reason) }
  }

  public var description: String {
    "\(kept) of \(found) pictures kept; left out: \(brokenCount) broken, "
      + "\(duplicateCount) duplicates, \(fewPicturesCount) of people with too few"
  }
}

extension DatasetReport.Reason {
  var isWrongSize: Bool { if case .wrongSize = self { true } else { false } }
}
