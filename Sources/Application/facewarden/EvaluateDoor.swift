import AttackSets
import Attacks
import CommandLineArguments
import Embedders
import Experiments
import FaceDatasets
import FaceFinding
import Files
import Foundation
import Images
import ModelStore
import Reconstruction
import Screening

/// `facewarden evaluate door`: what attackers as they come get past the complete decision.
struct EvaluateDoor: Subcommand, CommandSettings {
  static let command = Command(
    "evaluate door",
    "attacks the door as it decides, and reports what gets in, by change, knowledge, family and path",
    discussion: """
      Pairs of strangers of LFW are attacked at the door's own threshold; the files are then judged as \
      'verify' judges them. Beside them untouched pairs, as they are and after ordinary handling. All of it is \
      kept in the state folder, pair by pair: the same command goes on where it was broken off, and several \
      shards may work in one folder; without '--shard' the report is made of what all of them did.

      A folder without a screen is judged by distance² alone, and the report says so. What the models lack \
      (f_v, screen, face_detector) leaves out the rows that need it. The rows:

      \(list)
      """,
    options: options)

  /// A line for each row, for the help.
  private static var list: String {
    let quick = Set(DoorTrial.catalogue(quick: true).map(\.name))
    return DoorTrial.catalogue().map { trial in
      let gap = String(repeating: " ", count: max(1, 32 - trial.name.count))
      return "  \(trial.name)\(gap)knows \(trial.knowledge.rawValue)"
        + (quick.contains(trial.name) ? "; quick, too" : "")
    }.joined(separator: "\n")
  }

  private var models = ModelsFolder()
  private var lfw = ""
  private var view = 2
  private var state = ""
  private var isQuick = false
  private var givenPairs: Int?
  private var rows: [String]?
  private var iterations: Int?
  private var strength: Int?
  private var givenUntouched: Int?
  private var folders: [String] = []
  private var givenExamples: Int?
  private var seed: UInt64 = 1
  private var shard: Shard?
  private var finding = FindingOptions()
  private var thresholds = ThresholdOptions()
  private var output = ExperimentOutput()
  private var trials: [DoorTrial] = []

  static let settings: [Setting<Self>] =
    part(\.models) + [
      .required(
        "--lfw", "DIR",
        "The folder of LFW: view1.tar, view2.tar, landmarks.csv, the lists of pairs.", \.lfw, .text),
      .value(
        "--view", "N", "LFW's view: 1 (its test pairs) for choosing, 2 for reporting.", \.view,
        .integer(in: 1...2)),
      .required(
        "--state", "DIR", "Where everything done is kept.", \.state, .text, isRecorded: false),
      .flag(
        "--quick", "A short form: fewer rows, 3 pairs each; minutes instead of many hours.",
        \.isQuick),
      .optional(
        "--pairs", "N", "Pairs of strangers a row; 300, quick 3, if not given.", \.givenPairs,
        .integer(in: 1...100_000)),
      .optional("--rows", "NAME,…", "Some rows alone, from the list above.", \.rows, .names),
      .optional(
        "--iterations", "N", "Gradients or rounds instead of each attack's own number.",
        \.iterations, .integer(in: 1...1_000_000)),
      .optional(
        "--strength", "N",
        "Also attacks N pairs of each row with twice the steps, and with three restarts, and tells where "
          + "that lets in more.", \.strength, .integer(in: 1...100_000)),
      .optional(
        "--untouched", "N",
        "Untouched pairs of each kind and source; 300, quick 30, if not given.", \.givenUntouched,
        .integer(in: 1...100_000)),
      .repeated(
        "--bona-fide", "DIR",
        "Another source of untouched pairs: aligned person/picture; may be repeated.", \.folders,
        .text),
      .optional(
        "--examples", "N",
        "Pairs of drawn people whose attacked pictures go to DIR/examples; 3, quick 1, if not given.",
        \.givenExamples, .integer(in: 0...1000)),
      .value("--seed", "N", "The seed of all that is random.", \.seed, .unsignedInteger),
      .optional(
        "--shard", "I/N", "Only the I-th of N parts of each row, counted from 1; no report.",
        \.shard, .shard),
    ] + part(\.finding) + part(\.thresholds) + part(\.output)

  private var pairs: Int { givenPairs ?? (isQuick ? 3 : 300) }
  private var untouched: Int { givenUntouched ?? (isQuick ? 30 : 300) }
  private var examples: Int { givenExamples ?? (isQuick ? 1 : 3) }

