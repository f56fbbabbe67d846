import AdversarialAttacks
import AdversarialDetection
import Checkpoints
import CommandLineArguments
import Experiments
import FaceDatasets
import FaceVerification
import Foundation
import Images

/// `facewarden attack-set`: adversarial pictures of many pairs.
struct MakeAttackSet: Subcommand {
  static let command = Command(
    "attack-set", "attacks many pairs at several thresholds and keeps a manifest of all of it",
    discussion: "Each mismatched pair of LFW is attacked both ways.",
    options: [
      SharedOptions.models,
      .value("--pairs", "FILE", "LFW's pairs.txt, or a CSV of source,target.", isRequired: true),
      .value(
        "--images", "DIR", "LFW's folder, or the folder of the CSV's aligned pictures.",
        isRequired: true),
      .value(
        "--per-fold", "N", "Of LFW's pairs, so many mismatched ones a fold; all if not given."),
      .value("--thetas", "D2,D2,…", "The distances² to undercut; 0.4,0.6,0.8,1.0 if not given."),
      .value("--iterations", "N", "Gradients at each threshold; 12 if not given."),
      .value("--shard", "I/N", "Only the I-th of N parts, counted from 1."),
      .value(
        "-o", "DIR", "The folder of the set; the same command continues one broken off.",
        isRequired: true),
    ])

  private let arguments: Arguments
  private let pairsPath, images, output: String
  private let thetas: [Float]
  private let iterations: Int
  private let perFold: Int?
  private let shard: Shard

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    pairsPath = try arguments.value("--pairs", .text)
    images = try arguments.value("--images", .text)
    output = try arguments.value("-o", .text)
    thetas = (try arguments.optional("--thetas", .numbers(in: 0.0001...4)) ?? [0.4, 0.6, 0.8, 1])
      .map { Float($0) }
    iterations = try arguments.optional("--iterations", .integer(in: 1...10_000)) ?? 12
    perFold = try arguments.optional("--per-fold", .integer(in: 1...1_000_000))
    shard = try arguments.optional("--shard", .shard) ?? Shard(number: 1, count: 1)
  }

  func run() throws -> Int32 {
    Interruption.observe()
    let folder = arguments.modelsFolder
    let manifest = try ModelManifest(folder: folder)
    let embedder = try FaceEmbedder(of: manifest, folder: folder)
    let isCSV = pairsPath.hasSuffix(".csv")
    let all =
      isCSV
      ? try AttackPairs.csv(path: pairsPath)
      : AttackPairs.mismatched(of: try LFWProtocol(path: pairsPath), perFold: perFold)
    let pairs = all.indices.filter(shard.contains).map { all[$0] }
    let faces = isCSV ? nil : try LFWFaces(directory: images)
    let writer = try AttackSetWriter(
      folder: output,
      settings: AttackSetSettings(
        iterations: iterations, thetas: thetas,
        embedder: try manifest.distanceIdentity()),
      embedder: embedder, shard: (shard.number - 1, shard.count))
    let start = Date()
    var first: Int?
    try writer.write(
      pairs,
      picture: { name in
        if let faces { return try faces.face(named: name) }
        return try FacePicture(path: images + "/" + name, landmarks: nil).face
      },
      progress: { done, total in
        let began = first ?? done
        if first == nil { first = done }
        let rate = Double(done - began) / max(1e-9, Date().timeIntervalSince(start))
        Console.progress(
          "\(done) of \(total) pairs  \(Console.duration(Double(total - done) / rate)) left")
      }, shouldStop: { Interruption.isRequested })
    Console.endProgress()
    if Interruption.isRequested { return 2 }
    for row in try AttackSet(folder: output).summaries {
      print(
        String(
          format: "theta %.2f: %d of %d succeeded (%d below before), median RMS %.3f grey levels, "
            + "L2 %.1f, %.1f gradients", row.theta, row.succeeded, row.attacked, row.alreadyBelow,
          row.medianRMS, row.medianL2, row.meanGradients))
    }
    return 0
  }
}
