import AdversarialAttacks
import AdversarialDetection
import Checkpoints
import CommandLineArguments
import FaceVerification
import Foundation
import Images
import NeuralNetworks
import Tensors

/// `facewarden attack`: one adversarial picture.
struct AttackOne: Subcommand {
  static let command = Command(
    "attack", "changes a face as little as possible so that f_C takes it for another (equation 8)",
    discussion: "Exit status: 0 found, 1 not found, 2 failed, 64 wrong usage.",
    positionals: [
      Positional("PROBE", "the picture to change"),
      Positional("TARGET", "the face to be taken for"),
    ],
    options: [SharedOptions.models] + SharedOptions.pictures + [
      .value("--theta", "D2", "The distance² to undercut, 0…4; 0.4 if not given."),
      .value("--iterations", "N", "Gradients at each threshold on the way; 12 if not given."),
      .value("-o", "FILE", "The PNG to write, an aligned face.", isRequired: true),
      .flag("--json", "Prints what came of it as one JSON object."),
    ])

  private let arguments: Arguments
  private let theta: Float
  private let iterations: Int
  private let output: String

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    theta = Float(try arguments.optional("--theta", .number(in: 0.0001...4)) ?? 0.4)
    iterations = try arguments.optional("--iterations", .integer(in: 1...10_000)) ?? 12
    output = try arguments.value("-o", .text)
    if !arguments.flag("--aligned") && arguments.text("--landmarks") == nil {
      _ = try arguments.pictureSource()
    }
  }

  private struct Report: Codable {
    var success: Bool
    var theta, distance2_before, distance2_after: Float
    var perturbation: Perturbation
    var gradients: Int
  }

  func run() throws -> Int32 {
    let source = try arguments.pictureSource()
    let (probe, target) = try (
      source.face(path: arguments.value("PROBE", .text)),
      source.face(path: arguments.value("TARGET", .text))
    )
    let embedder = try FaceEmbedder(
      of: ModelManifest(folder: arguments.modelsFolder), folder: arguments.modelsFolder)
    var attack = MinimumNormAttack(on: embedder)
    attack.iterations = iterations
    let goal = embedder.unitEmbeddings(of: Variable(Tensor([target.face]))).value
    // Larger thresholds on the way are easier, and each is a good start for the next.
    let way = [1.0, 0.8, 0.6].filter { $0 > theta } + [theta]
    guard let result = attack.attack([probe.face], targets: goal, thetas: way)[0].last else {
      return 2
    }
    guard result.distanceBefore >= theta else {
      Console.error("the pair is below θ before any change: distance² \(result.distanceBefore)")
      return 1
    }
    // What counts is the file: write it, read it, measure again.
    let bytes = try result.picture.pngData()
    let decoded = try RGBImage.decode(bytes, name: output)
    let distances = embedder.unitEmbeddings(of: Variable(Tensor([decoded.image])))
      .squaredRowDistances(to: Variable(goal))
    let after = distances.value[0]
    let report = Report(
      success: after < theta, theta: theta, distance2_before: result.distanceBefore,
      distance2_after: after, perturbation: result.perturbation, gradients: result.gradients)
    if report.success { try decoded.image.writePNG(to: output) }
    if arguments.flag("--json") {
      let encoder = JSONEncoder()
      encoder.outputFormatting = .sortedKeys
      print(String(decoding: try encoder.encode(report), as: UTF8.self))
    } else {
      print(
        String(
          format:
            "%@: distance² %.4f before, %.4f after; L2 %.1f, RMS %.3f, largest %d grey levels",
          report.success ? "found" : "not found", report.distance2_before, after,
          result.perturbation.l2, result.perturbation.rms, result.perturbation.maximum))
    }
    return report.success ? 0 : 1
  }
}
