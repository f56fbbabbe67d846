private import Foundation
public import Images
public import Screening

/// Answers requests with one loaded copy of the models; any number of threads may ask at once.
public struct VerdictService: Sendable {
  /// The models and their operating points.
  public let warden: FaceWarden
  /// How large pictures may be.
  public let limits: ImageLimits
  /// Where a picture's face is if its request does not say.
  public let place: FacePlace
  /// Whether a request may choose its own verification threshold.
  public let allowsThreshold: Bool
  private let queue: ExaminationQueue

  /// Creates a service.
  ///
  /// - `place`: where a picture's face is if its request does not say.
  /// - `allowsThreshold`: whether a request may choose its own verification threshold.
  public init(
    _ warden: FaceWarden, place: FacePlace = .aligned, limits: ImageLimits = .standard,
    allowsThreshold: Bool = true
  ) {
    (self.warden, self.place, self.limits) = (warden, place, limits)
    self.allowsThreshold = allowsThreshold
    queue = ExaminationQueue(warden)
  }

  /// What a pair's request may have.
  package static let pairMembers = [
    "aligned", "id", "probe", "probe_base64", "probe_landmarks", "reference", "reference_base64",
    "reference_landmarks", "threshold", "timings",
  ]
  /// What a picture's request may have.
  static let pictureMembers = ["aligned", "id", "picture", "picture_base64", "picture_landmarks"]

  /// The verdict on a pair.
  ///
  /// - `file`: reads a picture of the machine, where requests may name one.
  /// - Throws: what ``ServiceProblem/init(_:)`` knows.
  func verdict(
    on members: RequestMembers, file: (@Sendable (PictureRequest) throws -> FacePicture)? = nil
  ) throws -> Verdict {
    try members.expect(Self.pairMembers)
    let threshold = try members.number("threshold", in: 0...4)
    guard threshold == nil || allowsThreshold else {
      throw ServiceProblem.malformed(
        "'threshold' is not for requests to choose here; expected a request without it")
    }
    let (id, wantsTimings) = (try members.id, try members.flag("timings"))
    let start = ContinuousClock.now
    let probe = try face(members.picture("probe", allowsPaths: file != nil), file)
    let reference = try face(members.picture("reference", allowsPaths: file != nil), file)
    let decoded = ContinuousClock.now
    let found = queue.examine([probe.face, reference.face])
    let warden = threshold.map(warden.with) ?? warden
    var verdict = warden.verdict(on: probe, found[0], and: reference, found[1], id: id)
    if wantsTimings {
      verdict.timings = [
        "decode": (decoded - start).milliseconds,
        "examine": (ContinuousClock.now - decoded).milliseconds,
      ]
    }
    return verdict
  }

  /// What is found of one picture.
  func screening(of members: RequestMembers) throws -> Screening {
    let (picture, found) = try examined(members)
    return Screening(
      id: try members.id, picture: picture, examination: found, warden: warden)
  }

  /// x̂ of a picture, or where both disagree.
  func reconstruction(of members: RequestMembers, showsDisagreement: Bool) throws -> RGBImage {
    let (picture, found) = try examined(members)
    let rebuilt = found.evidence.reconstruction
    return showsDisagreement
      ? DisagreementMap(picture.face, reconstruction: rebuilt).picture : rebuilt
  }

  private func examined(
    _ members: RequestMembers
  ) throws -> (FacePicture, Examination) {
    try members.expect(Self.pictureMembers)
    let picture = try face(members.picture("picture", allowsPaths: false), nil)
    return (picture, queue.examine([picture.face])[0])
  }

  private func face(
    _ request: PictureRequest, _ file: (@Sendable (PictureRequest) throws -> FacePicture)?
  ) throws -> FacePicture {
    switch request.content {
    case .bytes(let bytes): return try request.face(bytes, usual: place, limits: limits)
    case .path:
      guard let file else { throw ServiceProblem.malformed("paths are not read") }
      return try file(request)
    }
  }
}

extension Duration {
  var milliseconds: Double {
    Double(components.seconds) * 1e3 + Double(components.attoseconds) / 1e15
  }
}
