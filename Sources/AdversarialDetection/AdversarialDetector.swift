public import Checkpoints
private import Foundation
public import Images
public import LocalBinaryPatterns
public import SupportVectorMachines

/// The paper's detector: local binary patterns of a picture and of its reconstruction,
/// concatenated, and a linear support vector machine.
public struct AdversarialDetector: Sendable, Equatable {
  /// The name in the manifest.
  public static let modelName = "detector"

  /// How texture is described.
  public let descriptor: TextureDescriptor
  /// The machine; a larger decision value is more suspicious.
  public let machine: LinearSVM
  /// From decision values to probabilities.
  public let calibration: PlattCalibration

  /// Creates a detector; the machine's weights are kept in single precision, as in its file.
  public init(
    descriptor: TextureDescriptor, machine: LinearSVM, calibration: PlattCalibration
  ) {
    self.descriptor = descriptor
    self.machine = LinearSVM(
      weights: machine.weights.map { Double(Float($0)) }, bias: Double(Float(machine.bias)),
      options: machine.options)
    self.calibration = calibration
  }

  /// LBP(x) followed by LBP(x̂), of grey values.
  public static func features(
    of face: RGBImage, reconstruction: RGBImage, descriptor: TextureDescriptor
  ) -> [Float] {
    descriptor.features(pixels: face.luminance, width: face.width, height: face.height)
      + descriptor.features(
        pixels: reconstruction.luminance, width: reconstruction.width,
        height: reconstruction.height)
  }

  /// The machine's decision value and the probability that a face was tampered with.
  public func score(
    _ face: RGBImage, reconstruction: RGBImage
  ) -> (decisionValue: Double, probability: Double) {
    let value = machine.decisionValue(
      Self.features(of: face, reconstruction: reconstruction, descriptor: descriptor))
    return (value, calibration.probability(value))
  }

  private struct Settings: Codable {
    var descriptor: TextureDescriptor
    var calibration: PlattCalibration
    var options: TrainingOptions
  }

  /// The detector as the contents of a file.
  public func file() throws -> SafeTensorsFile {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    let settings = try encoder.encode(
      Settings(descriptor: descriptor, calibration: calibration, options: machine.options))
    return SafeTensorsFile(
      arrays: [
        NamedArray(
          name: "weights", shape: [machine.weights.count],
          elements: machine.weights.map { Float($0) }),
        NamedArray(name: "bias", shape: [1], elements: [Float(machine.bias)]),
      ], metadata: ["settings": String(decoding: settings, as: UTF8.self)])
  }

  /// Reads a detector.
  ///
  /// - Throws: `CheckpointError` or ``DetectorError``.
  public init(file: SafeTensorsFile, faceSide: Int) throws {
    guard let text = file.metadata["settings"],
      let settings = try? JSONDecoder().decode(Settings.self, from: Data(text.utf8))
    else { throw DetectorError.noSettings }
    let count = 2 * settings.descriptor.featureCount(width: faceSide, height: faceSide)
    let weights = try file.array("weights", shape: [count]).elements
    let bias = try file.array("bias", shape: [1]).elements
    self.init(
      descriptor: settings.descriptor,
      machine: LinearSVM(
        weights: weights.map(Double.init), bias: Double(bias[0]), options: settings.options),
      calibration: settings.calibration)
  }
}

/// Why a detector cannot be used.
public enum DetectorError: Error, Equatable, CustomStringConvertible {
  /// The file says nothing of texture and calibration.
  case noSettings
  /// The manifest has no operating point of this name.
  case noOperatingPoint(String, offered: [String])

  public var description: String {
    switch self {
    case .noSettings: "the detector's file lacks its settings"
    case .noOperatingPoint(let name, let offered):
      "no operating point '\(name)'; the manifest has "
        + (offered.isEmpty ? "none of this model" : offered.joined(separator: ", "))
        + "; others were refused for too few pairs or pictures, or never measured"
    }
  }
}
