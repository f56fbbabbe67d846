import CommandLineArguments
import Embedders
import ModelStore
import Screening
import UseCases

/// The operating point of the detectors.
struct DetectionPoint: CommandSettings {
  private var rate: Double?

  static let settings: [Setting<Self>] = [
    .optional(
      "--bpcer", "RATE",
      "The share of untouched pictures that may be called tampered; 0.01 if not given, or the next "
        + "of 0.05 and 0.1 that the detectors have.", \.rate, .number(in: 1e-6...0.5))
  ]

  /// The point's name, `bpcer-1e-2` for 0.01; nil if none is asked for.
  var name: String? { rate.map { OperatingPointName.make("bpcer", $0) } }
}

/// The operating points that verdicts are made by.
struct ThresholdOptions: CommandSettings {
  private var rate: Double?
  private var threshold: Double?
  private var detection = DetectionPoint()
  private var calibration = SiteCalibrationOptions()

  static let settings: [Setting<Self>] =
    [
      .optional(
        "--fmr", "RATE", "The false match rate to allow: 0.1, 0.01 or 0.001; 0.01 if not given.",
        \.rate, .number(in: 1e-6...0.5)),
      .optional(
        "--threshold", "D2", "Match below this distance² in 0…4 instead.", \.threshold,
        .number(in: 0...4)),
    ] + part(\.detection) + part(\.calibration)

  mutating func check(_ arguments: Arguments) throws {
    if threshold != nil && rate != nil {
      throw UsageError.conflict("'--threshold' and '--fmr' exclude each other")
    }
  }

  /// Loads all models with the operating points asked for, and those of the site.
  func warden(_ models: ModelsFolder) throws -> FaceWarden {
    try calibrated(uncalibratedWarden(models), models)
  }

  /// Loads all models with the operating points asked for.
  func uncalibratedWarden(_ models: ModelsFolder) throws -> FaceWarden {
    try FaceWarden(
      folder: models.path,
      fmr: rate.map { OperatingPointName.make("fmr", $0) } ?? FaceWarden.defaultPoints.verification,
      threshold: threshold, bpcer: detection.name)
  }

  /// The same with the site's calibration, if there is one; what an option asks for stays.
  func calibrated(_ warden: FaceWarden, _ models: ModelsFolder) throws -> FaceWarden {
    try calibration.applied(
      to: warden, models, keepsVerification: rate != nil || threshold != nil,
      keepsDetection: detection.name != nil)
  }

  /// The operating point asked for of a model's distance² alone, without the site's calibration.
  func verificationPoint(of model: String, _ manifest: ModelManifest) throws -> OperatingPoint {
    if let threshold { return OperatingPoint(name: "given", threshold: threshold) }
    return try manifest.verificationPoint(
      rate.map { OperatingPointName.make("fmr", $0) }, of: model)
  }
}

extension ModelManifest {
  /// A model's operating point of a name, or the usual one.
  func verificationPoint(
    _ name: String? = nil, of model: String = FaceEmbedder.modelName
  ) throws -> OperatingPoint {
    let name = name ?? FaceWarden.defaultPoints.verification
    let entry = try entry(model)
    guard let point = entry.operatingPoint(name) else {
      throw DetectorError.noOperatingPoint(
        name, model: entry.name, offered: entry.operatingPoints.map(\.name))
    }
    return point
  }
}
