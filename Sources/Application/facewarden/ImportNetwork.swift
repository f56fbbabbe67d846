import Checkpoints
import CommandLineArguments
import Embedders
import Experiments
import FaceDatasets
import Files
import Foundation
import JSON
import ModelStore
import NetworkGraphs
import ONNXFiles
import ONNXNetworks

/// `facewarden import`: a face network of an ONNX file as an embedder of the models' folder.
struct ImportNetwork: Subcommand, CommandSettings {
  static let command = Command(
    "import", "takes over a face network from an ONNX file",
    discussion: """
      The network is folded and fused into one file with its graph, its colours and its template, and the \
      manifest names it: as f_c it is what verify, embed, attack and every training use, under another \
      name it is what --model takes. The template says where the network wants the eyes and the corners \
      of the mouth: arcface-112 (InsightFace's), ours (the aligned frame, of whatever side), or a file, \
      {"side": 112, "points": [[x, y], …]} with left eye, right eye, nose, left and right corner of the \
      mouth. An operator that is not supported is named with its node, and nothing is written.
      """,
    positionals: positionals, options: options)

  private enum Colours: String, CaseIterable { case rgb, bgr }

  private var path = ""
  private var models = ModelsFolder()
  private var name = ""
  private var template = "arcface-112"
  private var identity: String?
  private var side = 112
  private var colours = Colours.rgb
  private var mean: [Double]?
  private var deviation: [Double]?
  private var isFlipped = false
  private var data: [String] = []
  private var license: String?
  private var command = ""

  static let settings: [Setting<Self>] =
    [.argument("FILE.onnx", "the network", \.path, .text)] + part(\.models) + [
      .required("--name", "NAME", "The model's name in the manifest.", \.name, .modelName),
      .value("--template", "WHERE", "arcface-112, ours, or a file.", \.template, .text),
      .optional(
        "--identity", "LAYER",
        "The node or result that is f_I, what G begins with; the last map of several places if not "
          + "given.", \.identity, .text),
      .value(
        "--side", "PIXELS", "Rows and columns of pictures where the file leaves them open.", \.side,
        .integer(in: 8...1024)),
      .value("--colours", "ORDER", "rgb or bgr.", \.colours, .choice),
      .optional(
        "--mean", "N,…",
        "What is taken off colours of 0…255, one number or three; 0 if the network begins with a "
          + "difference or factor of its own, 127.5 otherwise.", \.mean, .numbers(in: -1000...1000)),
      .optional(
        "--deviation", "N,…",
        "What the rest is divided by, one number or three; 1 if the network begins with a difference or "
          + "factor of its own, 127.5 otherwise.", \.deviation, .numbers(in: 1e-3...1000)),
      .flag("--flip", "Distances come from each picture and its mirror image.", \.isFlipped),
      .repeated(
        "--data", "PATH",
        "People to set the thresholds by: a folder or tar of identity/picture files, or "
          + "synthetic:PEOPLExIMAGES[:SEED]; no thresholds without. May be repeated.", \.data, .text
      ),
      .optional(
        "--license", "TEXT",
        "The licence of the weights, for the manifest; that of the file if not given.", \.license,
        .text),
    ]

  mutating func check(_ arguments: Arguments) throws {
    mean = try Self.three("--mean", mean)
    deviation = try Self.three("--deviation", deviation)
    command = Invocation.text(of: arguments.words)
  }

  /// One number for all colours, or one each.
  private static func three(_ option: String, _ numbers: [Double]?) throws(UsageError) -> [Double]?
  {
    guard let numbers else { return nil }
    switch numbers.count {
    case 1: return [numbers[0], numbers[0], numbers[0]]
    case 3: return numbers
    default: throw .conflict("'\(option)' takes one number or three, not \(numbers.count)")
    }
  }

  func run() throws -> Int32 {
    let taken = try ONNXEmbedder(
      ONNXModel(path: path), side: side, identity: identity)
    let size = taken.network.graph.input
    guard size[0] == size[1] else {
      throw ONNXImportError.noEmbedder("its pictures are \(size[0])×\(size[1]), not square")
    }
    var input = try AlignmentTemplate.input(template, side: size[0])
    input.isBlueFirst = colours == .bgr
    let usual = taken.scalesColours ? (0.0, 1.0) : (127.5, 127.5)
    input.mean = (mean ?? [usual.0, usual.0, usual.0]).map(Float.init)
    input.scale = (deviation ?? [usual.1, usual.1, usual.1]).map { Float(1 / $0) }
    guard let imported = ImportedEmbedder(taken.network, input) else {
      throw ImportedEmbedderError.otherPictures(network: size, input: input)
    }
    for output in taken.ignoredOutputs { Console.say("the result '\(output)' is left out") }
    try publish(FaceEmbedder(imported, averagesMirrorImages: isFlipped), imported)
    return 0
  }

  private func publish(_ embedder: FaceEmbedder, _ imported: ImportedEmbedder) throws {
    let bytes = try imported.file.bytes()
    var points: [OperatingPoint] = []
    if !data.isEmpty {
      let people = try IdentityDataset(sources: data)
      Console.say(people.report)
      let files = data.map { ($0 as NSString).lastPathComponent }.joined(separator: ", ")
      let measured = try VerificationPoints(
        LabelledEmbeddings(people, embedder: embedder), source: files)
      points = measured.points
      for point in points {
        Console.say("\(point.name): distance² < \(point.threshold), FNMR \(point.fnmr ?? .nan)")
      }
      for refusal in measured.refusals { Console.say(refusal) }
    }
    let folder = models.path
    try Publication.write(
      ModelEntry(
        name: name, file: "\(name).safetensors", contents: bytes,
        architecture: [
          "kind": .string(ImportedEmbedder.kind),
          "averagesMirrorImages": .bool(embedder.averagesMirrorImages),
          "summary": .string(embedder.shape.summary),
        ],
        trainingData:
          "unknown: the network was taken over from \((path as NSString).lastPathComponent)",
        command: command, operatingPoints: points,
        license: license ?? "that of the file it was taken over from",
        notes: "distance² of unit-length embeddings in 0…4; below the threshold is a match",
        selfTest: embedder.selfTestNumbers),
      bytes, into: folder)
    Console.say("\(embedder.shape.summary); f_I has \(embedder.shape.identity) numbers")
    let manifest = try ModelManifest(folder: folder)
    let sum = try manifest.entry(name).sha256
    for other in manifest.models where other.madeWith?[name].map({ $0 != sum }) == true {
      Console.say("'\(other.name)' was made with another '\(name)': train it anew")
    }
    if points.isEmpty {
      Console.say("no thresholds: --data sets them; until then verify needs --threshold")
    }
  }
}
