public import UseCases
private import Foundation
public import Images
public import Screening
public import Sealing

/// Answers requests with one loaded copy of the models; any number of threads may ask at once.
public struct VerdictService: Sendable {
  /// The use cases.
  public private(set) var door: Door
  /// How large pictures may be.
  public let limits: ImageLimits
  /// Where a picture's face is if its request does not say.
  public let place: FacePlace
  /// Whether a request may choose its own verification threshold.
  public let allowsThreshold: Bool
  /// The key that templates are sealed with; without one they are neither sealed nor expected to be.
  public let templateKey: SealingKey?

  /// The models and their operating points.
  public var warden: FaceWarden { door.warden }

  /// Creates a service.
  ///
  /// - `place`: where a picture's face is if its request does not say.
  /// - `allowsThreshold`: whether a request may choose its own verification threshold.
  /// - `templateKey`: the key that templates are sealed with.
  public init(
    _ warden: FaceWarden, place: FacePlace = .aligned, limits: ImageLimits = .standard,
    allowsThreshold: Bool = true, templateKey: SealingKey? = nil
  ) {
    (door, self.place, self.limits) = (Door(warden), place, limits)
    (self.allowsThreshold, self.templateKey) = (allowsThreshold, templateKey)
  }

  /// The same with other operating points.
  func with(_ warden: FaceWarden) -> VerdictService {
    var copy = self
    copy.door = Door(warden)
    return copy
  }

  /// What a pair's request may have.
  package static let pairMembers = [
    "aligned", "id", "probe", "probe_base64", "probe_landmarks", "reference", "reference_base64",
    "reference_landmarks", "template", "threshold", "timings",
  ]
  /// What a request for a template may have.
  package static let templateMembers =
    ["aligned", "name"]
    + FaceTemplate.pictureCounts.flatMap { number in
      ["", "_base64", "_landmarks"].map { "picture_\(number)\($0)" }
    }
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
    let decoded: ContinuousClock.Instant
    var verdict: Verdict
    if members.has("template") {
      let others = ["reference", "reference_base64", "reference_landmarks"]
      if let other = others.first(where: members.has) {
        throw Problem.malformed("the request has both 'template' and '\(other)'; expected one")
      }
      let template = try FaceTemplate(
        file: members.template(allowsPaths: file != nil), key: templateKey)
      decoded = .now
      verdict = try door.verify(probe, template, threshold: threshold, id: id)
    } else {
      let reference = try face(members.picture("reference", allowsPaths: file != nil), file)
      decoded = .now
      verdict = door.verify(probe, reference, threshold: threshold, id: id)
    }
    if wantsTimings {
      verdict.timings = [
        "decode": (decoded - start).milliseconds,
        "examine": (ContinuousClock.now - decoded).milliseconds,
      ]
    }
    return verdict
  }

  /// The contents of a new template of several pictures, sealed if there is a key; nothing is kept.
  ///
  /// - Throws: what ``Problem/init(_:)`` knows.
  func template(of members: RequestMembers) throws -> [UInt8] {
    try members.expect(Self.templateMembers)
    let name = try members.name("name")
    var pictures: [FacePicture] = []
    for number in FaceTemplate.pictureCounts {
      let member = "picture_\(number)"
      guard number == 1 || members.has(member) || members.has(member + "_base64") else { break }
      pictures.append(try face(members.picture(member, allowsPaths: false), nil))
    }
    // A gap in the numbers would lose what comes behind it.
    if let lost = Self.templateMembers.first(where: { member in
      let digits = member.dropFirst("picture_".count).prefix { $0.isNumber }
      return member.hasPrefix("picture_") && (Int(digits) ?? 0) > pictures.count
        && members.has(member)
    }) {
      throw Problem.malformed("'\(lost)' has no picture before it; expected numbers from 1 on")
    }
    return try door.enrol(name, pictures).file(key: templateKey)
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
    case .bytes(let bytes):
      return try request.face(
        bytes, usual: place, ownInputs: door.warden.ownInputs, limits: limits)
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
