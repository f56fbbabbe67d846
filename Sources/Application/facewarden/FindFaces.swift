import CommandLineArguments
import FaceFinding
import ModelStore
import Presentation
import UseCases

/// `facewarden find`: all faces of photographs, for scripts and for comparison with other detectors.
struct FindFaces: Subcommand, CommandSettings {
  static let command = Command(
    "find", "prints the faces of each picture as a JSON line: box, points, score",
    discussion: """
      All faces, the surest first; none is no error. Boxes are upright squares from forehead to chin, \
      points are left eye, right eye, nose, left and right corner of the mouth (left as in the \
      picture), both in the picture's pixels. A folder stands for all pictures in it and below. Links \
      are followed. Each line has the path as its id. A picture or a folder that cannot be read gets a line \
      with the reason and its code; the exit status is then 2.
      """,
    positionals: positionals, options: options)

  private var files: [String] = []
  private var models = ModelsFolder()
  private var minimumFace: Double?
  private var threshold = FaceDetector.standardThreshold
  private var isTimed = false

  static let settings: [Setting<Self>] =
    [.arguments("PICTURE", "pictures, or folders of them", \.files, .text)] + part(\.models) + [
      .optional(
        "--minimum-face", "PIXELS",
        "The smallest face told of; about a sixteenth of the longer side, or 24, if not given.",
        \.minimumFace, .number(in: 1...10_000)),
      .value(
        "--threshold", "SCORE", "The score from which a find counts, 0…1.", \.threshold,
        .number(in: 0...1)),
      .flag("--timings", "Adds milliseconds: decode, find.", \.isTimed),
    ]

  func run() throws -> Int32 {
    let find = FindAllFaces(
      try FaceDetector(
        of: ModelManifest(folder: models.path), folder: models.path))
    let (pictures, omissions) = try PictureFile.all(in: files)
    let status = try Output.answers(pictures.map(\.path)) { path throws(Problem) in
      try find(
        PictureRequest(path: path), minimumFace: minimumFace, threshold: threshold,
        wantsTimings: isTimed, id: path)
    } failing: {
      .undecided($0, id: $1)
    }
    for omission in omissions {
      let problem = Problem.malformed(omission.words)
      try Output.line(PictureFaces.undecided(problem, id: omission.path).line())
    }
    return omissions.isEmpty ? status : 2
  }
}
