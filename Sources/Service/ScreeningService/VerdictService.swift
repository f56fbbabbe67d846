public import Images
public import Screening
public import Sealing
public import UseCases

/// Answers requests with one loaded copy of the models; any number of threads may ask at once.
public struct VerdictService: Sendable {
  /// The use cases.
  public private(set) var door: Door
  /// Whether a request may choose its own verification threshold.
  public let allowsThreshold: Bool
  /// The key that templates are sealed with; without one they are neither sealed nor expected to be.
  public let templateKey: SealingKey?

  /// The limits of pictures.
  public var limits: ImageLimits { door.reader.limits }
  /// Where a picture's face is if its request does not say.
  public var place: FacePlace { door.reader.usual }
  /// The models and their operating points.
  public var warden: FaceWarden { door.warden }

  /// Creates a service.
  ///
  /// - `reader`: how pictures are read.
  /// - `allowsThreshold`: whether a request may choose its own verification threshold.
  /// - `templateKey`: the key that templates are sealed with.
  public init(
    _ warden: FaceWarden, reader: FaceReader = FaceReader(), allowsThreshold: Bool = true,
    templateKey: SealingKey? = nil
  ) {
    door = Door(warden, reader: reader)
    (self.allowsThreshold, self.templateKey) = (allowsThreshold, templateKey)
  }

  /// The same with other operating points.
  func with(_ warden: FaceWarden) -> VerdictService {
    var copy = self
    copy.door = door.with(warden)
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
  /// What a request for all faces may have.
  package static let findMembers = [
    "id", "minimum_face", "picture", "picture_base64", "threshold", "timings",
  ]
  /// What a line of the pipe may have beside: over HTTP the path says what is to be done.
  private static let lineMembers = ["do"]

  /// The verdict on a pair.
  ///
  /// - `isLine`: whether it is a line of the pipe, which may name files of the machine.
  /// - Throws: what ``Problem/init(_:)`` knows.
  func verdict(on members: RequestMembers, isLine: Bool = false) throws -> Verdict {
    try members.expect(Self.pairMembers + (isLine ? Self.lineMembers : []))
    let threshold = try members.number("threshold", in: 0...4)
    guard threshold == nil || allowsThreshold else {
      throw Problem.malformed(
        "'threshold' is not for requests to choose here; expected a request without it")
    }
    let (id, wantsTimings) = (try members.id, try members.flag("timings"))
    let probe = try members.picture("probe", allowsPaths: isLine)
    let claim: PairRequest.Claim
    if members.has("template") {
      let others = ["reference", "reference_base64", "reference_landmarks"]
      if let other = others.first(where: members.has) {
        throw Problem.malformed("the request has both 'template' and '\(other)'; expected one")
      }
      claim = .template(try members.template(allowsPaths: isLine), key: templateKey)
    } else {
      claim = .picture(try members.picture("reference", allowsPaths: isLine))
    }
    var request = PairRequest(probe, claim, id: id)
    (request.threshold, request.wantsTimings) = (threshold, wantsTimings)
    return try door.verify(request)
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
      pictures.append(try door.reader.face(of: members.picture(member, allowsPaths: false)))
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
  /// - `isLine`: whether it is a line of the pipe, which may name files of the machine.
  /// - Throws: what ``Problem/init(_:)`` knows.
  func screening(of members: RequestMembers, isLine: Bool = false) throws -> PictureVerdict {
    let (id, picture) = (try members.id, try picture(members, isLine))
    return try door.screen(picture, id: id)
  }

  /// The embedding of one picture.
  ///
  /// - `isLine`: whether it is a line of the pipe, which may name files of the machine.
  /// - Throws: what ``Problem/init(_:)`` knows.
  func embedding(of members: RequestMembers, isLine: Bool = false) throws -> PictureEmbedding {
    let (id, picture) = (try members.id, try picture(members, isLine))
    return try door.embed(picture, id: id)
  }

  /// All faces of one picture.
  ///
  /// - `isLine`: whether it is a line of the pipe, which may name files of the machine.
  /// - Throws: what ``Problem/init(_:)`` knows.
  func faces(of members: RequestMembers, isLine: Bool = false) throws -> PictureFaces {
    try members.expect(Self.findMembers + (isLine ? Self.lineMembers : []))
    let id = try members.id
    let (minimumFace, threshold) = (
      try members.number("minimum_face", in: 1...10_000), try members.number("threshold", in: 0...1)
    )
    return try door.find(
      members.picture("picture", allowsPaths: isLine), minimumFace: minimumFace,
      threshold: threshold, wantsTimings: members.flag("timings"), id: id)
  }

  /// x̂ of a picture, or where both disagree.
  func reconstruction(
    of members: RequestMembers, view: ReconstructFace.View
  ) throws -> MadePicture { try door.reconstruct(picture(members, false), view: view) }

  /// The face of a picture in the aligned frame.
  func aligned(_ members: RequestMembers) throws -> MadePicture {
    try door.align(picture(members, false))
  }

  private func picture(_ members: RequestMembers, _ isLine: Bool) throws -> PictureRequest {
    try members.expect(Self.pictureMembers + (isLine ? Self.lineMembers : []))
    return try members.picture("picture", allowsPaths: isLine)
  }
}
