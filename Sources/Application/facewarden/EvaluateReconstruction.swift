import CommandLineArguments
import EmbedderTraining
import Experiments
import Foundation
import Images
import Tensors

/// `facewarden evaluate reconstruction`: how true x̂ is to x.
struct EvaluateReconstruction: Subcommand {
  static let command = Command(
    "evaluate reconstruction",
    "measures reconstructions of people never seen: picture, person, attributes",
    discussion: """
      PSNR and SSIM of x and x̂, cosines of f_C and f_V beside those of two photos of one person, \
      agreement of the attributes, and how well the identity gap tells reconstructions with the \
      picture's own identity from those with a stranger's. Networks that no models' folder has judge by \
      way of files: --write the pictures, have python/teacher.py embed them, and give the file with \
      --judge.
      """,
    options: IPGANSelection.several + FaceSelection.options + [
      .flag("--in-training", "Measures the people in training, too."),
      .value("--pictures", "N", "The most pictures of each group; 2000 if not given."),
      .value("--seed", "N", "Which people, strangers and pairs; 1 if not given."),
      .value(
        "--write", "FOLDER",
        "Writes the pictures and their reconstructions, which show real people where the data do."),
      .value(
        "--judge", "NAME=FILE",
        "A further judge: the embeddings of all that --write wrote, as a teacher's file; may be repeated.",
        isRepeatable: true),
    ] + ExperimentOutput.options)

  private let arguments: Arguments
  private let selection: FaceSelection
  private let pictures: Int
  private let seed: UInt64
  private let output: ExperimentOutput
  private let folder: String?
  private let readings: [(name: String, path: String)]

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    try IPGANSelection.check(arguments)
    selection = try FaceSelection(
      arguments, for: .unseen(inTraining: arguments.flag("--in-training")))
    pictures = try arguments.optional("--pictures", .integer(in: 4...1_000_000)) ?? 2000
    seed = try arguments.optional("--seed", .unsignedInteger) ?? 1
    output = ExperimentOutput(arguments)
    folder = try arguments.optional("--write", .text)
    readings = try arguments.all("--judge", .text).map { given in
      let parts = given.split(separator: "=", maxSplits: 1)
      guard parts.count == 2, let name = ValueReader.modelName.read(String(parts[0])) else {
        throw UsageError.conflict(
          "'--judge \(given)': expected NAME=FILE, NAME being \(ValueReader.modelName.expected)")
      }
      return (name, String(parts[1]))
    }
  }

  func run() throws -> Int32 {
    let models = try IPGANSelection(arguments)
    try output.prepare()
    let known = try readings.map { name, path in
      let file = try TeacherEmbeddings(path: path)
      return EmbeddingReadings(name) { picture in
        file.row(of: picture).map { file.embeddings([$0]).numbers }
      }
    }
    func write(_ name: String, _ face: RGBImage) throws {
      guard let folder else { return }
      let path = "\(folder)/\(name).png"
      try OutputFolder.make((path as NSString).deletingLastPathComponent)
      try face.writePNG(to: path)
    }
    let report = try ReconstructionReport(
      selection.groups(), networks: models.networks, judges: models.judges, readings: known,
      pictureLimit: pictures, seed: seed, write: folder == nil ? nil : write,
      progress: ExperimentOutput.progress)
    try output.write(report, facts: models.words + [("data", selection.words)])
    return 0
  }
}
