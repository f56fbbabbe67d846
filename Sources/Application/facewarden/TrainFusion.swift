import Checkpoints
import CommandLineArguments
import Embedders
import Experiments
import FaceDatasets
import Foundation
import ModelStore

/// `facewarden train fusion`: makes f_C and f_V decide together who somebody is.
struct TrainFusion: Subcommand, CommandSettings {
  static let command = Command(
    "train fusion", "lets f_C and f_V decide together who somebody is",
    discussion: """
      A pair's distance² becomes the mean of both networks', by --weight. Its thresholds are measured on \
      the people held out: the same share and seed as both networks' trainings had. 'evaluate lfw --with \
      f_v --weight W' tells beforehand what a weight brings. The fusion belongs to these two networks: \
      where one is trained anew, it is made anew as well.
      """,
    options: options)

  private var models = ModelsFolder()
  private var data = LabelledData()
  private var fusion = EmbeddingFusion.even
  private var groups = GroupOptions()

  static let settings: [Setting<Self>] =
    part(\.models) + part(\.data) + [
      .value(
        "--weight", "W", "f_V's share of the distance², between 0 and 1.", \.fusion, weight)
    ] + part(\.groups)

  /// `0.5`.
  private static let weight = ValueReader<EmbeddingFusion>(
    expected: "a number above 0 and below 1"
  ) {
    Double($0).flatMap(EmbeddingFusion.init)
  } word: {
    "\($0.weight)"
  }

  func run() throws -> Int32 {
    let (name, folder) = (EmbeddingFusion.modelName, models.path)
    let manifest = try ModelManifest(folder: folder)
    let first = try FaceEmbedder(of: manifest, folder: folder)
    let second = try FaceEmbedder(FaceEmbedder.witnessName, of: manifest, folder: folder)
    let all = try IdentityDataset(sources: data.sources)
    Console.say(all.report)
    let unseen = all.split(heldOut: data.heldOut, seed: data.seed).1
    guard unseen.people.count >= 4 else { throw FusionDataError(people: unseen.people.count) }
    func joined(_ embed: (FaceEmbedder) throws -> LabelledEmbeddings) throws -> LabelledEmbeddings {
      let (a, b) = (try embed(first), try embed(second))
      return LabelledEmbeddings(
        people: a.people, rows: zip(a.rows, b.rows).map(fusion.joined))
    }
    let held = try joined { embedder in
      try LabelledEmbeddings(unseen, embedder: embedder) {
        ExperimentOutput.progress("embedded", $0, $1)
      }
    }
    let measured = try VerificationPoints(held, source: "people held out of training")
    let report = try PairVerification.evaluate("held-out people", held, seed: data.seed)
    Console.say(report.text)
    let grouped = try groups.points(genuine: held) { data in
      try joined { try LabelledEmbeddings(strangers: data, embedder: $0) }
    }
    let points = measured.points + (grouped?.points ?? [])
    for refusal in measured.refusals + (grouped?.refusals ?? []) { Console.say(refusal) }
    for point in points {
      try Output.line("\(point.name): distance² < \(point.threshold), FNMR \(point.fnmr ?? .nan)")
    }
    let metrics = [
      "weight": fusion.weight, "held_out_people": Double(unseen.people.count),
      "held_out_pictures": Double(unseen.count), "held_out_accuracy": report.accuracy,
      "held_out_auc": report.areaUnderCurve, "held_out_eer": report.equalErrorRate,
    ]
    let bytes = try fusion.file.bytes()
    let files = data.names.joined(separator: ", ")
    try Publication.write(
      ModelEntry(
        name: name, file: "\(name).safetensors", contents: bytes,
        trainingData: "none; thresholds by \(files), people held out by seed \(data.seed), share "
          + "\(data.heldOut)",
        command: Invocation.text(of: ["train", "fusion"] + words), seed: data.seed,
        metrics: metrics, operatingPoints: points,
        license: Invocation.weightsLicense,
        notes: "distance² = (1 − weight)·f_C's + weight·f_V's, in 0…4; below the threshold is a "
          + "match",
        madeWith: try manifest.sums(of: [FaceEmbedder.modelName, FaceEmbedder.witnessName])),
      bytes, into: folder)
    return 0
  }
}

/// Data without enough people held out.
private struct FusionDataError: Error, CustomStringConvertible {
  let people: Int

  var description: String { "\(people) people held out; expected at least 4, see --held-out" }
}
