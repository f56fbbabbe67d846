import CommandLineArguments
import Embedders
import ModelStore
import UseCases

/// `facewarden embed`: the unit-length f_C of pictures, for galleries and other programs.
struct Embed: Subcommand, CommandSettings {
  static let command = Command(
    "embed", "prints the unit-length embedding of each picture as a JSON line",
    discussion: """
      The squared distance of two embeddings is what verify tells of f_C; where f_V decides with it, verify compares \
      the fused one with its threshold. Each line has the picture's path as its id. A picture that cannot be \
      used gets a line with the reason and its code; the exit status is then 2.
      """,
    positionals: positionals, options: options)

  private var files: [String] = []
  private var models = ModelsFolder()
  private var name = FaceEmbedder.modelName
  private var pictures = PictureOptions()

  static let settings: [Setting<Self>] =
    [.arguments("PICTURE", "pictures of faces", \.files, .text)] + part(\.models) + [
      .value("--model", "NAME", "The embedder.", \.name, .modelName)
    ] + part(\.pictures)

  func run() throws -> Int32 {
    let reader = try pictures.reader(models)
    let manifest = try ModelManifest(folder: models.path)
    let embed = EmbedFace(
      try FaceEmbedder(name, of: manifest, folder: models.path), model: name,
      sha256: try manifest.entry(name).sha256, reader: reader)
    return try Output.answers(files) { path throws(Problem) in
      try embed(PictureRequest(path: path), id: path)
    } failing: {
      .undecided($0, id: $1)
    }
  }
}
