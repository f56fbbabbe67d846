import AttackSets
import Attacks
import Embedders
import FaceFinding
import Images
import ModelStore
import Reconstruction
import Screening
import UseCases

extension LoadedModels {
  /// What may be asked of an attack.
  static let attackOptions = [
    "aligned", "attack", "iterations", "probe_landmarks", "seed", "target_landmarks", "theta",
    "whole",
  ]
  /// The largest whole number up to which a JSON number holds all.
  private static let largestSeed = 1 << 53

  /// Changes a face until f_C, or what decides at the door, takes it for another; 0 found, 1 not found.
  func attack(
    _ probe: PictureInput, _ target: PictureInput, _ options: RequestOptions
  ) throws -> Answer {
    let iterations = try options.integer("iterations", in: 1...1_000_000)
    let name = try options.text("attack") ?? "minimum-norm"
    guard let named = AttackCatalogue.find(name, iterations: iterations) else {
      throw Problem.malformed(
        "'attack' is none of \(AttackCatalogue.all().map(\.name).joined(separator: ", "))")
    }
    let seed = UInt64(try options.integer("seed", in: 0...Self.largestSeed) ?? 1)
    let warden = door.warden
    let isAtDoor = options.has("theta") && (try? options.text("theta")) == "door"
    let theta =
      try isAtDoor
      ? warden.verificationPoint.theta
      : options.number("theta", in: 0.0001...4).map { Float($0) } ?? 0.4
    let isWhole = try options.flag("whole")
    guard try !isWhole || options.place(of: "probe") == nil && options.place(of: "target") == nil
    else {
      throw Problem.malformed("'whole' finds faces; 'aligned' and landmarks are not for it")
    }
    let embedder = warden.screen.extractor.reconstructor.embedder
    let victim = isAtDoor ? warden.deciding : DecidingEmbedders(embedder)
    let witness = named.sees(.witness) ? warden.screen.extractor.witness : nil
    guard witness != nil || !named.sees(.witness) else {
      throw Problem.malformed("'\(name)' needs f_V, which the models lack")
    }
    let screen =
      named.sees(.screen)
      ? ScreenKnowledge(warden.screen, threshold: warden.pairPoint.threshold) : nil
    let goal = try face(target, name: "target", options).face
    let photograph = try isWhole ? photograph(probe) : nil
    let batch =
      if let photograph {
        AttackBatch(
          photographs: [photograph], targets: [goal], seed: seed, victim: victim, witness: witness,
          screen: screen)
      } else {
        AttackBatch(
          sources: [try face(probe, name: "probe", options).face], targets: [goal], seed: seed,
          victim: victim, witness: witness, screen: screen)
      }
    let found = named.attack.attack(batch, thetas: [theta])[0][0]
    // What counts is the file: write it, read it, measure again.
    let file = try RGBImage.decode(try found.picture.pngData(), name: "the result").image
    let report = AttackReport(
      named, found, file: file, photograph: photograph, goal: goal, victim: victim,
      names: (victim.modelName, nil), sums: (isAtDoor ? decidingSum : victimSum, nil), seed: seed)
    return try Answer(report, status: report.success ? 0 : 1, picture: file)
  }

  /// A photograph to change, and where its face is.
  private func photograph(_ picture: PictureInput) throws -> AttackedPhotograph {
    let finder = try faceFinder()
    let request = picture.request(name: "probe")
    return try door.reader.withImage(of: request, bytesPerPixel: finder.bytesPerPixel) {
      try AttackedPhotograph($0, name: picture.path ?? "probe", finder: finder)
    }
  }
}
