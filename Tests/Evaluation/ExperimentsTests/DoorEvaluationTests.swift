import AttackSets
import Attacks
import Embedders
import FaceDatasets
import Foundation
import Images
import ModelStore
import NeuralNetworks
import PictureTensors
import Reports
import Screening
import SeededRandom
import Tensors
import TestSupport
import Testing

@testable import Experiments

/// A small door: an untrained network, patterned people, and a screen that minds only large changes.
enum SmallDoor {
  static let embedder: FaceEmbedder = embedder(seed: 3)
  static let witness: FaceEmbedder = embedder(seed: 5)

  private static func embedder(seed: UInt64) -> FaceEmbedder {
    let architecture = EmbedderArchitecture(
      widths: [4, 6], convolutions: [1, 1], embedding: 8, view: FaceView(resolution: 16))
    var random = SplitMix64(seed: seed)
    return FaceEmbedder(architecture, architecture.initialParameters(using: &random))
  }

  static func face(_ name: String) throws -> RGBImage {
    let parts = name.split(separator: "/").compactMap { Int($0) }
    guard parts.count == 2 else { throw DatasetError.missing(source: name) }
    return SyntheticPeople.picture(person: parts[0], variant: parts[1], side: 128)
  }

  static let pairs = (0..<6).map {
    AttackPair(id: "p\($0)", source: "\($0)/0", target: "\($0 + 20)/0", fold: $0 % 2)
  }

  /// A threshold that the closest of the pairs is below untouched, and no other.
  static let match: OperatingPoint = {
    let distances = pairs.compactMap { pair -> Float? in
      guard let a = try? face(pair.source), let b = try? face(pair.target) else { return nil }
      let rows = embedder.unitEmbeddings(of: Variable(Tensor([a, b]))).value
      return squaredDistance(rows.entries(0..<1).numbers, rows.entries(1..<2).numbers)
    }.sorted()
    return OperatingPoint(name: "given", threshold: Double(distances[0] + distances[1]) / 2)
  }()

  /// Refuses pairs whose distance² is just below the threshold.
  struct Screened: DoorJudging {
    let base = DistanceJudge(DecidingEmbedders(SmallDoor.embedder), match: SmallDoor.match)
    var hasScreen: Bool { true }
    var match: OperatingPoint { base.match }
    var screenPoint: OperatingPoint? { OperatingPoint(name: "bpcer-1e-2", threshold: 0.5) }
    var ownInputs: [FaceInput] { [] }

    func answers(_ probes: [FacePicture], against reference: FacePicture) -> [DoorAnswer] {
      base.answers(probes, against: reference).map { answer in
        var answer = answer
        let share = (answer.distance ?? 0) / match.threshold
        answer.tampered = (0.8..<1).contains(share)
        answer.probeTampered = false
        answer.tampering = answer.tampered == true ? 0.9 : 0.1
        answer.accepted = answer.accepted && answer.tampered == false
        return answer
      }
    }
  }

  static let trials: [DoorTrial] = {
    let aim = AttackAim([.init(.decider), .init(.witness, below: .fixed(0.01))])
    let search = NormDecoupledAttack(iterations: 6)
    return [
      DoorTrial(
        NamedAttack("noise", "", EqualNormNoise(reference: MinimumNormAttack(iterations: 2))),
        .aligned, knowledge: .nothing),
      DoorTrial(
        NamedAttack("minimum-norm", "", MinimumNormAttack(iterations: 2, approach: 6)), .aligned,
        depths: [1, 0.5]),
      DoorTrial(
        NamedAttack("both", "", ComposedAttack(search, AttackSetup(aim: aim))), .aligned),
      DoorTrial(
        NamedAttack("jpeg", "", ComposedAttack(search, AttackSetup(store: .jpeg(quality: 90)))),
        .stored),
      DoorTrial(
        NamedAttack("minimum-norm", "", MinimumNormAttack(iterations: 2, approach: 6)), .aligned,
        isFused: true),
      DoorTrial(NamedAttack("whole", "", search), .whole),
      DoorTrial(NamedAttack("other", "", search), .otherReference, depths: [0.5]),
    ]
  }()

