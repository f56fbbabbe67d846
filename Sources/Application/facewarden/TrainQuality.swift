import Checkpoints
import CommandLineArguments
import Embedders
import Experiments
import FaceDatasets
import FaceFinding
import Files
import Foundation
private import JSON
import Images
import ModelStore
import PictureQuality
import QualityTraining
import Screening
import SeededRandom

/// `facewarden train quality`: makes what tells pictures that say too little.
struct TrainQuality: Subcommand {
  static let command = Command(
    "train quality", "makes the model that tells pictures which show too little to decide on",
    discussion: """
      Faces are drawn under poor conditions (blur, few pixels, noise, fog, darkness and so on), and a \
      small network learns to tell from f_C's embedding how far they have moved it. Then the parts' \
      limits are set, on people held out and of LFW View 1: where strangers who share a condition match \
      too often, the part is raised that costs the fewest untouched pictures. The model belongs to this \
      f_C.
      """,
    options: [
      SharedOptions.models,
      .value(
        "--data", "PATH", "A folder or tar of identity/picture files; may be repeated.",
        isRequired: true, isRepeatable: true),
      SharedOptions.heldOut, SharedOptions.heldOutSeed,
      .value("--pictures", "N", "The most pictures to learn from; 4000 if not given."),
      .value("--lfw", "DIR", "LFW's folder; its View 1 takes part in setting the limits."),
      .value("--limits", "N", "The most untouched pictures of each source; 2000 if not given."),
      .value("--strangers", "N", "The most strangers of each source; 150 if not given."),
      .value(
        "--discard", "SHARE",
        "The share of untouched pictures that may be refused, 0…0.2; 0.03 if not given."),
      .value(
        "--excess", "N",
        "The false match rate under a condition, against that of untouched pictures; 1.5 if not given."
      ),
      .value(
        "--keep", "PATH",
        "Aligned pictures, or folders of them, that have to pass; may be repeated.",
        isRepeatable: true),
      .value("--without", "KINDS", "Kinds of conditions that are not learnt, for a trial."),
      .value("--steps", "N", "Steps of the small network; 4000 if not given."),
      .value("--seed", "N", "Where all chance comes from; 1 if not given."),
    ])

  private let models: String
  private let sources: [String]
  private let heldOut: Double
  private let heldOutSeed: UInt64
  private let lfw: String?
  private let kept: [String]
  private let pictures, limits, strangers: Int
  private let excess: Double
  private var training = QualityTraining()

  init(_ arguments: Arguments) throws {
    models = arguments.modelsFolder
    sources = try arguments.all("--data", .text)
    heldOut = try arguments.optional("--held-out", .number(in: 0.001...0.5)) ?? 0.03
    heldOutSeed = try arguments.optional("--held-out-seed", .unsignedInteger) ?? 1
    pictures = try arguments.optional("--pictures", .integer(in: 1...1_000_000)) ?? 4000
    limits = try arguments.optional("--limits", .integer(in: 1...1_000_000)) ?? 2000
    strangers = try arguments.optional("--strangers", .integer(in: 2...100_000)) ?? 150
    lfw = try arguments.optional("--lfw", .text)
    kept = try arguments.all("--keep", .text)
    excess = try arguments.optional("--excess", .number(in: 1...100)) ?? 1.5
    training.largestDiscard =
      try arguments.optional("--discard", .number(in: 0...0.2)) ?? training.largestDiscard
    training.steps =
      try arguments.optional("--steps", .integer(in: 1...1_000_000)) ?? training.steps
    training.seed = try arguments.optional("--seed", .unsignedInteger) ?? 1
    let unwanted = (arguments.text("--without") ?? "").split(separator: ",").map(String.init)
    for name in unwanted where ShootingCondition.Kind(rawValue: name) == nil {
      throw UsageError.conflict(
        "'\(name)' is no kind of condition; expected of "
          + ShootingCondition.Kind.allCases.map(\.rawValue).joined(separator: ", "))
    }
    training.kinds.removeAll { unwanted.contains($0.rawValue) }
    guard !training.kinds.isEmpty else { throw UsageError.conflict("no kind of condition is left") }
  }

