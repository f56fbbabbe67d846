public import UseCases
private import Foundation
public import Images
public import Screening

/// Answers requests with one loaded copy of the models; any number of threads may ask at once.
public struct VerdictService: Sendable {
  /// The use cases.
  public let door: Door
  /// How large pictures may be.
  public let limits: ImageLimits
  /// Where a picture's face is if its request does not say.
  public let place: FacePlace
  /// Whether a request may choose its own verification threshold.
  public let allowsThreshold: Bool

  /// The models and their operating points.
  public var warden: FaceWarden { door.warden }

  /// Creates a service.
  ///
  /// - `place`: where a picture's face is if its request does not say.
  /// - `allowsThreshold`: whether a request may choose its own verification threshold.
  public init(
    _ warden: FaceWarden, place: FacePlace = .aligned, limits: ImageLimits = .standard,
    allowsThreshold: Bool = true
  ) {
    (door, self.place, self.limits) = (Door(warden), place, limits)
    self.allowsThreshold = allowsThreshold
  }

  /// What a pair's request may have.
  package static let pairMembers = [
    "aligned", "id", "probe", "probe_base64", "probe_landmarks", "reference", "reference_base64",
    "reference_landmarks", "threshold", "timings",
  ]
  /// What a picture's request may have.
  package static let pictureMembers = [
    "aligned", "id", "picture", "picture_base64", "picture_landmarks",
  ]
  /// What a line of the pipe may have beside: over HTTP the path says what is to be done.
  private static let lineMembers = ["do"]

  /// The verdict on a pair.
  ///
  /// - `file`: reads a picture of the machine, where requests may name one.
  /// - Throws: what ``Problem/init(_:)`` knows.
  func verdict(
    on members: RequestMembers, file: (@Sendable (PictureRequest) throws -> FacePicture)? = nil
  ) throws -> Verdict {
    try members.expect(Self.pairMembers + (file == nil ? [] : Self.lineMembers))
    let threshold = try members.number("threshold", in: 0...4)
    guard threshold == nil || allowsThreshold else {
      throw Problem.malformed(
        "'threshold' is not for requests to choose here; expected a request without it")
    }
    let (id, wantsTimings) = (try members.id, try members.flag("timings"))
    let start = ContinuousClock.now
    let probe = try face(members.picture("probe", allowsPaths: file != nil), file)
    let reference = try face(members.picture("reference", allowsPaths: file != nil), file)
    let decoded = ContinuousClock.now
    var verdict = door.verify(probe, reference, threshold: threshold, id: id)
    if wantsTimings {
      verdict.timings = [
        "decode": (decoded - start).milliseconds,
        "examine": (ContinuousClock.now - decoded).milliseconds,
      ]
    }
    return verdict
  }

  /// The verdict on one picture.
  ///
  /// - `file`: reads a picture of the machine, where requests may name one.
  /// - Throws: what ``Problem/init(_:)`` knows.
  func screening(
    of members: RequestMembers, file: (@Sendable (PictureRequest) throws -> FacePicture)? = nil
  ) throws -> PictureVerdict {
    let id = try members.id
    return door.screen(try picture(members, file), id: id)
  }

  /// The embedding of one picture.
  ///
  /// - `file`: reads a picture of the machine, where requests may name one.
  /// - Throws: what ``Problem/init(_:)`` knows.
  func embedding(
    of members: RequestMembers, file: (@Sendable (PictureRequest) throws -> FacePicture)? = nil
  ) throws -> PictureEmbedding {
    let id = try members.id
    return try door.embed(try picture(members, file), id: id)
  }

  /// x̂ of a picture, or where both disagree.
  func reconstruction(of members: RequestMembers, showsDisagreement: Bool) throws -> RGBImage {
    let picture = try picture(members, nil)
    let rebuilt = door.reconstruct(picture)
    return showsDisagreement
      ? DisagreementMap(picture.face, reconstruction: rebuilt).picture : rebuilt
  }

  private func picture(
    _ members: RequestMembers, _ file: (@Sendable (PictureRequest) throws -> FacePicture)?
  ) throws -> FacePicture {
    try members.expect(Self.pictureMembers + (file == nil ? [] : Self.lineMembers))
    return try face(members.picture("picture", allowsPaths: file != nil), file)
  }

  private func face(
    _ request: PictureRequest, _ file: (@Sendable (PictureRequest) throws -> FacePicture)?
  ) throws -> FacePicture {
    switch request.content {
    case .bytes(let bytes): return try request.face(bytes, usual: place, limits: limits)
    case .path:
      guard let file else { throw Problem.malformed("paths are not read") }
      return try file(request)
    }
  }
}

extension Duration {
  var milliseconds: Double {
    Double(components.seconds) * 1e3 + Double(components.attoseconds) / 1e15
  }
}
