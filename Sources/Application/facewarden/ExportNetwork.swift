import CommandLineArguments
import Embedders
import Files
import Foundation
import ModelStore
import ONNXExports
import ONNXFiles
import Reconstruction

/// `facewarden export`: a network of the models' folder as an ONNX file.
struct ExportNetwork: Subcommand, CommandSettings {
  static let command = Command(
    "export", "writes a network as an ONNX file",
    discussion: """
      An embedder that was trained here takes picture, aligned faces (batch, 3, 128, 128) with colours in \
      −1…1, and gives embedding, f_C before it is brought to unit length, and identity, f_I. 'import \
      --template ours' takes it back. One that was imported takes what its own file took. Of an IP-GAN \
      --part says which: encoder, A, gives attributes of a picture; generator, G, gives a picture of \
      identity and attributes. The operator set is 13.
      """,
    positionals: positionals, options: options)

  private enum Part: String, CaseIterable { case encoder, generator }

  private var name = ""
  private var models = ModelsFolder()
  private var part: Part?
  private var path = ""

  static let settings: [Setting<Self>] =
    [.argument("NAME", "the model: f_c, f_v, ip_gan, …", \.name, .modelName)] + part(\.models) + [
      .optional("--part", "NAME", "encoder or generator, of an IP-GAN.", \.part, .choice),
      .required("-o", "FILE.onnx", "Where to.", \.path, .text),
    ]

  func run() throws -> Int32 {
    let folder = models.path
    let manifest = try ModelManifest(folder: folder)
    let model: ONNXModel
    var isAveraged = false
    if FaceEmbedder.isDescribed(by: try manifest.entry(name)) {
      guard part == nil else {
        throw UsageError.conflict("'--part' is for an IP-GAN; '\(name)' is an embedder")
      }
      let embedder = try FaceEmbedder(name, of: manifest, folder: folder)
      isAveraged = embedder.averagesMirrorImages
      model = ONNXModel(embedder)
    } else {
      let networks = try IPGANModel(
        name, of: manifest, folder: folder, embedder: FaceEmbedder(of: manifest, folder: folder))
      switch part {
      case .encoder: model = ONNXModel(encoderOf: networks)
      case .generator: model = ONNXModel(generatorOf: networks)
      case nil:
        throw UsageError.conflict(
          "'\(name)' is two networks: '--part encoder' or '--part generator'")
      }
    }
    try AtomicFile.write(model.bytes(producer: "facewarden \(Facewarden.version)"), to: path)
    func list(_ values: [ONNXValue]) -> String {
      values.map { value in
        let axes = (value.shape ?? []).map { $0.map(String.init) ?? "batch" }
        return "\(value.name) (\(axes.joined(separator: ", ")))"
      }.joined(separator: ", ")
    }
    Console.say("wrote '\(path)': \(list(model.inputs)) to \(list(model.outputs))")
    if isAveraged {
      Console.say(
        "distances of '\(name)' come from each picture and its mirror image: add both embeddings")
    }
    return 0
  }
}
