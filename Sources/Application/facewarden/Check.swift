import CommandLineArguments
import Foundation
import ScreeningService

/// `facewarden check`: one verdict line for each request line.
struct Check: Subcommand, CommandSettings {
  static let command = Command(
    "check", "answers JSON lines on standard input with one line each",
    discussion: """
      A request: {"id": "7", "probe": "a.png", "reference": "b.png"}, or "probe_base64" and \
      "reference_base64" in place of paths; "probe_landmarks" and "reference_landmarks" are five points \
      [[x, y], …] in place of --landmarks, "aligned": true in place of --aligned; "threshold" is a distance² for this line \
      alone; "timings": true adds milliseconds. "do": "screen" asks whether one "picture" looks tampered \
      with, "do": "embed" for its embedding, "do": "find" for all its faces, of at least "minimum_face" pixels and a \
      score of "threshold"; "verify" is what is done otherwise. "template", a path or the \
      object itself, takes the reference's place. Other members are refused.

      Answers come in the order of the lines, each as soon as those before it are out. Exit status: the \
      worst of all lines; 0 if all were accepted, 2 if there was no line, if nobody read the answers, or \
      after SIGTERM.
      """,
    options: options)

  /// Longer lines are answered with an error: two pictures of the largest size in Base64.
  private static let longestLine = 56 << 20

  private var models = ModelsFolder()
  private var pictures = PictureOptions()
  private var thresholds = ThresholdOptions()
  private var key = TemplateKey()
  private var jobs: Int?

  static let settings: [Setting<Self>] =
    part(\.models) + part(\.pictures) + part(\.thresholds) + part(\.key) + [
      .optional(
        "--jobs", "N", "Lines worked on at a time, 1 to 64; four for each processor if not given.",
        \.jobs, .integer(in: 1...64))
    ]

  func run() throws -> Int32 {
    Interruption.observe()
    let session = LineSession(
      VerdictService(
        try thresholds.warden(models), reader: try pictures.reader(models),
        templateKey: try key.key()),
      jobs: jobs ?? min(64, 4 * ProcessInfo.processInfo.activeProcessorCount), emit: Self.write)
    var input = LineInput(limit: Self.longestLine)
    let outcome = session.run { input.next() }
    if outcome.count == 0 { Console.error("no request came; expected JSON lines") }
    return outcome.isComplete && !Interruption.isRequested ? outcome.worst : max(outcome.worst, 2)
  }

  /// Writes all of it at once; false if nobody reads any more.
  @Sendable private static func write(_ text: String) -> Bool {
    do {
      try Output.write(text)
      return true
    } catch {
      return false
    }
  }
}