  mutating func check(_ arguments: Arguments) throws {
    _ = try arguments.optional("--strength", .integer(in: 1...pairs))
    trials = try Self.trials(rows, quick: isQuick, iterations: iterations)
    if shard != nil {
      let given = ["-o", "--examples"].filter(arguments.has)
      if let name = given.first ?? (arguments.flag("--json") ? "--json" : nil) {
        throw UsageError.conflict(
          "'\(name)' goes with the report, which is made without '--shard'")
      }
    }
  }

  private static func trials(_ names: [String]?, quick: Bool, iterations: Int?) throws
    -> [DoorTrial]
  {
    guard let names else { return DoorTrial.catalogue(quick: quick, iterations: iterations) }
    // Of rows that both forms have, the short form's settings count where it is asked for.
    let own = quick ? DoorTrial.catalogue(quick: true, iterations: iterations) : []
    let all =
      own
      + DoorTrial.catalogue(iterations: iterations).filter { row in
        !own.contains { $0.name == row.name }
      }
    var chosen: [DoorTrial] = []
    for name in names
    where !chosen.contains(where: { $0.name == name }) {
      guard let row = all.first(where: { $0.name == name }) else {
        throw UsageError.invalidValue(
          name: "option '--rows'", value: name,
          expected: all.map(\.name).joined(separator: ", "))
      }
      chosen.append(row)
    }
    return chosen
  }

  func run() throws -> Int32 {
    Interruption.observe()
    try output.prepare()
    let door = try DoorModels(models, thresholds)
    let ground = try ground(door)
    let sources = try sources()
    try OutputFolder.make(state)
    let evaluation = try DoorEvaluation(
      state: state,
      settings: DoorSettings(
        models: door.words, judge: door.judge,
        data: "LFW View \(view), \(try SHA256.hex(ofFile: lfw + "/" + list))", seed: seed),
      trials: trials, ground: ground, bonaFide: sources, judge: door.judge,
      strength: strength ?? 0)
    for words in evaluation.leftOut { Console.say("left out: \(words)") }
    let start = Date()
    let isDone = try evaluation.work(
      shard: shard.map { ($0.number, $0.count) } ?? (1, 1),
      progress: { progress in
        let rate = progress.worked / max(1e-9, Date().timeIntervalSince(start))
        Console.progress(
          "row \(progress.rowPlace) of \(progress.rows), \(progress.row): \(progress.done) of "
            + "\(progress.count) pairs \(progress.isAttacking ? "attacked" : "judged")  \(Console.duration(progress.left / rate)) left"
        )
      }, shouldStop: { Interruption.isRequested })
    Console.endProgress()
    guard isDone else { return stopped() }
    if let shard {
      Console.say(
        "part \(shard.number) of \(shard.count) is done; without '--shard' the report is made")
      return 0
    }
    let report = try evaluation.report()
    if let folder = output.folder, examples > 0 {
      let drawn = DoorExamples(
        examples, people: DoorExamples.People(seed: seed), trials: trials, ground: ground,
        judge: door.judge, seed: seed, state: state + "/examples")
      guard
        try drawn.write(
          to: folder + "/examples",
          progress: { ExperimentOutput.progress("examples", $0, $1) },
          shouldStop: { Interruption.isRequested })
      else { return stopped() }
    }
    try output.write(
      report,
      facts: [
        ("models", door.words.joined(separator: ", ")),
        (
          "data",
          "LFW View \(view), \(pairs) pairs of strangers a row, \(untouched) untouched pairs of each kind and source"
        ),
        ("seed", "\(seed)"),
      ])
    return 0
  }

  private func stopped() -> Int32 {
    Console.say("stopped; the same command continues")
    return 2
  }

  /// The list of pairs.
  private var list: String { view == 2 ? "pairs.txt" : "pairsDevTest.txt" }

  /// What attackers get: the first pairs of each fold, one way.
  private func ground(_ door: DoorModels) throws -> DoorGround {
    let lists = try LFWProtocol(path: lfw + "/" + list)
    let faces = try LFWFaces(directory: lfw)
    let all = AttackPairs.mismatched(of: lists).filter { $0.id.hasSuffix("-a") }
    var ground = DoorGround(
      networks: door.networks, victimSum: door.victimSum, victimName: FaceEmbedder.modelName,
      pairs: Self.rounds(all, pairs),
      pairsWithOther: Self.rounds(
        AttackPairs.withOtherEnrolled(all, people: AttackPairs.people(of: lists)), pairs),
      faces: AttackPictures { try faces.face(named: $0) })
    (ground.witnessSum, ground.screenSum) = (door.witnessSum, door.screenSum)
    ground.fused = door.fused
    guard let finder = try door.hasFinder ? finding.finder(models) : nil else { return ground }
    var photographs = AttackPictures {
      try finder.face(in: faces.image(named: $0), name: $0).aligned
    }
    photographs.photograph = { try faces.image(named: $0) }
    photographs.find = { try AttackedPhotograph($0, name: $1, finder: finder) }
    ground.photographs = photographs
    let inputs = door.judge.ownInputs
    ground.seen = {
      try FacePicture(image: $0, name: $1, place: .found(finder), ownInputs: inputs)
    }
    return ground
  }

