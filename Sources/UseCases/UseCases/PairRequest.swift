public import Sealing

/// A pair that is to be verified: a probe, and who it claims to show.
public struct PairRequest: Sendable {
  /// The proof of who it is.
  public enum Claim: Sendable {
    /// A picture of the person.
    case picture(PictureRequest)
    /// The contents of a template's file, and the key that it is sealed with.
    case template([UInt8], key: SealingKey?)
  }

  /// The picture to be judged.
  public var probe: PictureRequest
  /// Who it claims to show.
  public var claim: Claim
  /// A distance² in 0…4 for this pair alone.
  public var threshold: Double?
  /// Whether the answer has milliseconds.
  public var wantsTimings = false
  /// The name that the caller gave the request.
  public var id: String?

  /// Creates a request.
  public init(_ probe: PictureRequest, _ claim: Claim, id: String? = nil) {
    (self.probe, self.claim, self.id) = (probe, claim, id)
  }
}
