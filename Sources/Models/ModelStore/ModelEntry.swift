private import Files
public import JSON

/// Everything the manifest says of one model file.
public struct ModelEntry: Equatable, Sendable, Codable {
  /// The name by which programs ask for the model.
  public var name: String
  /// The file, relative to the manifest's folder.
  public var file: String
  /// The file's SHA-256 as 64 lower-case hexadecimal digits.
  public var sha256: String
  /// The file's length, in bytes.
  public var bytes: Int
  /// The network's hyper-parameters: all that is needed to build it before loading weights.
  public var architecture: [String: JSONValue]
  /// The data the model saw, in words.
  public var trainingData: String
  /// The command that made the model.
  public var command: String
  /// The seed of that command.
  public var seed: UInt64
  /// Measured quality by name.
  public var metrics: [String: Double]
  /// Thresholds and the error rates they were measured at.
  public var operatingPoints: [OperatingPoint]
  /// The licence of the file.
  public var license: String
  /// What a user should know.
  public var notes: String
  /// Where the model departs from the publication it follows, one sentence each.
  public var departures: [String]
  /// The models it was made with and is good for, by name: their SHA-256.
  public var madeWith: [String: String]?
  /// What the model makes of a picture that every program can draw, in a few numbers: by them a service
  /// sees that its networks compute what they are to compute. nil if they were never written.
  public var selfTest: [Double]?

  private enum CodingKeys: String, CodingKey {
    case name, file, sha256, bytes, architecture
    case trainingData = "training_data"
    case command, seed, metrics
    case operatingPoints = "operating_points"
    case license, notes, departures
    case madeWith = "made_with"
    case selfTest = "self_test"
  }

  /// Describes a file that holds `contents`: its length and checksum are computed.
  public init(
    name: String, file: String, contents: [UInt8], architecture: [String: JSONValue] = [:],
    trainingData: String = "", command: String = "", seed: UInt64 = 0,
    metrics: [String: Double] = [:], operatingPoints: [OperatingPoint] = [],
    license: String = "", notes: String = "", departures: [String] = [],
    madeWith: [String: String]? = nil, selfTest: [Double]? = nil
  ) {
    (self.name, self.file) = (name, file)
    (sha256, bytes) = (SHA256.hex(of: contents), contents.count)
    (self.architecture, self.trainingData) = (architecture, trainingData)
    (self.command, self.seed, self.metrics) = (command, seed, metrics)
    (self.operatingPoints, self.license) = (operatingPoints, license)
    (self.notes, self.departures, self.madeWith) = (notes, departures, madeWith)
    self.selfTest = selfTest
  }

  /// Returns the operating point of this name, if there is one.
  public func operatingPoint(_ name: String) -> OperatingPoint? {
    operatingPoints.first { $0.name == name }
  }
}

/// A threshold and the error rates that were measured at it.
public struct OperatingPoint: Equatable, Sendable, Codable {
  /// The name by which programs ask for the point, for example `fmr-1e-3`.
  public var name: String
  /// The threshold, in the model's own scale; the model's notes state its direction.
  public var threshold: Double
  /// The false match rate of verification.
  public var fmr: Double?
  /// The false non-match rate of verification.
  public var fnmr: Double?
  /// The share of adversarial pictures taken for bona fide ones.
  public var apcer: Double?
  /// The share of bona fide pictures taken for adversarial ones.
  public var bpcer: Double?
  /// The number of pairs or pictures behind the rate that the threshold was set for.
  public var count: Int?
  /// The 95 % confidence interval of that rate: lower and upper end.
  public var ci95: [Double]?
  /// The data the rates were measured on.
  public var source: String?

  /// Creates an operating point.
  public init(
    name: String, threshold: Double, fmr: Double? = nil, fnmr: Double? = nil,
    apcer: Double? = nil, bpcer: Double? = nil, count: Int? = nil, ci95: [Double]? = nil,
    source: String? = nil
  ) {
    (self.name, self.threshold, self.fmr, self.fnmr) = (name, threshold, fmr, fnmr)
    (self.apcer, self.bpcer, self.count) = (apcer, bpcer, count)
    (self.ci95, self.source) = (ci95, source)
  }

  /// The θ of attacks that end here, of a threshold of a distance²: the largest number that is not above it.
  public var theta: Float {
    let nearest = Float(threshold)
    return Double(nearest) > threshold ? nearest.nextDown : nearest
  }
}
