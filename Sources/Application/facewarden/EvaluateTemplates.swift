import CommandLineArguments
import Experiments
import FaceDatasets
import Foundation

/// `facewarden evaluate templates`: what several enrolled pictures are worth.
struct EvaluateTemplates: Subcommand, CommandSettings {
  static let command = Command(
    "evaluate templates", "measures verification against templates of several pictures of a person",
    discussion: """
      The rules by which a probe is held against several pictures are compared: the nearest, the mean of \
      the distances², and the distance² to the mean embedding (which verify and identify use). People \
      with too few pictures are left out. Give people that the embedder was not trained on.
      """,
    positionals: positionals, options: options)

  private var sources: [String] = []
  private var embedder = EmbedderSelection.Options()
  private var counts = [1, 2, 3, 5]
  private var seed: UInt64 = 1
  private var output = ExperimentOutput()

  static let settings: [Setting<Self>] =
    [
      .arguments(
        "DATA", "folders or tars of identity/picture, aligned, 128×128", \.sources, .text)
    ] + part(\.embedder) + [
      .value(
        "--pictures", "N,N,…", "Pictures of a template.", \.counts, .wholeNumbers(in: 1...64)),
      .value("--seed", "N", "Which pictures are enrolled.", \.seed, .unsignedInteger),
    ] + part(\.output)

  func run() throws -> Int32 {
    let chosen = try embedder.load()
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
