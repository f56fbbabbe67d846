private import Files
private import Foundation
private import JSON
public import ModelStore

/// Operating points that were set on a site's own untouched pictures, and what their numbers looked like then.
///
/// It is a file beside the models, `calibration.json`, and good for those models alone.
public struct SiteCalibration: Codable, Equatable, Sendable {
  /// The file's usual name in the models' folder.
  public static let fileName = "calibration.json"
  /// The version of the format that this library reads and writes.
  public static let schemaVersion = 1
  /// Bytes that a file may have.
  public static let longestFile = 1 << 20

  /// How often numbers were at most a bound, when the site was calibrated.
  public struct Shares: Codable, Equatable, Sendable {
    /// The upper bounds, ascending.
    public var bounds: [Double]
    /// The share of all numbers at or below each bound, 0…1.
    public var shares: [Double]

    /// Counts numbers.
    ///
    /// - Precondition: there are numbers, and the bounds ascend.
    public init(of values: [Double], bounds: [Double]) {
      precondition(!values.isEmpty && bounds == bounds.sorted(), "no values, or unordered bounds")
      self.bounds = bounds
      shares = bounds.map { bound in
        Double(values.count { $0 <= bound }) / Double(values.count)
      }
    }
  }

  /// The bounds by which scores are counted, here and in the service's metrics.
  public static let scoreBounds = [
    0.001, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1,
  ]
  /// The bounds by which qualities are counted.
  public static let qualityBounds = stride(from: 10.0, through: 100, by: 10).map { $0 }

  /// The version of the format.
  public var schema = Self.schemaVersion
  /// The models that were calibrated.
  public var models: [Verdict.Model]
  /// The probability from which a picture counts as tampered with.
  public var detection: OperatingPoint
  /// The probability from which a pair counts as tampered with.
  public var pair: OperatingPoint
  /// The distance² below which two faces match; nil leaves the models' own.
  public var verification: OperatingPoint?
  /// Pictures, people, and pairs of one person that the site gave.
  public var pictures: Int, people: Int, pairs: Int
  /// Scores of pairs of one person.
  public var scores: Shares
  /// Qualities of pictures, where the models measure them.
  public var qualities: Shares?

  enum CodingKeys: String, CodingKey {
    case models, detection, pair, verification, pictures, people, pairs, scores, qualities
    case schema = "facewarden_calibration"
  }

  /// Puts a calibration together.
  public init(
    models: [Verdict.Model], detection: OperatingPoint, pair: OperatingPoint,
    verification: OperatingPoint?, pictures: Int, people: Int, pairs: Int, scores: Shares,
    qualities: Shares?
  ) {
    (self.models, self.detection, self.pair) = (models, detection, pair)
    (self.verification, self.pictures, self.people) = (verification, pictures, people)
    (self.pairs, self.scores, self.qualities) = (pairs, scores, qualities)
  }

  /// The calibration as the contents of a file.
  public func file() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    return [UInt8](try encoder.encode(self)) + [UInt8(ascii: "\n")]
  }

  /// Reads the calibration of a path.
  ///
  /// - Throws: ``SiteCalibrationError``, or `FileError` if it cannot be read.
  public init(path: String) throws {
    let bytes = try ReadableFile.bytes(of: path, limit: Self.longestFile)
    guard let value = try? JSONDocument(bytes).value, case .object(let members) = value,
      let version = members["facewarden_calibration"]?.integer
    else {
      throw SiteCalibrationError.malformed(
        path: path, reason: "expected a JSON object with 'facewarden_calibration'")
    }
    guard version == Self.schemaVersion else {
      throw SiteCalibrationError.otherVersion(path: path, found: version)
    }
    do { self = try JSONDocument.decoded(Self.self, from: bytes) } catch {
      throw SiteCalibrationError.malformed(
        path: path, reason: "its members are not those of a calibration")
    }
    try check(path)
  }

  /// Refuses numbers that no calibration has.
  private func check(_ path: String) throws(SiteCalibrationError) {
    func refuse(_ reason: String) -> SiteCalibrationError { .malformed(path: path, reason: reason) }
    for point in [detection, pair] where !(0...1).contains(point.threshold) {
      throw refuse("the threshold of '\(point.name)' is no probability")
    }
    if let verification, !(0...4).contains(verification.threshold) {
      throw refuse("the threshold of '\(verification.name)' is no distance² in 0…4")
    }
    for part in [scores, qualities].compactMap(\.self) {
      guard part.bounds.count == part.shares.count, !part.bounds.isEmpty,
        part.shares.allSatisfy((0...1).contains), part.bounds == part.bounds.sorted(),
        part.shares == part.shares.sorted()
      else { throw refuse("its shares do not ascend with their bounds") }
    }
  }

  /// Refuses models that it was not made for.
  func check(for others: [Verdict.Model], path: String) throws(SiteCalibrationError) {
    for model in others where !models.contains(model) {
      throw .otherModels(path: path, model: model.name)
    }
  }
}

/// Why a calibration cannot be used.
public enum SiteCalibrationError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file is no calibration.
  case malformed(path: String, reason: String)
  /// The file is of another version of the format.
  case otherVersion(path: String, found: Int)
  /// The calibration was made for another version of a model.
  case otherModels(path: String, model: String)

  public var description: String {
    switch self {
    case .malformed(let path, let reason): "'\(path)' is no calibration: \(reason)"
    case .otherVersion(let path, let found):
      "the calibration '\(path)' is of version \(found); expected "
        + "\(SiteCalibration.schemaVersion)"
    case .otherModels(let path, let model):
      "the calibration '\(path)' was made for another '\(model)' than is loaded; calibrate anew"
    }
  }
}
