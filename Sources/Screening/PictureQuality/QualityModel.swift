public import Checkpoints
public import FaceFinding
private import Foundation
public import Images
private import JSON
public import ModelStore
private import Tensors

/// What brings a picture's measures to one scale, and predicts what its embedding shows.
///
/// A value that any number of threads may share. Made by `train quality` for one f_C.
public struct QualityModel: Sendable {
  /// The model's name in the manifest.
  public static let modelName = "quality"

  /// Two measures between which a part's number runs linearly: 50 at the limit, 100 at what is usual.
  public struct Scale: Codable, Equatable, Sendable {
    /// The measure below which a picture says nothing, and the usual one; larger is better.
    public var limit: Double, usual: Double

    /// Creates a scale.
    public init(limit: Double, usual: Double) { (self.limit, self.usual) = (limit, usual) }

    /// The number of a measure, 0…100.
    func number(_ measure: Double) -> Double {
      let number = 50 + 50 * (measure - limit) / max(usual - limit, 1e-9)
      // Tenths are enough for people, and equal pictures must have equal numbers on every machine.
      return (min(max(number, 0), 100) * 10).rounded() / 10
    }
  }

  /// The scale of each part.
  public let scales: [QualityPart: Scale]
  /// What predicts the loss of identity.
  public let network: IdentityLossNetwork

  /// Creates a model.
  public init(scales: [QualityPart: Scale], network: IdentityLossNetwork) {
    (self.scales, self.network) = (scales, network)
  }

  /// The measures of an aligned face, 128×128, of this embedding of unit length.
  public func measures(
    of face: RGBImage, embedding: [Float], detector: FaceDetector?
  ) -> PictureMeasures {
    var measures = PictureMeasures(face, detector: detector)
    measures.add(identityLoss: network.losses(of: [embedding])[0])
    return measures
  }

  /// The quality of an aligned face, 128×128.
  ///
  /// - `embedding`: f_C of the face, of unit length.
  /// - `detector`: what looks at the face; without one two parts are missing.
  public func quality(
    of face: RGBImage, embedding: [Float], detector: FaceDetector?
  ) -> PictureQuality {
    quality(of: measures(of: face, embedding: embedding, detector: detector))
  }

  /// The quality by measures.
  public func quality(of measures: PictureMeasures) -> PictureQuality {
    var numbers: [QualityPart: Double] = [:]
    for (part, scale) in scales {
      if let value = measures.values[part] { numbers[part] = scale.number(value) }
    }
    return PictureQuality(numbers)
  }
}

extension QualityModel {
  private struct Settings: Codable {
    var width: Int
    var scales: [String: Scale]
  }

  /// The model as the contents of a file.
  public func file() throws -> SafeTensorsFile {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let named = Dictionary(uniqueKeysWithValues: scales.map { ($0.key.rawValue, $0.value) })
    let settings = try encoder.encode(Settings(width: network.width, scales: named))
    return SafeTensorsFile(
      arrays: network.parameters.names.compactMap { name in
        network.parameters[name].map {
          NamedArray(name: name, shape: $0.shape, elements: $0.numbers)
        }
      }, metadata: ["settings": String(decoding: settings, as: UTF8.self)])
  }

  /// Reads a model for embeddings of a width.
  ///
  /// - Throws: `CheckpointError` or ``QualityModelError``.
  public init(file: SafeTensorsFile, width: Int) throws {
    guard let text = file.metadata["settings"],
      let settings = try? JSONDocument.decoded(Settings.self, from: Array(text.utf8))
    else { throw QualityModelError.noSettings }
    guard settings.width == width else {
      throw QualityModelError.otherWidth(expected: width, found: settings.width)
    }
    var scales: [QualityPart: Scale] = [:]
    for (name, scale) in settings.scales {
      guard let part = QualityPart(rawValue: name), scale.limit.isFinite, scale.usual > scale.limit
      else { throw QualityModelError.unfitScale(name) }
      scales[part] = scale
    }
    guard scales[.recognizability] != nil else {
      throw QualityModelError.unfitScale(QualityPart.recognizability.rawValue)
    }
    var network = IdentityLossNetwork(width: width)
    network.parameters = try file.table(like: network.parameters)
    self.init(scales: scales, network: network)
  }

  /// Loads the model of a folder; nil if the folder has none.
  ///
  /// - Throws: `CheckpointError` or ``QualityModelError``.
  public init?(of manifest: ModelManifest, folder: String, width: Int) throws {
    guard manifest.models.contains(where: { $0.name == Self.modelName }) else { return nil }
    try self.init(
      file: SafeTensorsFile(
        bytes: manifest.verifiedBytes(of: Self.modelName, in: folder), requiringFinite: true),
      width: width)
  }
}

/// Why a quality model cannot be used.
public enum QualityModelError: Error, Equatable, CustomStringConvertible {
  /// The folder has none.
  case missing(folder: String)
  /// The file says nothing of its scales.
  case noSettings
  /// The model is for embeddings of another width.
  case otherWidth(expected: Int, found: Int)
  /// A part is unknown, is missing, or has a scale that does not rise.
  case unfitScale(String)

  public var description: String {
    switch self {
    case .missing(let folder):
      "'\(folder)' has no model '\(QualityModel.modelName)'; train quality makes one"
    case .noSettings: "the file is no quality model: its 'settings' are missing or malformed"
    case .otherWidth(let expected, let found):
      "the quality model is for embeddings of \(found) numbers; f_C has \(expected)"
    case .unfitScale(let part): "the quality model has no scale for '\(part)' that can be used"
    }
  }
}
