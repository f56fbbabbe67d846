import CommandLineArguments
import Experiments
import FaceDatasets
import Foundation

/// `facewarden evaluate verification`: verification on one's own labelled faces.
struct EvaluateVerification: Subcommand {
  static let command = Command(
    "evaluate verification", "measures verification on folders or tars of labelled faces",
    discussion: """
      Pairs are drawn by the seed within ten groups of people; the accuracy of each group is measured \
      with the threshold of the others. Give people that the embedder was not trained on.
      """,
    positionals: [
      Positional("DATA", "folders or tars of identity/picture, aligned, 128×128", arity: .some)
    ],
    options: EmbedderSelection.options + [
      .value("--genuine", "N", "The most pairs of one person; 20000 if not given."),
      .value("--impostor", "N", "The most pairs of two people; 100000 if not given."),
      .value("--seed", "N", "Which pairs are drawn; 1 if not given."),
    ] + ExperimentOutput.options)

  private let arguments: Arguments
  private let sources: [String]
  private let genuine, impostor: Int
  private let seed: UInt64
  private let output: ExperimentOutput

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    sources = try arguments.all("DATA", .text)
    genuine = try arguments.optional("--genuine", .integer(in: 10...5_000_000)) ?? 20_000
    impostor = try arguments.optional("--impostor", .integer(in: 10...5_000_000)) ?? 100_000
    seed = try arguments.optional("--seed", .unsignedInteger) ?? 1
    output = ExperimentOutput(arguments)
    try EmbedderSelection.check(arguments)
  }

  func run() throws -> Int32 {
    let chosen = try EmbedderSelection(arguments)
    try output.prepare()
    let data = try IdentityDataset(sources: sources, minimumPictures: 1)
    Console.say(data.report)
    let embeddings = try LabelledEmbeddings(data, embedder: chosen.embedder) {
      Console.progress("embedded \($0) of \($1)")
    }
    Console.endProgress()
    let names = sources.map { ($0 as NSString).lastPathComponent }.joined(separator: ", ")
    let report = try PairVerification.evaluate(
      "pairs of \(data.count) pictures of \(names), seed \(seed)", embeddings, seed: seed,
      genuineLimit: genuine, impostorLimit: impostor, points: chosen.points)
    try output.write(report, facts: [("model", chosen.words)])
    return 0
  }
}
