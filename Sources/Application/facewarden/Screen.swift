import CommandLineArguments
import Presentation
import Screening
import UseCases

/// `facewarden screen`: whether one picture looks tampered with.
struct Screen: Subcommand, CommandSettings {
  static let command = Command(
    "screen", "says whether a picture was tampered with to fool the network",
    discussion: """
      Who the picture shows is not asked: a picture that was made to pass for somebody is told best beside \
      a picture of that person, by verify. Exit status: 0 bona fide, 1 adversarial, 2 cannot decide, 64 \
      wrong usage.
      """,
    positionals: positionals, options: options)

  private var picture = ""
  private var models = ModelsFolder()
  private var pictures = PictureOptions()
  private var detection = DetectionPoint()
  private var json = false
  private var calibration = SiteCalibrationOptions()

  static let settings: [Setting<Self>] =
    [.argument("PICTURE", "the picture to be judged", \.picture, .text)] + part(\.models)
    + part(\.pictures) + part(\.detection) + [
      .flag("--json", "Prints the verdict as one JSON object.", \.json)
    ] + part(\.calibration)

  /// All models for screening alone, with the detectors' operating point asked for, or the site's.
  private func warden() throws -> FaceWarden {
    try calibration.applied(
      to: FaceWarden(folder: models.path, bpcer: detection.name), models, keepsVerification: false,
      keepsDetection: detection.name != nil)
  }

  func run() throws -> Int32 {
    let verdict: PictureVerdict
    do {
      verdict = try Door(warden(), reader: pictures.reader(models))
        .screen(PictureRequest(path: picture))
    } catch let error as UsageError {
      throw error
    } catch {
      let problem = Problem(error).told
      verdict = .undecided(problem)
      Console.error(problem.detail)
    }
    try Output.line(json ? try verdict.line() : verdict.words)
    return verdict.exitCode
  }
}
