import CommandLineArguments
import Embedders
import FaceFinding
import Faces
import Foundation
import Images
import ModelStore
import Screening
import UseCases

/// Options that several commands share.
enum SharedOptions {
  static let models = CommandOption.value(
    "--models", "DIR", "The folder of the models; $FACEWARDEN_MODELS or 'models' if not given.")
  static let data = CommandOption.value(
    "--data", "PATH",
    "A folder or tar of identity/picture files, or synthetic:PEOPLExIMAGES[:SEED]; may be repeated.",
    isRequired: true,
    isRepeatable: true)
  static let unlabelled = CommandOption.value(
    "--unlabelled", "PATH",
    "A folder or tar of aligned pictures of whoever, at any depth; may be repeated.",
    isRepeatable: true)
  static let heldOut = CommandOption.value(
    "--held-out", "SHARE", "The share of people kept out of training, 0…0.5; 0.03 if not given.")
  static let heldOutSeed = CommandOption.value(
    "--held-out-seed", "N", "Which people these are; 1 if not given.")
  static let lfw = CommandOption.value(
    "--lfw", "DIR", "The folder of LFW: view1.tar, view2.tar, landmarks.csv, pairs.txt.",
    isRequired: true)
  static let victim = CommandOption.value(
    "--model", "NAME", "The embedder that decides about success; f_c if not given.")
  static let surrogate = CommandOption.value(
    "--made-against", "NAME",
    "The embedder that the attack sees, if another (transfer); that of --model if not given.")
  static let pictures: [CommandOption] =
    [
      .flag("--aligned", "The pictures are faces of 128×128 pixels in the aligned frame."),
      .value("--landmarks", "FILE", "A CSV with five points a picture, by file name."),
    ] + finding
  static let alignedDefault = CommandOption.flag(
    "--aligned", "Pictures are aligned faces unless landmarks come with them.")
  static let finding: [CommandOption] = [
    .value(
      "--face", "WHICH",
      "only (a second face that is found is refused), largest, or clear: the only one or by far the "
        + "largest; clear if not given."),
    .value(
      "--minimum-face", "PIXELS",
      "The smallest face looked for and used, forehead to chin; 40 if not given, but then faces below a "
        + "sixteenth of the longer side are not seen in larger pictures, also by --face only."),
  ]
  static let bpcer = CommandOption.value(
    "--bpcer", "RATE",
    "The share of untouched pictures that may be called tampered; 0.01 if not given, or the next "
      + "of 0.05 and 0.1 that the detectors have.")
  static let calibration: [CommandOption] = [
    .value(
      "--calibration", "FILE",
      "The site's calibration; \(SiteCalibration.fileName) in the models' folder if there is one."),
    .flag("--no-calibration", "Does without the site's calibration."),
  ]
  static let thresholds: [CommandOption] =
    [
      .value(
        "--fmr", "RATE", "The false match rate to allow: 0.1, 0.01 or 0.001; 0.01 if not given."),
      .value("--threshold", "D2", "Match below this distance² in 0…4 instead."),
      bpcer,
    ] + calibration
}

extension Arguments {
  /// The value of an option as it stands there, if given.
  func text(_ name: String) -> String? { (try? optional(name, .text)) ?? nil }

  /// The folder of the models.
  var modelsFolder: String {
    text("--models") ?? ProcessInfo.processInfo.environment["FACEWARDEN_MODELS"] ?? "models"
  }

  /// Refuses wrong thresholds before any file is read.
  func checkThresholds() throws {
    _ = try (optional("--threshold", .number(in: 0...4)), pointName("fmr"), pointName("bpcer"))
    if has("--threshold") && has("--fmr") {
      throw UsageError.conflict("'--threshold' and '--fmr' exclude each other")
    }
    if has("--calibration") && flag("--no-calibration") {
      throw UsageError.conflict("'--calibration' and '--no-calibration' exclude each other")
    }
  }

  /// Loads all models with the operating points asked for, and those of the site.
  func warden() throws -> FaceWarden { try calibrated(uncalibratedWarden()) }

  /// The use cases, with all models and the pictures' faces where the options say.
  func door() throws -> Door { Door(try warden(), reader: try faceReader()) }

