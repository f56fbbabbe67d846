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
struct TrainQuality: Subcommand, CommandSettings {
  static let command = Command(
    "train quality", "makes the model that tells pictures which show too little to decide on",
    discussion: """
      Faces are drawn under poor conditions (blur, few pixels, noise, fog, darkness and so on), and a \
      small network learns to tell from f_C's embedding how far they have moved it. Then the parts' \
      limits are set, on people held out and of LFW View 1: where strangers who share a condition match \
      too often, the part is raised that costs the fewest untouched pictures. The model belongs to this \
      f_C.
      """,
    options: options)

  private var models = ModelsFolder()
  private var data = LabelledData()
  private var pictures = 4000
  private var lfw: String?
  private var limits = 2000
  private var strangers = 150
  private var excess = 1.5
  private var kept: [String] = []
  private var unwanted: [ShootingCondition.Kind]?
  private var training = QualityTraining()

  static let settings: [Setting<Self>] =
    part(\.models) + part(\.data) + [
      .value(
        "--pictures", "N", "The most pictures to learn from.", \.pictures,
        .integer(in: 1...1_000_000)),
      .optional(
        "--lfw", "DIR", "LFW's folder; its View 1 takes part in setting the limits.", \.lfw, .text),
      .value(
        "--limits", "N", "The most untouched pictures of each source.", \.limits,
        .integer(in: 1...1_000_000)),
      .value(
        "--strangers", "N", "The most strangers of each source.", \.strangers,
        .integer(in: 2...100_000)),
      .value(
        "--discard", "SHARE", "The share of untouched pictures that may be refused, 0…0.2.",
        \.training.largestDiscard, .number(in: 0...0.2)),
      .value(
        "--excess", "N",
        "The false match rate under a condition, against that of untouched pictures.", \.excess,
        .number(in: 1...100)),
      .repeated(
        "--keep", "PATH",
        "Aligned pictures, or folders of them, that have to pass; may be repeated.", \.kept, .text),
      .optional(
        "--without", "KINDS", "Kinds of conditions that are not learnt, for a trial.", \.unwanted,
        kinds),
      .value(
        "--steps", "N", "Steps of the small network.", \.training.steps,
        .integer(in: 1...1_000_000)),
      .value(
        "--seed", "N", "Where all chance comes from.", \.training.seed, .unsignedInteger),
    ]

  /// `blur,fog`.
  private static let kinds = ValueReader<[ShootingCondition.Kind]>(
    expected: "of " + ShootingCondition.Kind.allCases.map(\.rawValue).joined(separator: ", ")
      + ", separated by commas"
  ) { text in
    let words = text.split(separator: ",")
    let kinds = words.compactMap { ShootingCondition.Kind(rawValue: String($0)) }
    return kinds.count == words.count ? kinds : nil
  } word: {
    $0.map(\.rawValue).joined(separator: ",")
  }

  mutating func check(_ arguments: Arguments) throws {
    guard data.heldOut >= 0.001 else {
      throw UsageError.invalidValue(
        name: "option '--held-out'", value: "\(data.heldOut)",
        expected: "a number from 0.001 to 0.5: the limits are set on people held out")
    }
    training.kinds.removeAll { unwanted?.contains($0) == true }
    guard !training.kinds.isEmpty else { throw UsageError.conflict("no kind of condition is left") }
  }

  func run() throws -> Int32 {
    let manifest = try ModelManifest(folder: models.path)
    let deciding = try DecidingEmbedders(of: manifest, folder: models.path)
    let embedder = deciding.embedder
    let detector =
      manifest.models.contains { $0.name == FaceDetector.modelName }
      ? try FaceDetector(of: manifest, folder: models.path) : nil
    let all = try IdentityDataset(sources: data.sources)
    Console.say(all.report)
    let (known, unseen) = all.split(heldOut: data.heldOut, seed: data.seed)
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
        faces, under: condition, generator: generator, deciding: deciding, network: network,
        detector: detector)
    }
    let point = try manifest.verificationPoint(of: deciding.modelName)
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
    try Publication.write(
      ModelEntry(
        name: name, file: "\(name).safetensors", contents: bytes,
        architecture: try Dictionary(describing: training),
        trainingData:
          "\(data.names.joined(separator: ", ")), people held out by seed \(data.seed), "
          + "share \(data.heldOut)",
        command: Invocation.text(of: ["train", "quality"] + words), seed: training.seed,
        metrics: metrics,
        license: Invocation.weightsLicense,
        notes: "numbers of 0…100; below 50 a picture says too little to decide on",
        madeWith: try manifest.sums(of: [FaceEmbedder.modelName])),
      bytes, into: models.path)
  }
}

/// Data without anybody to learn from, or anybody to set limits by.
private struct QualityDataError: Error, CustomStringConvertible {
  let known, unseen: Int

  var description: String {
    "\(known) pictures to learn from and \(unseen) of people held out; expected some of both"
  }
}
