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
struct ImportNetwork: Subcommand {
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
    positionals: [Positional("FILE.onnx", "the network")],
    options: [
      SharedOptions.models,
      .value("--name", "NAME", "The model's name in the manifest.", isRequired: true),
      .value(
        "--template", "WHERE", "arcface-112, ours, or a file; arcface-112 if not given."),
      .value(
        "--identity", "LAYER",
        "The node or result that is f_I, what G begins with; the last map of several places if not "
          + "given."),
      .value(
        "--side", "PIXELS",
        "Rows and columns of pictures where the file leaves them open; 112 if not "
          + "given."),
      .value("--colours", "ORDER", "rgb or bgr; rgb if not given."),
      .value(
        "--mean", "N,…",
        "What is taken off colours of 0…255, one number or three; 0 if the network begins with a "
          + "difference or factor of its own, 127.5 otherwise."),
      .value(
        "--deviation", "N,…",
        "What the rest is divided by, one number or three; 1 if the network begins with a difference or "
          + "factor of its own, 127.5 otherwise."),
      .flag("--flip", "Distances come from each picture and its mirror image."),
      .value(
        "--data", "PATH",
        "People to set the thresholds by: a folder or tar of identity/picture files, or "
          + "synthetic:PEOPLExIMAGES[:SEED]; no thresholds without. May be repeated.",
        isRepeatable: true),
      .value("--license", "TEXT", "The licence of the weights, for the manifest."),
    ])

  private enum Colours: String, CaseIterable { case rgb, bgr }

  private let path, name, template: String
  private let arguments: Arguments
  private let colours: Colours
  private let side: Int
  private let mean, deviation: [Double]?
  private let data: [String]

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    path = try arguments.value("FILE.onnx", .text)
    name = try arguments.value("--name", .modelName)
    template = arguments.text("--template") ?? "arcface-112"
    colours = try arguments.optional("--colours", .choice) ?? .rgb
    side = try arguments.optional("--side", .integer(in: 8...1024)) ?? 112
    mean = try Self.three("--mean", arguments, in: -1000...1000)
    deviation = try Self.three("--deviation", arguments, in: 1e-3...1000)
    data = try arguments.all("--data", .text)
  }

  /// One number for all colours, or one each.
  private static func three(
    _ option: String, _ arguments: Arguments, in range: ClosedRange<Double>
  ) throws -> [Double]? {
    guard let numbers = try arguments.optional(option, .numbers(in: range)) else { return nil }
    switch numbers.count {
    case 1: return [numbers[0], numbers[0], numbers[0]]
    case 3: return numbers
    default:
      throw UsageError.conflict("'\(option)' takes one number or three, not \(numbers.count)")
    }
  }

  func run() throws -> Int32 {
    let taken = try ONNXEmbedder(
      ONNXModel(path: path), side: side, identity: arguments.text("--identity"))
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
    try publish(FaceEmbedder(imported, averagesMirrorImages: arguments.flag("--flip")), imported)
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
    let models = arguments.modelsFolder
    try OutputFolder.make(models)
    try AtomicFile.write(bytes, to: "\(models)/\(name).safetensors")
    try ModelManifest.update(
      ModelEntry(
        name: name, file: "\(name).safetensors", contents: bytes,
        architecture: [
          "kind": .string(ImportedEmbedder.kind),
          "averagesMirrorImages": .bool(embedder.averagesMirrorImages),
          "summary": .string(embedder.shape.summary),
        ],
        trainingData:
          "unknown: the network was taken over from \((path as NSString).lastPathComponent)",
        command: Invocation.text(of: arguments.words), operatingPoints: points,
        license: arguments.text("--license") ?? "that of the file it was taken over from",
        notes: "distance² of unit-length embeddings in 0…4; below the threshold is a match",
        selfTest: embedder.selfTestNumbers),
      folder: models)
    Console.say("\(embedder.shape.summary); f_I has \(embedder.shape.identity) numbers")
    Console.say("wrote \(models)/\(name).safetensors")
    let manifest = try ModelManifest(folder: models)
    let sum = try manifest.entry(name).sha256
    for other in manifest.models where other.madeWith?[name].map({ $0 != sum }) == true {
      Console.say("'\(other.name)' was made with another '\(name)': train it anew")
    }
    if points.isEmpty {
      Console.say("no thresholds: --data sets them; until then verify needs --threshold")
    }
  }
}
