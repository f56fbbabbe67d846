import Screening
import CommandLineArguments
import Files
import Presentation
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
      let claim: PairRequest.Claim
      if let template {
        claim = .template(
          try ReadableFile.bytes(of: template, limit: FaceTemplate.longestFile),
          key: try arguments.templateKey())
      } else {
        claim = .picture(PictureRequest(path: reference ?? ""))
      }
      return try arguments.door().verify(PairRequest(PictureRequest(path: probe), claim))
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
      // What went wrong with the models or the machine is for whoever sits here.
      let problem = Problem(error).told
      Console.error(problem.detail)
      return .undecided(problem.detail, code: problem.code)
    }
  }
}