  /// Loads all models with the operating points asked for.
  func uncalibratedWarden() throws -> FaceWarden {
    try checkThresholds()
    let threshold = try optional("--threshold", .number(in: 0...4))
    return try FaceWarden(
      folder: modelsFolder, fmr: try pointName("fmr") ?? FaceWarden.defaultPoints.verification,
      threshold: threshold, bpcer: try pointName("bpcer"))
  }

  /// The same with the site's calibration, if there is one; what an option asks for stays.
  func calibrated(_ warden: FaceWarden) throws -> FaceWarden {
    try calibrated(warden, keepsVerification: has("--fmr") || has("--threshold"))
  }

  /// The same.
  ///
  /// - `keepsVerification`: whether an option asks for a distance².
  private func calibrated(_ warden: FaceWarden, keepsVerification: Bool) throws -> FaceWarden {
    guard let path = calibrationPath else { return warden }
    return try warden.with(
      SiteCalibration(path: path), path: path, keepsVerification: keepsVerification,
      keepsDetection: has("--bpcer"))
  }

  /// Where the site's calibration is; nil if there is none, or none is wanted.
  private var calibrationPath: String? {
    if flag("--no-calibration") { return nil }
    if let given = text("--calibration") { return given }
    let usual = "\(modelsFolder)/\(SiteCalibration.fileName)"
    // A link to nowhere is a calibration that is missing, and not none.
    let isThere =
      FileManager.default.fileExists(atPath: usual)
      || (try? FileManager.default.destinationOfSymbolicLink(atPath: usual)) != nil
    return isThere ? usual : nil
  }

  /// Loads all models for screening alone, with the detectors' operating point asked for.
  func screeningWarden() throws -> FaceWarden {
    try calibrated(
      FaceWarden(folder: modelsFolder, bpcer: try detectionPoint()), keepsVerification: false)
  }

  /// A model's operating point that '--fmr' asks for, or the usual one.
  func verificationPoint(
    of manifest: ModelManifest, model: String = FaceEmbedder.modelName
  ) throws -> OperatingPoint {
    try manifest.verificationPoint(pointName("fmr"), of: model)
  }

  /// The name of the detectors' operating point, if one is asked for.
  func detectionPoint() throws -> String? { try pointName("bpcer") }

  /// `fmr-1e-2` for `--fmr 0.01`.
  private func pointName(_ option: String) throws -> String? {
    guard let rate = try optional("--" + option, .number(in: 1e-6...0.5)) else { return nil }
    return OperatingPointName.make(option, rate)
  }

  /// The reader of pictures and their faces.
  ///
  /// - `ownInputs`: networks from elsewhere that want the face in a frame of their own.
  func faceReader(ownInputs: [FaceInput] = []) throws -> FaceReader {
    try checkPictureSource()
    var reader = FaceReader(ownInputs: ownInputs)
    if let path = text("--landmarks") {
      reader.table = try LandmarkTable(path: path)
    } else if !flag("--aligned") {
      reader.usual = .found(try faceFinder())
    }
    return reader
  }

  /// Refuses options that contradict each other, before any file is read.
  func checkPictureSource() throws {
    if flag("--aligned") && has("--landmarks") {
      throw UsageError.conflict("'--aligned' and '--landmarks' exclude each other")
    }
    try checkFinding(isNeeded: !flag("--aligned") && !has("--landmarks"))
  }

  /// Refuses options of the face detector where it is not needed, and wrong ones.
  func checkFinding(isNeeded: Bool = true) throws {
    for name in ["--face", "--minimum-face"] where has(name) && !isNeeded {
      throw UsageError.conflict("'\(name)' is for pictures whose face has to be found")
    }
    _ = try faceChoice
    _ = try minimumFace
  }

  /// What finds the faces, as the options want it.
  func faceFinder() throws -> FaceFinder {
    FaceFinder(
      try FaceDetector(of: ModelManifest(folder: modelsFolder), folder: modelsFolder),
      choice: try faceChoice ?? .clear, minimumFace: try minimumFace)
  }

  private var faceChoice: FaceChoice? { get throws { try optional("--face", .choice) } }

  private var minimumFace: Double? {
    get throws { try optional("--minimum-face", .number(in: 16...10_000)) }
  }
}

extension FaceReader {
  /// The aligned face of a picture in a file.
  func face(path: String) throws(Problem) -> RGBImage {
    try face(of: PictureRequest(path: path)).face
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
