import CommandLineArguments
import Files
import Screening
import UseCases

/// `facewarden enrol`: a template of one person's pictures.
struct Enrol: Subcommand, CommandSettings {
  static let command = Command(
    "enrol", "makes a template of several pictures of a person, to verify against",
    discussion: """
      Each picture is screened, and must match the others. The template holds embeddings and no picture, and \
      is good for the models that made it. Sealed, only those who have the key can read it or make \
      another. Exit status: 0 enrolled, 1 a picture was refused, 2 cannot decide, 64 wrong usage.
      """,
    positionals: positionals, options: options)

  private var name = ""
  private var files: [String] = []
  private var models = ModelsFolder()
  private var path = ""
  private var key = TemplateKey()
  private var pictures = PictureOptions()
  private var thresholds = ThresholdOptions()

  static let settings: [Setting<Self>] =
    [
      .argument("NAME", "the name that the person is enrolled by", \.name, personName),
      .arguments("PICTURE", "1 to 16 pictures of the person", \.files, .text),
    ] + part(\.models) + [
      .required("--into", "FILE", "The template; a file that is there is replaced.", \.path, .text)
    ] + part(\.key) + part(\.pictures) + part(\.thresholds)

  private static let personName = ValueReader<String>(
    expected: "1 to \(FaceTemplate.longestName) bytes"
  ) {
    (1...FaceTemplate.longestName).contains($0.utf8.count) ? $0 : nil
  }

  mutating func check(_ arguments: Arguments) throws {
    guard FaceTemplate.pictureCounts.contains(files.count) else {
      throw UsageError.conflict(
        "\(files.count) pictures; expected at most \(FaceTemplate.pictureCounts.upperBound)")
    }
  }

  func run() throws -> Int32 {
    do { try enrol() } catch let problem as Problem where problem.exit == 1 {
      Console.error("\(problem); nothing is written")
      return problem.exit
    }
    return 0
  }

  private func enrol() throws {
    let sealing = try key.key()
    let door = Door(try thresholds.warden(models), reader: try pictures.reader(models))
    let faces = try files.map { try door.reader.face(of: PictureRequest(path: $0)) }
    let template = try door.enrol(name, faces)
    try AtomicFile.write(try template.file(key: sealing), to: path)
    Console.say("enrolled '\(name)' by \(faces.count) pictures into '\(path)'")
  }
}
