import CommandLineArguments
import Embedders
import Experiments
import FaceDatasets
import ModelStore

/// `facewarden evaluate lfw`: verification on LFW.
struct EvaluateLFW: Subcommand {
  static let command = Command(
    "evaluate lfw", "measures verification on Labeled Faces in the Wild",
    options: EmbedderSelection.options + [
      SharedOptions.lfw, .value("--view", "N", "1 for choosing, 2 for reporting; 2 if not given."),
      .value(
        "--with", "NAME",
        "Another embedder whose distance² counts, too: the mean of both, or by --weight."),
      .value(
        "--weight", "W", "The other embedder's share of the distance², 0…1; 0.5 if not given."),
      .flag(
        "--from-photographs",
        "A network from elsewhere gets its faces from the photographs, by its own template; by way "
          + "of our aligned frame without."),
    ] + ExperimentOutput.options)

  private let arguments: Arguments
  private let directory: String
  private let view: Int
  private let other: String?
  private let weight: Double
  private let output: ExperimentOutput

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    directory = try arguments.value("--lfw", .text)
    view = try arguments.optional("--view", .integer(in: 1...2)) ?? 2
    output = ExperimentOutput(arguments)
    other = try arguments.optional("--with", .modelName)
    weight = try arguments.optional("--weight", .number(in: 0...1)) ?? 0.5
    guard other != nil || !arguments.has("--weight") else {
      throw UsageError.conflict("'--weight' is for '--with NAME'")
    }
    try EmbedderSelection.check(arguments)
  }

  func run() throws -> Int32 {
    let chosen = try EmbedderSelection(arguments)
    try output.prepare()
    let folder = arguments.modelsFolder
    let second = try other.map { name in
      (
        embedder: try FaceEmbedder(name, of: ModelManifest(folder: folder), folder: folder),
        weight: weight
      )
    }
    let faces = try LFWFaces(directory: directory)
    let name =
      view == 2
      ? "LFW View 2, unrestricted with labeled outside data, ten folds"
      : "LFW View 1, threshold from the other part"
    let report = try LFWVerification.evaluate(
      LFWVerification.pairs(view: view, directory: directory), name: name, faces: faces,
      embedder: chosen.embedder, fromPhotographs: arguments.flag("--from-photographs"),
      points: second == nil ? chosen.points : try fusedPoints(folder), second: second
    ) { Console.progress("embedded \($0) of \($1)") }
    Console.endProgress()
    try output.write(
      report,
      facts: [("model", chosen.words)] + (other.map { [("with", "\($0), weight \(weight)")] } ?? [])
    )
    return 0
  }

  /// The points of the folder's fusion, if it is the one that is measured: one network's say nothing of the
  /// distance² of two.
  private func fusedPoints(_ folder: String) throws -> [OperatingPoint] {
    let manifest = try ModelManifest(folder: folder)
    guard other == FaceEmbedder.witnessName, !arguments.has("--state"), !arguments.flag("--flip"),
      (arguments.text("--model") ?? FaceEmbedder.modelName) == FaceEmbedder.modelName,
      let fusion = try EmbeddingFusion(of: manifest, folder: folder),
      fusion == EmbeddingFusion(weight: Double(Float(weight)))
    else { return [] }
    return try manifest.entry(EmbeddingFusion.modelName).operatingPoints
  }
}
