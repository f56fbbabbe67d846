import CommandLineArguments
import FaceFinding
import ModelStore
import UseCases

/// How the face of a picture is found.
struct FindingOptions: CommandSettings {
  private(set) var choice: FaceChoice?
  private(set) var minimumFace: Double?

  static let settings: [Setting<Self>] = [
    .optional(
      "--face", "WHICH",
      "only (a second face that is found is refused), largest, or clear: the only one or by far the "
        + "largest; clear if not given.", \.choice, .choice),
    .optional(
      "--minimum-face", "PIXELS",
      "The smallest face looked for and used, forehead to chin; 40 if not given, but then faces below a "
        + "sixteenth of the longer side are not seen in larger pictures, also by --face only.",
      \.minimumFace, .number(in: 16...10_000)),
  ]

  /// Refuses the options where no face has to be found.
  ///
  /// - Throws: `UsageError`.
  func refuse(unless isNeeded: Bool) throws(UsageError) {
    guard !isNeeded,
      let name = choice != nil ? "--face" : minimumFace.map({ _ in "--minimum-face" })
    else { return }
    throw .conflict("'\(name)' is for pictures whose face has to be found")
  }

  /// What finds the faces.
  func finder(_ models: ModelsFolder) throws -> FaceFinder {
    FaceFinder(
      try FaceDetector(of: ModelManifest(folder: models.path), folder: models.path),
      choice: choice ?? .clear, minimumFace: minimumFace)
  }
}
