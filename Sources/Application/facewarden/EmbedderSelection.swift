import Checkpoints
import CommandLineArguments
import EmbedderTraining
import Embedders
import ModelStore

/// Which embedder a command measures.
struct EmbedderSelection {
  static let options: [CommandOption] = [
    SharedOptions.models,
    .value("--model", "NAME", "The embedder to measure; f_c if not given."),
    .value("--state", "FILE", "Measures a training's state instead of a published model."),
    .flag(
      "--flip",
      "Adds the embedding of each picture's mirror image, if the model does not by itself."),
  ]

  let embedder: FaceEmbedder
  /// What it is, in words.
  let words: String
  /// Its stored thresholds; none where they do not hold for what is measured.
  let points: [OperatingPoint]

  /// Checks the options alone.
  static func check(_ arguments: Arguments) throws {
    _ = try arguments.optional("--model", .modelName)
    if arguments.has("--model") && arguments.has("--state") {
      throw UsageError.conflict("'--model' and '--state' exclude each other")
    }
  }

  init(_ arguments: Arguments) throws {
    let folder = arguments.modelsFolder
    let isFlipped = arguments.flag("--flip")
    if let path = arguments.text("--state") {
      let trainer = try EmbedderTrainer(checkpoint: SafeTensorsFile(path: path), path: path)
      var embedder = FaceEmbedder(trainer.training.architecture, trainer.embedder)
      if isFlipped { embedder.averagesMirrorImages = true }
      self.embedder = embedder
      words =
        "a training's state at step \(trainer.steps)" + Self.suffix(embedder.averagesMirrorImages)
      points = []
    } else {
      let name = try arguments.optional("--model", .modelName) ?? FaceEmbedder.modelName
      let manifest = try ModelManifest(folder: folder)
      var embedder = try FaceEmbedder(name, of: manifest, folder: folder)
      let isOther = isFlipped && !embedder.averagesMirrorImages
      if isFlipped { embedder.averagesMirrorImages = true }
      self.embedder = embedder
      let entry = try manifest.entry(name)
      words = "\(name), sha256 \(entry.sha256)" + Self.suffix(embedder.averagesMirrorImages)
      points = isOther ? [] : entry.operatingPoints
    }
  }

  private static func suffix(_ averagesMirrorImages: Bool) -> String {
    averagesMirrorImages ? ", averaged with mirror images" : ""
  }
}
