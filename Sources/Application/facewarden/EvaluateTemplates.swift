import CommandLineArguments
import Experiments
import FaceDatasets
import Foundation

/// `facewarden evaluate templates`: what several enrolled pictures are worth.
struct EvaluateTemplates: Subcommand {
  static let command = Command(
    "evaluate templates", "measures verification against templates of several pictures of a person",
    discussion: """
      The rules by which a probe is held against several pictures are compared: the nearest, the mean of \
      the distances², and the distance² to the mean embedding (which verify and identify use). People \
      with too few pictures are left out. Give people that the embedder was not trained on.
      """,
    positionals: [
      Positional("DATA", "folders or tars of identity/picture, aligned, 128×128", arity: .some)
    ],
    options: EmbedderSelection.options + [
      .value("--pictures", "N,N,…", "Pictures of a template; 1,2,3,5 if not given."),
      .value("--seed", "N", "Which pictures are enrolled; 1 if not given."),
    ] + ExperimentOutput.options)

  private let arguments: Arguments
  private let sources: [String]
  private let counts: [Int]
  private let seed: UInt64
  private let output: ExperimentOutput

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    sources = try arguments.all("DATA", .text)
    counts = try arguments.optional("--pictures", .wholeNumbers(in: 1...64)) ?? [1, 2, 3, 5]
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
    let files = sources.map { ($0 as NSString).lastPathComponent }.joined(separator: ", ")
    try output.write(
      TemplateReport(
        "\(embeddings.rows.count) pictures of \(embeddings.peopleCount) people of \(files)",
        embeddings, counts: counts, points: chosen.points, seed: seed),
      facts: [("model", chosen.words), ("seed", "\(seed)")])
    return 0
  }
}
