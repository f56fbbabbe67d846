import CommandLineArguments
import Experiments
import FaceDatasets
import Foundation

/// `facewarden evaluate verification`: verification on one's own labelled faces.
struct EvaluateVerification: Subcommand, CommandSettings {
  static let command = Command(
    "evaluate verification", "measures verification on folders or tars of labelled faces",
    discussion: """
      Pairs are drawn by the seed within ten groups of people; the accuracy of each group is measured \
      with the threshold of the others. Give people that the embedder was not trained on. With a table \
      of groups, strangers of one group are told apart from those of two.
      """,
    positionals: positionals, options: options)

  private var sources: [String] = []
  private var embedder = EmbedderSelection.Options()
  private var groups = GroupOptions()
  private var genuine = 20_000
  private var impostor = 100_000
  private var seed: UInt64 = 1
  private var output = ExperimentOutput()

  static let settings: [Setting<Self>] =
    [
      .arguments(
        "DATA", "folders or tars of identity/picture, aligned, 128×128", \.sources, .text,
        arity: .any)
    ] + part(\.embedder) + part(\.groups) + [
      .value(
        "--genuine", "N", "The most pairs of one person.", \.genuine, .integer(in: 10...5_000_000)),
      .value(
        "--impostor", "N", "The most pairs of two people.", \.impostor,
        .integer(in: 10...5_000_000)),
      .value("--seed", "N", "Which pairs are drawn.", \.seed, .unsignedInteger),
    ] + part(\.output)

  mutating func check(_ arguments: Arguments) throws {
    guard !sources.isEmpty || !groups.strangers.isEmpty else {
      throw UsageError.conflict("no pictures: give DATA, or '--strangers' with '--groups'")
    }
  }

  func run() throws -> Int32 {
    let table = try groups.table()
    let chosen = try embedder.load()
    try output.prepare()
    var (names, embeddings) = ([String](), LabelledEmbeddings(people: [], rows: []))
    let progress = { (done: Int, total: Int) in Console.progress("embedded \(done) of \(total)") }
    if !sources.isEmpty {
      let data = try IdentityDataset(sources: sources, minimumPictures: 1)
      Console.say(data.report)
      embeddings = try LabelledEmbeddings(data, embedder: chosen.embedder, progress: progress)
      names = data.names
    }
    if !groups.strangers.isEmpty {
      let data = try IdentityDataset(unlabelled: groups.strangers)
      Console.say(data.report)
      embeddings = embeddings.joined(
        with: try LabelledEmbeddings(
          strangers: data, embedder: chosen.embedder, progress: progress))
      names += data.names
    }
    Console.endProgress()
    let files = (sources + groups.strangers).map { ($0 as NSString).lastPathComponent }
      .joined(separator: ", ")
    let facts = [("model", chosen.words)]
    if let table {
      try output.write(
        GroupedVerificationReport(
          "pairs of \(names.count) pictures of \(files), seed \(seed)", embeddings,
          pictures: names, table: table, by: groups.groupings(of: table), points: chosen.points,
          seed: seed), facts: facts)
    } else {
      try output.write(
        PairVerification.evaluate(
          "pairs of \(names.count) pictures of \(files), seed \(seed)", embeddings, seed: seed,
          genuineLimit: genuine, impostorLimit: impostor, points: chosen.points), facts: facts)
    }
    return 0
  }
}
