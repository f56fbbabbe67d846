/// The quality of a face picture: how much can be said by it about who it shows.
///
/// All numbers lie in 0…100, larger is better: 100 is a usual picture, below 50 none is to be decided on.
///
/// Reference: ISO/IEC 29794-5.
public struct PictureQuality: Equatable, Sendable, Codable {
  /// Below this a picture says nothing.
  public static let threshold = 50.0

  /// The worst part's number.
  public let score: Double
  /// The number of each part, by its name.
  public let parts: [String: Double]

  /// Puts a quality together of parts; a number that is none counts as 0.
  ///
  /// - Precondition: there is at least one part.
  init(_ values: [QualityPart: Double]) {
    precondition(!values.isEmpty, "a quality without parts")
    var parts: [String: Double] = [:]
    for (part, value) in values { parts[part.rawValue] = value.isFinite ? value : 0 }
    self.parts = parts
    score = parts.values.min() ?? 0
  }

  /// The part that makes the picture useless; nil if none does.
  public var poor: QualityPart? {
    guard score < Self.threshold else { return nil }
    return QualityPart.allCases.first { parts[$0.rawValue] == score }
  }
}
