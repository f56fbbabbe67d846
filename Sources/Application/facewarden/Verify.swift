import Screening
import CommandLineArguments
import Files
import Presentation
import UseCases

/// `facewarden verify`: the verdict on one pair.
struct Verify: Subcommand, CommandSettings {
  static let command = Command(
    "verify", "says whether two pictures show one person, and whether either was tampered with",
    discussion: """
      With a template that enrol made, there is no reference, and half the work. Exit status: 0 accept, 1 \
      deny, 2 cannot decide, 64 wrong usage.
      """,
    positionals: positionals, options: options)

  private var probe = ""
  private var reference: String?
  private var models = ModelsFolder()
  private var template: String?
  private var key = TemplateKey()
  private var pictures = PictureOptions()
  private var thresholds = ThresholdOptions()
  private var json = false

  static let settings: [Setting<Self>] =
    [
      .argument("PROBE", "the picture to be judged", \.probe, .text),
      .argument("REFERENCE", "the picture it claims to match", optional: \.reference, .text),
    ] + part(\.models) + [
      .optional(
        "--template", "FILE", "The template of whom the probe claims to be.", \.template, .text)
    ] + part(\.key) + part(\.pictures) + part(\.thresholds) + [
      .flag("--json", "Prints the verdict as one JSON object.", \.json)
    ]

  mutating func check(_ arguments: Arguments) throws {
    // What is wrong with the options is told before any file is read.
    switch (reference, template) {
    case (nil, nil): throw UsageError.missingArgument("REFERENCE, or '--template FILE'")
    case (.some, .some):
      throw UsageError.conflict("REFERENCE and '--template' exclude each other")
    case (.some, nil) where key.path != nil:
      throw UsageError.conflict("'--template-key' is for '--template'")
    default: break
    }
  }

  func run() throws -> Int32 {
    let verdict = try Self.answer {
      let claim: PairRequest.Claim
      if let template {
        claim = .template(
          try ReadableFile.bytes(of: template, limit: FaceTemplate.longestFile),
          key: try key.key())
      } else {
        claim = .picture(PictureRequest(path: reference ?? ""))
      }
      return try Door(thresholds.warden(models), reader: pictures.reader(models)).verify(
        PairRequest(PictureRequest(path: probe), claim))
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
