import Checkpoints
import CommandLineArguments
import EmbedderTraining
import Embedders
import ModelStore

/// Which embedder a command measures.
struct EmbedderSelection {
  /// The options that say which.
  struct Options: CommandSettings {
    /// The folder of the models.
    private(set) var models = ModelsFolder()
    private var name: String?
    private var state: String?
    private var isFlipped = false

    static let settings: [Setting<Self>] =
      part(\.models) + [
        .optional(
          "--model", "NAME", "The embedder to measure; f_c if not given.", \.name, .modelName),
        .optional(
          "--state", "FILE", "Measures a training's state instead of a published model.", \.state,
          .text),
        .flag(
          "--flip",
          "Adds the embedding of each picture's mirror image, if the model does not by itself.",
          \.isFlipped),
      ]

    mutating func check(_ arguments: Arguments) throws {
      if name != nil && state != nil {
        throw UsageError.conflict("'--model' and '--state' exclude each other")
      }
    }

    /// Whether it is this published model, as it was published.
    func isPublished(_ model: String) -> Bool {
      state == nil && !isFlipped && (name ?? FaceEmbedder.modelName) == model
    }

    /// Loads the embedder.
    func load() throws -> EmbedderSelection {
      try EmbedderSelection(
        name: name ?? FaceEmbedder.modelName, state: state, isFlipped: isFlipped,
        folder: models.path)
    }
  }

  let embedder: FaceEmbedder
  /// What it is, in words.
  let words: String
  /// Its stored thresholds; none where they do not hold for what is measured.
  let points: [OperatingPoint]

  private init(name: String, state: String?, isFlipped: Bool, folder: String) throws {
    if let path = state {
      let trainer = try EmbedderTrainer(checkpoint: SafeTensorsFile(path: path), path: path)
      var embedder = FaceEmbedder(trainer.training.architecture, trainer.embedder)
      if isFlipped { embedder.averagesMirrorImages = true }
      self.embedder = embedder
      words =
        "a training's state at step \(trainer.steps)" + Self.suffix(embedder.averagesMirrorImages)
      points = []
    } else {
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
