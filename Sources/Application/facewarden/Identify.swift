import CommandLineArguments
import Screening
import Presentation
import UseCases

/// `facewarden identify`: who of the enrolled people a picture shows, if anybody.
struct Identify: Subcommand {
  static let command = Command(
    "identify", "says who of a gallery's people a picture shows, or that it is nobody",
    discussion: """
      The gallery is a folder of templates that enrol made, each by a name of its own. The nearest person is \
      the answer if the distance is below the threshold and nobody else's is. Of strangers, at most the \
      number of people times the threshold's false match rate is taken for somebody: 'fpir_bound' in the \
      answer. Exit status: 0 somebody, 1 nobody or tampered with, 2 cannot decide, 64 wrong usage.
      """,
    positionals: [Positional("PROBE", "the picture of whoever is at the door")],
    options: [
      SharedOptions.models,
      .value("--gallery", "FOLDER", "The folder of templates.", isRequired: true),
      TemplateOptions.key,
    ] + SharedOptions.pictures + SharedOptions.thresholds + [
      .flag("--json", "Prints the answer as one JSON object.")
    ])

  private let arguments: Arguments
  private let probe, gallery: String
  private let json: Bool

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    probe = try arguments.value("PROBE", .text)
    gallery = try arguments.value("--gallery", .text)
    json = arguments.flag("--json")
    try arguments.checkThresholds()
    try arguments.checkPictureSource()
  }

  func run() throws -> Int32 {
    let verdict = try Verify.answer {
      let people = try FaceGallery(folder: gallery, key: try arguments.templateKey())
      let door = try arguments.door()
      return try door.identify(door.reader.face(of: PictureRequest(path: probe)), in: people)
    }
    try Output.line(json ? try verdict.line() : verdict.words)
    return verdict.exitCode
  }
}
