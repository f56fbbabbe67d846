import CommandLineArguments
import Presentation
import UseCases

/// `facewarden screen`: whether one picture looks tampered with.
struct Screen: Subcommand {
  static let command = Command(
    "screen", "says whether a picture was tampered with to fool the network",
    discussion: """
      Who the picture shows is not asked: a picture that was made to pass for somebody is told best beside \
      a picture of that person, by verify. Exit status: 0 bona fide, 1 adversarial, 2 cannot decide, 64 \
      wrong usage.
      """,
    positionals: [Positional("PICTURE", "the picture to be judged")],
    options: [SharedOptions.models] + SharedOptions.pictures + [
      SharedOptions.bpcer, .flag("--json", "Prints the verdict as one JSON object."),
    ] + SharedOptions.calibration)

  private let arguments: Arguments
  private let picture: String
  private let json: Bool

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    picture = try arguments.value("PICTURE", .text)
    json = arguments.flag("--json")
    // What is wrong with the options is told before any file is read.
    _ = try arguments.detectionPoint()
    try arguments.checkPictureSource()
  }

  func run() throws -> Int32 {
    let verdict: PictureVerdict
    do {
      verdict = try Door(arguments.screeningWarden(), reader: arguments.faceReader())
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