  static var ground: DoorGround {
    var ground = DoorGround(
      networks: AttackNetworks(victim: DecidingEmbedders(embedder), witness: witness),
      victimSum: "c", pairs: pairs,
      pairsWithOther: pairs.prefix(3).map {
        AttackPair(
          id: $0.id, source: $0.source, target: $0.target, fold: $0.fold,
          enrolled: $0.target.replacing("/0", with: "/1"))
      }, faces: AttackPictures { try face($0) })
    ground.witnessSum = "v"
    return ground
  }

  static var bonaFide: [BonaFidePairs] {
    let list = (0..<1).flatMap { person in
      [
        LFWPair(first: "\(person)/0", second: "\(person)/1", same: true, fold: 0),
        LFWPair(first: "\(person)/0", second: "\(person + 9)/0", same: false, fold: 0),
      ]
    }
    return [BonaFidePairs("patterns", list) { try face($0) }]
  }

  static func evaluation(
    _ state: String, judge: any DoorJudging = Screened(), seed: UInt64 = 1,
    trials: [DoorTrial] = trials, strength: Int = 0
  ) throws -> DoorEvaluation {
    func settings(_ judge: some DoorJudging) -> DoorSettings {
      DoorSettings(models: ["c", "v"], judge: judge, data: "patterns", seed: seed)
    }
    return try DoorEvaluation(
      state: state, settings: settings(judge), trials: trials, ground: ground, bonaFide: bonaFide,
      judge: judge, strength: strength)
  }

  static func json(_ report: DoorReport) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted]
    return String(decoding: try encoder.encode(report), as: UTF8.self)
  }
}

@Suite struct DoorEvaluationTests {
  /// The report of an uninterrupted evaluation, made once.
  private static let whole: Result<DoorReport, any Error> = Result {
    try withTemporaryFolder { (state: String) throws -> DoorReport in
      let evaluation = try SmallDoor.evaluation(state)
      #expect(try evaluation.work())
      return try evaluation.report()
    }
  }

