import CommandLineArguments
import Embedders
import Experiments
import FaceDatasets
import ModelStore

/// `facewarden evaluate lfw`: verification on LFW.
struct EvaluateLFW: Subcommand, CommandSettings {
  static let command = Command(
    "evaluate lfw", "measures verification on Labeled Faces in the Wild",
    options: options)

  private var embedder = EmbedderSelection.Options()
  private var directory = ""
  private var view = 2
  private var other: String?
  private var weight = 0.5
  private var isFromPhotographs = false
  private var output = ExperimentOutput()

  static let settings: [Setting<Self>] =
    part(\.embedder) + [
      .required(
        "--lfw", "DIR", "The folder of LFW: view1.tar, view2.tar, landmarks.csv, pairs.txt.",
        \.directory, .text),
      .value("--view", "N", "1 for choosing, 2 for reporting.", \.view, .integer(in: 1...2)),
      .optional(
        "--with", "NAME",
        "Another embedder whose distance² counts, too: the mean of both, or by --weight.", \.other,
        .modelName),
      .value(
        "--weight", "W", "The other embedder's share of the distance², 0…1.", \.weight,
        .number(in: 0...1), needs: "--with"),
      .flag(
        "--from-photographs",
        "A network from elsewhere gets its faces from the photographs, by its own template; by way "
          + "of our aligned frame without, which networks trained here always see.",
        \.isFromPhotographs),
    ] + part(\.output)

  func run() throws -> Int32 {
    let chosen = try embedder.load()
    try output.prepare()
    let folder = embedder.models.path
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
      embedder: chosen.embedder, fromPhotographs: isFromPhotographs,
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
    guard other == FaceEmbedder.witnessName, embedder.isPublished(FaceEmbedder.modelName),
      let fusion = try EmbeddingFusion(of: manifest, folder: folder),
      fusion == EmbeddingFusion(weight: Double(Float(weight)))
    else { return [] }
    return try manifest.entry(EmbeddingFusion.modelName).operatingPoints
  }
}
