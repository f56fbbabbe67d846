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
    discussion: """
      With a template that enrol made, there is no reference, and half the work. Exit status: 0 accept, 1 \
      deny, 2 cannot decide, 64 wrong usage.
      """,
    positionals: [
      Positional("PROBE", "the picture to be judged"),
      Positional("REFERENCE", "the picture it claims to match", arity: .optional),
    ],
    options: [
      SharedOptions.models,
      .value("--template", "FILE", "The template of whom the probe claims to be."),
      TemplateOptions.key,
    ] + SharedOptions.pictures + SharedOptions.thresholds + [
      .flag("--json", "Prints the verdict as one JSON object.")
    ])

  private let arguments: Arguments
  private let probe: String
  private let reference, template: String?
  private let json: Bool

  init(_ arguments: Arguments) throws {
    self.arguments = arguments
    probe = try arguments.value("PROBE", .text)
    reference = try arguments.optional("REFERENCE", .text)
    template = try arguments.optional("--template", .text)
    json = arguments.flag("--json")
    // What is wrong with the options is told before any file is read.
    switch (reference, template) {
    case (nil, nil): throw UsageError.missingArgument("REFERENCE, or '--template FILE'")
    case (.some, .some):
      throw UsageError.conflict("REFERENCE and '--template' exclude each other")
    case (.some, nil) where arguments.has("--template-key"):
      throw UsageError.conflict("'--template-key' is for '--template'")
    default: break
    }
    try arguments.checkThresholds()
    try arguments.checkPictureSource()
  }

  func run() throws -> Int32 {
    let verdict = try Self.answer {
      let (warden, source) = try (arguments.warden(), arguments.pictureSource())
      let picture = try source.face(path: probe, ownInputs: warden.ownInputs)
      if let template {
        return try Door(warden).verify(picture, try arguments.template(path: template))
      }
      let other = try source.face(path: reference ?? "", ownInputs: warden.ownInputs)
      return Door(warden).verify(picture, other)
    }
    try Output.line(json ? try verdict.line() : verdict.words)
    return verdict.exitCode
  }

  /// What `work` answers, or the undecided verdict that its error makes; a wrong command line stays one.
  static func answer(_ work: () throws -> Verdict) throws(UsageError) -> Verdict {
    do {
      return try work()
    } catch let error as UsageError {
      throw error
    } catch {
      let problem = Problem(error)
      Console.error("\(error)")
      // What went wrong with the models or the machine is for whoever sits here; the verdict says that it
      // did.
      return .undecided(
        problem.code == Problem.internalError.code ? "\(error)" : problem.detail,
        code: problem.code)
    }
  }
}

extension Verdict {
  /// The verdict in words.
  var words: String {
    // A name in the reason must not make a line of its own.
    var lines = ["\(decision.rawValue.uppercased()): \(reason.asOneLine)"]
    if let name = identification?.name { lines.append(name.asOneLine) }
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
