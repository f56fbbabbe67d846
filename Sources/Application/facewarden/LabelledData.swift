import CommandLineArguments
import FaceDatasets
import Foundation

/// Faces of labelled people, and which people are kept out of training.
struct LabelledData: CommandSettings {
  /// Folders and tars of labelled faces.
  var sources: [String] = []
  /// The share of people kept out of training, and which they are.
  var heldOut = 0.03
  var seed: UInt64 = 1

  /// The declaration of the sources alone.
  static let sources: Setting<Self> = .repeated(
    "--data", "PATH",
    "A folder or tar of identity/picture files, or synthetic:PEOPLExIMAGES[:SEED]; may be repeated.",
    \.sources, .text, isRequired: true)

  /// The declarations of the people held out alone.
  static let heldOutPeople: [Setting<Self>] = [
    .value(
      "--held-out", "SHARE", "The share of people kept out of training, 0…0.5.", \.heldOut,
      .number(in: 0...0.5)),
    .value("--held-out-seed", "N", "Which people these are.", \.seed, .unsignedInteger),
  ]

  static let settings: [Setting<Self>] = [sources] + heldOutPeople

  /// The sources' names, without folders.
  var names: [String] { sources.map { ($0 as NSString).lastPathComponent } }
}
