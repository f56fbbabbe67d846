import CommandLineArguments
import Embedders
import ModelStore
import UseCases

/// `facewarden embed`: the unit-length f_C of pictures, for galleries and other programs.
struct Embed: Subcommand {
  static let command = Command(
    "embed", "prints the unit-length embedding of each picture as a JSON line",
    discussion: """
      The squared distance of two embeddings is what verify compares with its threshold. Each line has the \
      picture's path as its id. A picture that cannot be used gets a line with the reason and its code; the \
      exit status is then 2.
      """,
    positionals: [Positional("PICTURE", "pictures of faces", arity: .some)],
    options: [
      SharedOptions.models,
      .value("--model", "NAME", "The embedder; f_c if not given."),
    ] + SharedOptions.pictures)

  private let arguments: Arguments

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    _ = try arguments.optional("--model", .modelName)
    try arguments.checkPictureSource()
  }

  func run() throws -> Int32 {
    let reader = try arguments.faceReader()
    let name = try arguments.optional("--model", .modelName) ?? FaceEmbedder.modelName
    let manifest = try ModelManifest(folder: arguments.modelsFolder)
    let embed = EmbedFace(
      try FaceEmbedder(name, of: manifest, folder: arguments.modelsFolder), model: name,
      sha256: try manifest.entry(name).sha256, reader: reader)
    return try Output.answers(try arguments.all("PICTURE", .text)) { path throws(Problem) in
      try embed(PictureRequest(path: path), id: path)
    } failing: {
      .undecided($0, id: $1)
    }
  }
}