  func run() throws -> Int32 {
    let manifest = try ModelManifest(folder: models)
    let embedder = try FaceEmbedder(of: manifest, folder: models)
    let detector =
      manifest.models.contains { $0.name == FaceDetector.modelName }
      ? try FaceDetector(of: manifest, folder: models) : nil
    let all = try IdentityDataset(sources: sources)
    Console.say(all.report)
    let (known, unseen) = all.split(heldOut: heldOut, seed: heldOutSeed)
    guard known.count > 0, unseen.count > 0 else {
      throw QualityDataError(known: known.count, unseen: unseen.count)
    }
    let root = SplitMix64(seed: training.seed)
    let learnt = Self.drawn(pictures, of: known, root.derived(from: "pictures"))
    Console.say("learning from \(learnt.count) pictures of \(known.people.count) people")
    let examples = try ConditionedEmbeddings(
      learnt.count, embedder: embedder, training: training,
      generator: root.derived(from: "conditions"),
      progress: { ExperimentOutput.progress("embedded", $0, $1) }
    ) { try known.image(at: learnt[$0]) }
    let network = IdentityLossNetwork(examples, training: training)
    let judged = Self.drawn(limits, of: unseen, root.derived(from: "limits"))
    var sources = [LabelledFaces("people held out", unseen)]
    if let lfw {
      let pairs = try LFWVerification.pairs(view: 1, directory: lfw)
      let images = Set(pairs.flatMap { [$0.first, $0.second] }).sorted()
      sources.append(LabelledFaces("LFW View 1", try LFWFaces(directory: lfw), images: images))
    }
    func measured(
      _ faces: [RGBImage], _ condition: ShootingCondition?, _ generator: SplitMix64
    ) -> MeasuredFaces {
      MeasuredFaces(
        faces, under: condition, generator: generator, embedder: embedder, network: network,
        detector: detector)
    }
    let point = try manifest.verificationPoint()
    var (untouched, conditions) = ([PictureMeasures](), [SharedCondition]())
    var rate = point.fmr ?? 0.01
    for (index, source) in sources.enumerated() {
      var random = root.derived(from: "limits", index)
      let places = random.shuffled(Array(0..<source.count)).prefix(limits)
      for first in stride(from: 0, to: places.count, by: 200) {
        let faces = try source.faces(at: Array(places[first..<min(first + 200, places.count)]))
        untouched += measured(faces, nil, random).measures
        ExperimentOutput.progress("measured", min(first + 200, places.count), places.count)
      }
      let faces = try source.strangers(strangers, using: &random)
      let grid = ShootingCondition.grid(training.kinds)
      let plain = measured(faces, nil, random).matches(below: point.threshold)
      let pairs = Double(max(1, faces.count * (faces.count - 1) / 2))
      rate = max(rate, Double(plain.count) / pairs)
      for (number, condition) in grid.enumerated() {
        let found = measured(faces, condition, random.derived(from: "condition", number))
        conditions.append(
          SharedCondition(
            measures: found.measures, matches: found.matches(below: point.threshold)))
        ExperimentOutput.progress("conditions of \(source.group)", number + 1, grid.count)
      }
    }
    let good = try PictureFile.all(in: kept).pictures.map {
      try FacePicture(path: $0.path, landmarks: nil).face
    }
    let model = QualityModel(
      network: network, untouched: untouched, conditions: conditions,
      kept: measured(good, nil, root).measures, rate: rate * excess, training: training)
    let refused = untouched.count { model.quality(of: $0).poor != nil }
    let check = try ConditionedEmbeddings(
      min(500, judged.count), embedder: embedder, training: training,
      generator: root.derived(from: "check"), progress: { _, _ in }
    ) { try unseen.image(at: judged[$0]) }
    let errors = zip(network.losses(of: check.rows), check.losses).map {
      ($0 - min($1, Double(IdentityLossNetwork.largestLoss)))
    }
    let metrics = [
      "held_out_pictures": Double(judged.count), "held_out_people": Double(unseen.people.count),
      "refused_untouched": Double(refused) / Double(max(1, untouched.count)),
      "false_match_rate": rate * excess,
      "loss_error":
        (errors.reduce(0) { $0 + $1 * $1 } / Double(max(1, errors.count))).squareRoot(),
      "pictures": Double(learnt.count), "untouched": Double(untouched.count),
    ]
    try publish(model, manifest, metrics)
    for part in QualityPart.allCases {
      guard let scale = model.scales[part] else { continue }
      try Output.line("\(part.rawValue): limit \(scale.limit), usual \(scale.usual)")
    }
    try Output.line(
      "refuses \(refused) of \(untouched.count) untouched pictures; strangers who share a condition "
        + "were to match in at most \(rate * excess)")
    return 0
  }

  /// Places of a data set, in an order that the generator draws.
  private static func drawn(
    _ limit: Int, of data: IdentityDataset, _ generator: SplitMix64
  ) -> [Int] {
    var random = generator
    return Array(random.shuffled(Array(0..<data.count)).prefix(limit))
  }

  private func publish(
    _ model: QualityModel, _ manifest: ModelManifest, _ metrics: [String: Double]
  ) throws {
    let name = QualityModel.modelName
    let bytes = try model.file().bytes()
    try AtomicFile.write(bytes, to: "\(models)/\(name).safetensors")
    let names = sources.map { ($0 as NSString).lastPathComponent }.joined(separator: ", ")
    try ModelManifest.update(
      ModelEntry(
        name: name, file: "\(name).safetensors", contents: bytes,
        architecture: try Dictionary(describing: training),
        trainingData: "\(names), people held out by seed \(heldOutSeed), share \(heldOut)",
        command: Invocation.text, seed: training.seed, metrics: metrics,
        license: Invocation.weightsLicense,
        notes: "numbers of 0…100; below 50 a picture says too little to decide on",
        madeWith: try manifest.sums(of: [FaceEmbedder.modelName])),
      folder: models)
    Console.say("wrote \(models)/\(name).safetensors")
  }
}

/// Data without anybody to learn from, or anybody to set limits by.
private struct QualityDataError: Error, CustomStringConvertible {
  let known, unseen: Int

  var description: String {
    "\(known) pictures to learn from and \(unseen) of people held out; expected some of both"
  }
}
