public import Embedders
private import FaceFinding
public import ModelStore
private import NeuralNetworks
private import PictureTensors
public import Screening
private import Tensors

/// What the door says of one transaction: a probe that claims to be the person of a reference.
public struct DoorAnswer: Codable, Equatable, Sendable {
  /// Whether it opens.
  public var accepted: Bool
  /// Whether the distance² is below the threshold; nil if there was no answer.
  public var match: Bool?
  /// Whether the screen calls the pair tampered with; nil without a screen or an answer.
  public var tampered: Bool?
  /// Whether the screen calls the probe alone tampered with; nil likewise.
  public var probeTampered: Bool?
  /// The distance² that decides, 0…4.
  public var distance: Double?
  /// The probability of tampering of the pair.
  public var tampering: Double?
  /// Why there was no answer: a stable name.
  public var code: String?

  enum CodingKeys: String, CodingKey {
    case accepted, match, tampered, tampering, code
    case probeTampered = "probe_tampered"
    case distance = "distance2"
  }

  /// Creates an answer.
  public init(
    accepted: Bool, match: Bool? = nil, tampered: Bool? = nil, probeTampered: Bool? = nil,
    distance: Double? = nil, tampering: Double? = nil, code: String? = nil
  ) {
    (self.accepted, self.match, self.tampered) = (accepted, match, tampered)
    (self.probeTampered, self.distance, self.tampering) = (probeTampered, distance, tampering)
    self.code = code
  }

  /// A denial because there was no answer.
  public static func none(code: String) -> DoorAnswer { DoorAnswer(accepted: false, code: code) }

  /// Whether the pair would be let in without the screen: a match of pictures that can be judged.
  public var isLetInByDistance: Bool { match == true }
}

/// What decides at a door, as an evaluation asks it.
public protocol DoorJudging: Sendable {
  /// Whether a screen takes part in the decision.
  var hasScreen: Bool { get }
  /// The distance² below which two faces match, and the name of its operating point.
  var match: OperatingPoint { get }
  /// The probability from which a pair is refused, if there is a screen.
  var screenPoint: OperatingPoint? { get }
  /// The frames in which networks from elsewhere want the faces of photographs.
  var ownInputs: [FaceInput] { get }
  /// What is said of each probe against one reference; each answer is the one that it has alone.
  func answers(_ probes: [FacePicture], against reference: FacePicture) -> [DoorAnswer]
}

extension DoorJudging {
  /// The largest number that is not above the threshold: the θ of attacks that end at the door.
  public var theta: Float { match.theta }

  /// What is said of probes that may be unusable: these are denied with the reason's name.
  public func answers(
    _ probes: [Result<FacePicture, any Error>], against reference: Result<FacePicture, any Error>
  ) -> [DoorAnswer] {
    guard case .success(let reference) = reference else {
      return probes.map { _ in .none(code: "unusable_reference") }
    }
    let usable = probes.compactMap { try? $0.get() }
    var said = answers(usable, against: reference)[...]
    return probes.map { probe in
      switch probe {
      case .success: return said.removeFirst()
      case .failure(let error as FaceChoiceError): return .none(code: error.code)
      case .failure: return .none(code: "unusable_picture")
      }
    }
  }
}

/// The complete decision of a models folder: verification, screen and quality, as `verify` makes it.
public struct WardenJudge: DoorJudging {
  private let warden: FaceWarden

  /// Judges by loaded models and their operating points.
  public init(_ warden: FaceWarden) { self.warden = warden }

  public var hasScreen: Bool { true }
  public var match: OperatingPoint { warden.verificationPoint }
  public var screenPoint: OperatingPoint? { warden.pairPoint }
  public var ownInputs: [FaceInput] { warden.ownInputs }

  public func answers(_ probes: [FacePicture], against reference: FacePicture) -> [DoorAnswer] {
    let found = warden.examine(probes + [reference])
    return probes.enumerated().map { place, probe in
      let verdict = warden.verdict(
        on: probe, found[place], and: reference, found[probes.count])
      guard verdict.verdict != .undecided else {
        return .none(code: verdict.code ?? "undecided")
      }
      let alone = found[place].score.probability
      return DoorAnswer(
        accepted: verdict.decision == .accept, match: verdict.verification?.match,
        tampered: verdict.verdict == .adversarial,
        probeTampered: !(alone <= warden.detectionPoint.threshold),
        distance: verdict.verification?.distance, tampering: verdict.score)
    }
  }
}

/// The decision of a models folder that has no screen: the distance² by f_C, or by f_C and f_V together.
public struct DistanceJudge: DoorJudging {
  private let deciding: DecidingEmbedders
  public let match: OperatingPoint

  /// Judges by a network and its threshold, or by two and their fusion's.
  public init(_ deciding: DecidingEmbedders, match: OperatingPoint) {
    (self.deciding, self.match) = (deciding, match)
  }

  public var hasScreen: Bool { false }
  public var screenPoint: OperatingPoint? { nil }
  public var ownInputs: [FaceInput] {
    [deciding.embedder.ownInput, deciding.second?.witness.ownInput].compactMap(\.self)
  }

  public func answers(_ probes: [FacePicture], against reference: FacePicture) -> [DoorAnswer] {
    let goal = deciding.embedding(of: reference)
    return probes.map { probe in
      let distance = Double(squaredDistance(deciding.embedding(of: probe), goal))
      guard distance.isFinite else { return .none(code: Verdict.noNumber) }
      let isMatch = distance < match.threshold
      return DoorAnswer(accepted: isMatch, match: isMatch, distance: distance)
    }
  }
}

extension DecidingEmbedders {
  /// What the squared distance of two faces is taken of: f_C of unit length, or f_C and f_V as they are fused.
  func embedding(of picture: FacePicture) -> [Float] {
    let first = embedder.unitEmbedding(of: picture)
    return second.map { $0.fusion.joined(first, $0.witness.unitEmbedding(of: picture)) } ?? first
  }
}
