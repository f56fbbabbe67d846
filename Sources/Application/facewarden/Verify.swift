import JSON
import Screening
import Checkpoints
import CommandLineArguments
import Foundation
import ScreeningService
import UseCases

/// `facewarden verify`: the verdict on one pair.
struct Verify: Subcommand {
  static let command = Command(
    "verify", "says whether two pictures show one person, and whether either was tampered with",
    discussion: "Exit status: 0 accept, 1 deny, 2 cannot decide, 64 wrong usage.",
    positionals: [
      Positional("PROBE", "the picture to be judged"),
      Positional("REFERENCE", "the picture it claims to match"),
    ],
    options: [SharedOptions.models] + SharedOptions.pictures + SharedOptions.thresholds + [
      .flag("--json", "Prints the verdict as one JSON object.")
    ])

  private let warden: () throws -> FaceWarden
  private let source: () throws -> PictureSource
  private let probe, reference: String
  private let json: Bool

  init(_ arguments: Arguments) throws {
    (probe, reference) = (
      try arguments.value("PROBE", .text), try arguments.value("REFERENCE", .text)
    )
    json = arguments.flag("--json")
    // What is wrong with the options is told before any file is read.
    let checked = arguments
    try checked.checkThresholds()
    try checked.checkPictureSource()
    warden = { try checked.warden() }
    source = { try checked.pictureSource() }
  }

  func run() throws -> Int32 {
    let verdict: Verdict
    do {
      let source = try source()
      let pictures = try (source.face(path: probe), source.face(path: reference))
      verdict = Door(try warden()).verify(pictures.0, pictures.1)
    } catch let error as UsageError {
      throw error
    } catch {
      let problem = Problem(error)
      // What went wrong with the models or the machine is for whoever sits here; the verdict says that it
      // did.
      verdict = .undecided(
        problem.code == Problem.internalError.code ? "\(error)" : problem.detail,
        code: problem.code)
      Console.error("\(error)")
    }
    try Output.line(json ? try verdict.line() : verdict.words)
    return verdict.exitCode
  }
}

extension Verdict {
  /// The verdict in words.
  var words: String {
    // A name in the reason must not make a line of its own.
    var lines = ["\(decision.rawValue.uppercased()): \(reason.asOneLine)"]
    if let verification {
      let point = verification.operatingPoint.map { " (\($0))" } ?? ""
      let rate = verification.fmr.map { ", false match rate \($0)" } ?? ""
      lines.append(
        String(
          format: "distance² %.3f, threshold %.3f", verification.distance, verification.threshold)
          + "\(point)\(rate): \(verification.match ? "match" : "no match")")
    }
    if let score, let threshold {
      lines.append(
        String(format: "tampering %.3f, threshold %.3f", score, threshold)
          + ": \(verdict.rawValue.replacingOccurrences(of: "_", with: " "))")
    }
    return lines.joined(separator: "\n")
  }
}
