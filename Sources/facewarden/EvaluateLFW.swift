import Checkpoints
import CommandLineArguments
import Experiments
import FaceDatasets
import FaceVerification
import Foundation

/// `facewarden evaluate lfw`: verification on LFW.
struct EvaluateLFW: Subcommand {
  static let command = Command(
    "evaluate lfw", "measures verification on Labeled Faces in the Wild",
    options: [
      SharedOptions.models, SharedOptions.lfw,
      .value("--view", "N", "1 for choosing, 2 for reporting; 2 if not given."),
      .value("--state", "FILE", "Measures a training's state instead of the manifest's f_C."),
      .flag("--json", "Prints the figures as one JSON object."),
    ])

  private let arguments: Arguments
  private let directory: String
  private let view: Int

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    directory = try arguments.value("--lfw", .text)
    view = try arguments.optional("--view", .integer(in: 1...2)) ?? 2
  }

  func run() throws -> Int32 {
    let folder = arguments.modelsFolder
    let embedder: FaceEmbedder
    if let path = arguments.text("--state") {
      let trainer = try EmbedderTrainer(checkpoint: SafeTensorsFile(path: path), path: path)
      embedder = FaceEmbedder(trainer.training.architecture, trainer.embedder)
    } else {
      embedder = try FaceEmbedder(of: ModelManifest(folder: folder), folder: folder)
    }
    let faces = try LFWFaces(directory: directory)
    let name =
      view == 2
      ? "LFW View 2, unrestricted with labeled outside data, ten folds"
      : "LFW View 1, threshold from the other part"
    let report = try LFWVerification.evaluate(
      LFWVerification.pairs(view: view, directory: directory), name: name, faces: faces,
      embedder: embedder
    ) { Console.progress("embedded \($0) of \($1)") }
    Console.endProgress()
    if arguments.flag("--json") {
      let encoder = JSONEncoder()
      encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
      print(String(decoding: try encoder.encode(report), as: UTF8.self))
    } else {
      print(report.text)
    }
    return 0
  }
}
