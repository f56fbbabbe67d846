import CommandLineArguments
import Foundation
import Screening
import UseCases

/// Whether, and from where, the site's calibration is used.
struct SiteCalibrationOptions: CommandSettings {
  private var given: String?
  private var isOff = false

  static let settings: [Setting<Self>] = [
    .optional(
      "--calibration", "FILE",
      "The site's calibration; \(SiteCalibration.fileName) in the models' folder if there is one.",
      \.given, .text),
    .flag("--no-calibration", "Does without the site's calibration.", \.isOff),
  ]

  mutating func check(_ arguments: Arguments) throws {
    if given != nil && isOff {
      throw UsageError.conflict("'--calibration' and '--no-calibration' exclude each other")
    }
  }

  /// Where the calibration is; nil if there is none, or none is wanted.
  private func path(_ models: ModelsFolder) -> String? {
    if isOff { return nil }
    if let given { return given }
    let usual = "\(models.path)/\(SiteCalibration.fileName)"
    // A link to nowhere is a calibration that is missing, and not none.
    let isThere =
      FileManager.default.fileExists(atPath: usual)
      || (try? FileManager.default.destinationOfSymbolicLink(atPath: usual)) != nil
    return isThere ? usual : nil
  }

  /// The same models with the calibration, if there is one.
  ///
  /// - `keepsVerification`, `keepsDetection`: whether options ask for these thresholds, which stay.
  func applied(
    to warden: FaceWarden, _ models: ModelsFolder, keepsVerification: Bool, keepsDetection: Bool
  ) throws -> FaceWarden {
    guard let path = path(models) else { return warden }
    return try warden.with(
      SiteCalibration(path: path), path: path, keepsVerification: keepsVerification,
      keepsDetection: keepsDetection)
  }
}