  /// The first pairs of each fold, round by round.
  private static func rounds(_ pairs: [AttackPair], _ count: Int) -> [AttackPair] {
    let folds = Dictionary(grouping: pairs) { $0.fold ?? 0 }.sorted { $0.key < $1.key }.map(\.value)
    let rounds = (0..<(folds.map(\.count).max() ?? 0)).flatMap { round in
      folds.compactMap { round < $0.count ? $0[round] : nil }
    }
    return Array(rounds.prefix(count))
  }

  private func sources() throws -> [BonaFidePairs] {
    let faces = try LFWFaces(directory: lfw)
    let own = BonaFidePairs(
      "LFW View \(view)",
      BonaFidePairs.chosen(from: try LFWProtocol(path: lfw + "/" + list).pairs, count: untouched)
    ) { try faces.face(named: $0) }
    return [own]
      + (try folders.map { folder in
        BonaFidePairs(
          (folder as NSString).lastPathComponent,
          BonaFidePairs.chosen(from: try AttackPairs.pictures(in: folder), count: untouched)
        ) { try FacePicture(path: folder + "/" + $0, landmarks: nil).face }
      })
  }
}

/// The models of a door that is evaluated: what decides, and what attackers may see of it.
private struct DoorModels {
  let judge: any DoorJudging
  let networks: AttackNetworks
  /// Both networks as the door fuses them, and what their distance² depends on.
  let fused: (networks: DecidingEmbedders, sum: String)?
  let victimSum: String
  let witnessSum, screenSum: String?
  /// Names and checksums.
  let words: [String]
  /// Whether there is what finds faces in photographs.
  let hasFinder: Bool

  init(_ models: ModelsFolder, _ thresholds: ThresholdOptions) throws {
    let folder = models.path
    let manifest = try ModelManifest(folder: folder)
    func has(_ name: String) -> Bool { manifest.models.contains { $0.name == name } }
    hasFinder = has(FaceDetector.modelName)
    victimSum = try manifest.distanceIdentity()
    let hasWitness = has(FaceEmbedder.witnessName)
    witnessSum = hasWitness ? try manifest.distanceIdentity(of: FaceEmbedder.witnessName) : nil
    func witness() throws -> FaceEmbedder? {
      hasWitness ? try FaceEmbedder(FaceEmbedder.witnessName, of: manifest, folder: folder) : nil
    }
    let deciding: DecidingEmbedders
    if has(AdversarialDetector.modelName) && has(FaceReconstructor.modelName) {
      let warden = try thresholds.warden(models)
      judge = WardenJudge(warden)
      networks = AttackNetworks(
        victim: DecidingEmbedders(warden.screen.extractor.reconstructor.embedder),
        witness: try warden.screen.extractor.witness ?? witness(),
        screen: ScreenKnowledge(warden.screen, threshold: warden.pairPoint.threshold))
      let sums = warden.models.map { "\($0.name) \($0.sha256)" }
      screenSum = ([warden.pairPoint.name] + sums).joined(separator: ", ")
      words = sums
      deciding = warden.deciding
    } else {
      deciding = try DecidingEmbedders(of: manifest, folder: folder)
      judge = DistanceJudge(
        deciding, match: try thresholds.verificationPoint(of: deciding.modelName, manifest))
      networks = AttackNetworks(
        victim: DecidingEmbedders(deciding.embedder),
        witness: try deciding.second?.witness ?? witness())
      screenSum = nil
      words =
        ["\(FaceEmbedder.modelName) \(try manifest.entry(FaceEmbedder.modelName).sha256)"]
        + (try hasWitness
          ? ["\(FaceEmbedder.witnessName) \(manifest.entry(FaceEmbedder.witnessName).sha256)"] : [])
    }
    fused =
      try deciding.second == nil
      ? nil : (deciding, manifest.distanceIdentity(of: deciding.modelName))
  }
}
