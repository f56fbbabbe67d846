import CommandLineArguments
import Screening
import Presentation
import UseCases

/// `facewarden identify`: who of the enrolled people a picture shows, if anybody.
struct Identify: Subcommand, CommandSettings {
  static let command = Command(
    "identify", "says who of a gallery's people a picture shows, or that it is nobody",
    discussion: """
      The gallery is a folder of templates that enrol made, each by a name of its own. The nearest person is \
      the answer if the distance is below the threshold and nobody else's is. Of strangers, at most the \
      number of people times the threshold's false match rate is taken for somebody: 'fpir_bound' in the \
      answer. Exit status: 0 somebody, 1 nobody or tampered with, 2 cannot decide, 64 wrong usage.
      """,
    positionals: positionals, options: options)

  private var probe = ""
  private var models = ModelsFolder()
  private var gallery = ""
  private var key = TemplateKey()
  private var pictures = PictureOptions()
  private var thresholds = ThresholdOptions()
  private var json = false

  static let settings: [Setting<Self>] =
    [.argument("PROBE", "the picture of whoever is at the door", \.probe, .text)] + part(\.models)
    + [.required("--gallery", "FOLDER", "The folder of templates.", \.gallery, .text)]
    + part(\.key) + part(\.pictures) + part(\.thresholds) + [
      .flag("--json", "Prints the answer as one JSON object.", \.json)
    ]

  func run() throws -> Int32 {
    let verdict = try Verify.answer {
      let people = try FaceGallery(folder: gallery, key: try key.key())
      let door = Door(try thresholds.warden(models), reader: try pictures.reader(models))
      return try door.identify(door.reader.face(of: PictureRequest(path: probe)), in: people)
    }
    try Output.line(json ? try verdict.line() : verdict.words)
    return verdict.exitCode
  }
}
