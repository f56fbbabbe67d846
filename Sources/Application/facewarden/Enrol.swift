import CommandLineArguments
import Files
import Screening
import UseCases

/// `facewarden enrol`: a template of one person's pictures.
struct Enrol: Subcommand {
  static let command = Command(
    "enrol", "makes a template of several pictures of a person, to verify against",
    discussion: """
      Each picture is screened, and must match the others. The template holds embeddings and no picture, and \
      is good for the models that made it. Sealed, only those who have the key can read it or make \
      another. Exit status: 0 enrolled, 1 a picture was refused, 2 cannot decide, 64 wrong usage.
      """,
    positionals: [
      Positional("NAME", "the name that the person is enrolled by"),
      Positional("PICTURE", "1 to 16 pictures of the person", arity: .some),
    ],
    options: [
      SharedOptions.models,
      .value("--into", "FILE", "The template; a file that is there is replaced.", isRequired: true),
      TemplateOptions.key,
    ] + SharedOptions.pictures + SharedOptions.thresholds)

  private let arguments: Arguments
  private let name, path: String
  private let pictures: [String]

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    name = try arguments.value(
      "NAME",
      ValueReader(expected: "1 to \(FaceTemplate.longestName) bytes") {
        (1...FaceTemplate.longestName).contains($0.utf8.count) ? $0 : nil
      })
    path = try arguments.value("--into", .text)
    pictures = try arguments.all("PICTURE", .text)
    guard FaceTemplate.pictureCounts.contains(pictures.count) else {
      throw UsageError.conflict(
        "\(pictures.count) pictures; expected at most \(FaceTemplate.pictureCounts.upperBound)")
    }
    try arguments.checkThresholds()
    try arguments.checkPictureSource()
  }

  func run() throws -> Int32 {
    do { try enrol() } catch let problem as Problem where problem.exit == 1 {
      Console.error("\(problem); nothing is written")
      return problem.exit
    }
    return 0
  }

  private func enrol() throws {
    let key = try arguments.templateKey()
    let door = try arguments.door()
    let faces = try pictures.map { try door.reader.face(of: PictureRequest(path: $0)) }
    let template = try door.enrol(name, faces)
    try AtomicFile.write(try template.file(key: key), to: path)
    Console.say("enrolled '\(name)' by \(faces.count) pictures into '\(path)'")
  }
}
