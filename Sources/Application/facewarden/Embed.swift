import CommandLineArguments
import Embedders
import Foundation
import ModelStore
import NeuralNetworks
import PictureTensors
import Screening
import Tensors

/// `facewarden embed`: the unit-length f_C of pictures, for galleries and other programs.
struct Embed: Subcommand {
  static let command = Command(
    "embed", "prints the unit-length embedding of each picture as a JSON line",
    discussion: """
      The squared distance of two embeddings is what verify compares with its threshold. A picture \
      that cannot be used gets a line with the reason; the exit status is then 2.
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

  /// One picture's line.
  private struct Line: Encodable {
    let picture: String
    var model, sha256: String?
    var embedding: [Float]?
    var error: String?
  }

  func run() throws -> Int32 {
    let source = try arguments.pictureSource()
    let name = try arguments.optional("--model", .modelName) ?? FaceEmbedder.modelName
    let manifest = try ModelManifest(folder: arguments.modelsFolder)
    let embedder = try FaceEmbedder(name, of: manifest, folder: arguments.modelsFolder)
    let inputs: [FaceInput] = [embedder.ownInput].compactMap(\.self)
    let sum = try manifest.entry(name).sha256
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    var status: Int32 = 0
    for path in try arguments.all("PICTURE", .text) {
      var line = Line(picture: path)
      do {
        let picture = try source.face(path: path, ownInputs: inputs)
        (line.model, line.sha256) = (name, sum)
        line.embedding = embedder.unitEmbedding(of: picture)
      } catch {
        line.error = "\(error)"
        status = 2
      }
      try Output.line(String(decoding: try encoder.encode(line), as: UTF8.self))
    }
    return status
  }
}
