import CommandLineArguments
import EmbedderTraining
import Experiments
import Foundation
import Images
import Tensors

/// `facewarden evaluate reconstruction`: how true x̂ is to x.
struct EvaluateReconstruction: Subcommand, CommandSettings {
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
    options: options)

  private var networks = IPGANSelection.Several()
  private var selection = FaceSelection()
  private var isInTraining = false
  private var pictures = 2000
  private var seed: UInt64 = 1
  private var folder: String?
  private var readings: [Reading] = []
  private var output = ExperimentOutput()

  /// A judge and the file of what it said.
  private struct Reading {
    let name, path: String
  }

  static let settings: [Setting<Self>] =
    part(\.networks) + part(\.selection) + [
      .flag("--in-training", "Measures the people in training, too.", \.isInTraining),
      .value(
        "--pictures", "N", "The most pictures of each group.", \.pictures,
        .integer(in: 4...1_000_000)),
      .value("--seed", "N", "Which people, strangers and pairs.", \.seed, .unsignedInteger),
      .optional(
        "--write", "FOLDER",
        "Writes the pictures and their reconstructions, which show real people where the data do.",
        \.folder, .text),
      .repeated(
        "--judge", "NAME=FILE",
        "A further judge: the embeddings of all that --write wrote, as a teacher's file; may be repeated.",
        \.readings, reading),
    ] + part(\.output)

  /// `dlib=dlib.safetensors`.
  private static let reading = ValueReader<Reading>(
    expected: "NAME=FILE, NAME being \(ValueReader.modelName.expected)"
  ) { text in
    let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2, let name = ValueReader.modelName.read(parts[0]) else { return nil }
    return Reading(name: name, path: parts[1])
  } word: {
    "\($0.name)=\($0.path)"
  }

  mutating func check(_ arguments: Arguments) throws {
    try selection.use(.unseen(inTraining: isInTraining))
  }

  func run() throws -> Int32 {
    let models = try networks.load()
    try output.prepare()
    let known = try readings.map { reading in
      let file = try TeacherEmbeddings(path: reading.path)
      return EmbeddingReadings(reading.name) { picture in
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