  @Test("the report has every species, counts failures, and leaves out what matched untouched")
  func complete() throws {
    let report = try Self.whole.get()
    #expect(
      report.rows.map(\.name) == [
        "aligned-noise", "aligned-minimum-norm", "aligned-minimum-norm", "aligned-both",
        "stored-jpeg", "other-reference-other",
      ])
    #expect(
      report.leftOut == [
        "aligned-minimum-norm-fusion: the models have no fusion",
        "whole-whole: the models have no face_detector",
      ])
    let rows = report.rows
    #expect(
      rows[1].theta == Float(SmallDoor.match.threshold).nextDown || rows[1].theta > rows[2].theta)
    for row in rows where row.path != .otherReference {
      #expect(row.pairs == 5 && row.matchedBefore == 1, "\(row.name)")
      #expect(row.outcome.iapar.of == 5 && row.apcer?.of == 5)
      let shares = row.outcome.within.map(\.share)
      #expect(shares == shares.sorted() && (shares.last ?? 0) <= row.outcome.iapar.share)
      #expect(row.outcome.iapar.count <= row.matched.count)
    }
    // What ends just below the threshold is seen by this screen, what goes deeper is not.
    #expect(rows[0].outcome.iapar.count == 0 && rows[0].knowledge == .nothing)
    #expect(rows[1].matched.count == 5 && rows[1].outcome.iapar.count == 0)
    #expect(rows[1].apcer?.count == 0)
    #expect(rows[2].outcome.iapar.count == 5 && rows[2].apcer?.count == 5)
    #expect(rows[1].outcome.halfRMS.value == nil && rows[2].outcome.halfRMS.value != nil)
    #expect(
      report.byKnowledge.map(\.name) == ["nothing", "f_C", "f_C and f_V"])
    let shares = report.byKnowledge.map(\.outcome.iapar.count)
    #expect(shares == shares.sorted())
    #expect(report.byPath.map(\.name) == ["aligned", "stored", "other-reference"])
    let source = try #require(report.sources.first)
    #expect(source.genuine.of == 1 && source.strangers.of == 1)
    #expect(source.handlings.map(\.handling) == OrdinaryHandling.allCases)
    #expect(source.handlings[0].genuine == source.genuine)
    for part in [report.text, report.page(facts: []).html] {
      for word in ["IAPAR", "APCER", "BPCER", "aligned-both", "low-light", "face_detector"] {
        #expect(part.contains(word), "\(word)")
      }
    }
    #expect(try WellFormed.elements(of: report.page(facts: []).html)["table"] == 7)
    #expect(report.charts.map(\.name) == ["by-knowledge", "by-path"])
  }

  @Test("an evaluation broken off anywhere gives the same report to the byte") func resumed() throws
  {
    let expected = try SmallDoor.json(Self.whole.get())
    try withTemporaryFolder { (state: String) throws -> Void in
      var (isDone, runs) = (false, 0)
      while !isDone && runs < 60 {
        // Stopped where it asks for the third time.
        var asked = 0
        isDone = try SmallDoor.evaluation(state).work(shouldStop: {
          asked += 1
          return asked > 3
        })
        runs += 1
        if !isDone {
          #expect(throws: DoorStateError.self) { try SmallDoor.evaluation(state).report() }
        }
      }
      #expect(isDone && runs > 3)
      #expect(try SmallDoor.json(SmallDoor.evaluation(state).report()) == expected)
      // Killed in the middle of a line.
      for file in [
        "bona-fide/answers.jsonl", "rows/aligned-both/answers.jsonl",
        "rows/aligned-both/manifest.jsonl",
      ] {
        let url = URL(fileURLWithPath: "\(state)/\(file)")
        let data = try Data(contentsOf: url)
        try data.prefix(data.count * 2 / 3).write(to: url)
      }
      #expect(try SmallDoor.evaluation(state).work())
      #expect(try SmallDoor.json(SmallDoor.evaluation(state).report()) == expected)
    }
  }

  @Test("shards of any number make the same report, and none of them alone") func shards() throws {
    let expected = try SmallDoor.json(Self.whole.get())
    try withTemporaryFolder { (state: String) throws -> Void in
      for shard in 1...2 {
        #expect(throws: DoorStateError.self) { try SmallDoor.evaluation(state).report() }
        #expect(try SmallDoor.evaluation(state).work(shard: (shard, 2)))
      }
      #expect(try SmallDoor.json(SmallDoor.evaluation(state).report()) == expected)
      // Nothing is left to attack for whoever makes the report.
      var told: [DoorEvaluation.Progress] = []
      #expect(try SmallDoor.evaluation(state).work(progress: { told.append($0) }))
      #expect(told.allSatisfy { !$0.isAttacking } && told.last?.left == 0)
    }
  }

  @Test("a state of another door, seed or format is left alone; a bad line is named")
  func refusals() throws {
    try withTemporaryFolder { (state: String) throws -> Void in
      let rows = Array(SmallDoor.trials.prefix(1))
      _ = try SmallDoor.evaluation(state, trials: rows)
      #expect(throws: DoorStateError.otherDoor(folder: state)) {
        try SmallDoor.evaluation(state, seed: 2, trials: rows)
      }
      let plain = DistanceJudge(DecidingEmbedders(SmallDoor.embedder), match: SmallDoor.match)
      #expect(throws: DoorStateError.otherDoor(folder: state)) {
        try SmallDoor.evaluation(state, judge: plain, trials: rows)
      }
      let folder = state + "/bona-fide"
      try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
      try Data("{}\n".utf8).write(to: URL(fileURLWithPath: folder + "/answers.jsonl"))
      #expect(throws: DoorStateError.badLine(file: folder + "/answers.jsonl", line: 1)) {
        try SmallDoor.evaluation(state, trials: rows).work()
      }
    }
  }

  @Test("without a screen its columns say so, and distances decide alone") func screenless() throws
  {
    try withTemporaryFolder { (state: String) throws -> Void in
      let judge = DistanceJudge(DecidingEmbedders(SmallDoor.embedder), match: SmallDoor.match)
      let evaluation = try SmallDoor.evaluation(
        state, judge: judge, trials: Array(SmallDoor.trials.prefix(2)))
      #expect(try evaluation.work())
      let report = try evaluation.report()
      #expect(report.screen == nil && report.rows.allSatisfy { $0.apcer == nil })
      #expect(report.rows[1].outcome.iapar.count == report.rows[1].matched.count)
      #expect(report.rows[1].outcome.iapar.count == 5)
      #expect(report.sources[0].bpcer == nil && report.text.contains("no screen"))
    }
  }

  @Test("where two networks decide, who aims at both ends at the door, and who knows one does not")
  func fused() throws {
    let fusion = try #require(EmbeddingFusion(weight: 0.5))
    let deciding = DecidingEmbedders(SmallDoor.embedder, second: (SmallDoor.witness, fusion))
    let judge = DistanceJudge(
      deciding, match: OperatingPoint(name: "given", threshold: SmallDoor.match.threshold / 2))
    var ground = SmallDoor.ground
    ground.fused = (deciding, "fused")
    let trials = SmallDoor.trials.filter { $0.attack.name == "minimum-norm" }
    #expect(trials.map(\.isFused) == [false, true] && trials[1].knowledge == .both)
    try withTemporaryFolder { (state: String) throws -> Void in
      let evaluation = try DoorEvaluation(
        state: state,
        settings: DoorSettings(models: ["c", "v"], judge: judge, data: "patterns", seed: 1),
        trials: trials, ground: ground, bonaFide: SmallDoor.bonaFide, judge: judge)
      #expect(try evaluation.work() && evaluation.leftOut.isEmpty)
      let rows = try evaluation.report().rows
      #expect(rows.map(\.name).last == "aligned-minimum-norm-fusion")
      let aimed = try #require(rows.last)
      #expect(aimed.pairs > 0 && aimed.outcome.iapar.count == aimed.pairs)
      #expect(rows[0].outcome.iapar.share < 1)
      let manifest = try String(
        contentsOfFile: state + "/rows/aligned-minimum-norm-fusion/settings.json", encoding: .utf8)
      #expect(manifest.contains(#""embedder_name" : "fusion""#))
    }
  }

  @Test("what cannot be judged is denied by name") func unusable() throws {
    let judge = SmallDoor.Screened()
    let face = try FacePicture(image: SmallDoor.face("0/0"), name: "a", place: .aligned)
    let bad = Result<FacePicture, any Error>.failure(DatasetError.missing(source: "x"))
    let said = judge.answers([.success(face), bad, .success(face)], against: .success(face))
    #expect(said.map(\.code) == [nil, "unusable_picture", nil])
    #expect(said.map(\.accepted) == [true, false, true])
    let none = judge.answers([.success(face)], against: bad)
    #expect(none == [.none(code: "unusable_reference")])
  }

  @Test("the examples are drawn people, attacked and untouched") func examples() throws {
    try withTemporaryFolder { (folder: String) throws -> Void in
      let (out, state) = (folder + "/out", folder + "/state")
      let examples = DoorExamples(
        1, people: DoorExamples.People(seed: 1, side: 64), trials: SmallDoor.trials,
        ground: SmallDoor.ground,
        judge: DistanceJudge(
          DecidingEmbedders(SmallDoor.embedder), match: .init(name: "", threshold: 1e-3)),
        seed: 1, state: state)
      #expect(try examples.write(to: out))
      #expect(
        try names(in: out + "/drawn-1") == [
          "aligned-both.png", "aligned-minimum-norm-0.00.png", "aligned-noise.png",
          "stored-jpeg.png", "target.png", "untouched.png",
        ])
      let list = try JSONDecoder().decode(
        [DoorExamples.Example].self,
        from: Data(contentsOf: URL(fileURLWithPath: out + "/examples.json")))
      #expect(list.count == 5 && list.allSatisfy { $0.answer != nil })
    }
  }
}
