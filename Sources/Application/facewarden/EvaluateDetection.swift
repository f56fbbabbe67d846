import CommandLineArguments
import DetectorTraining
import Experiments
import Screening

/// `facewarden evaluate detection`: Table 4, and beyond it, on an attack set with folds.
struct EvaluateDetection: Subcommand {
  static let command = Command(
    "evaluate detection",
    "measures a detector on attack sets: fitted to all folds of people but one, tested on that one",
    discussion: """
      The paper's detector is fitted to each species of attacks on its own, as in its Table 4; the full \
      one once, to the minimum-norm attacks, and tested on every species and benign change of the set. \
      --fitted-to changes either. Where people have several pictures, in the sets or by --bona-fide, the \
      full detector is measured on pairs too: attacks against their targets, beside genuine pairs.
      """,
    options: DetectionInput.options + BonaFideSource.options + [
      .value(
        "--fitted-to", "NAME,…",
        "each, or the attacks that one detector is fitted to, separated by commas; NAME@T for those of "
          + "one θ alone; benign changes among them are learnt as bona fide."),
      .value("--cost", "C", "C of the machines on texture; 0.03 if not given."),
      .value("--numbers-cost", "C", "C of the machines on few numbers; 0.1 if not given."),
    ] + ExperimentOutput.options)

  private let output: ExperimentOutput
  private let input: DetectionInput
  private let bonaFide: BonaFideSource
  private let costs: DetectorFit.Costs
  private let training: DetectionReport.Training

  init(_ arguments: Arguments) throws {
    output = ExperimentOutput(arguments)
    input = try DetectionInput(arguments)
    bonaFide = try BonaFideSource(arguments)
    costs = DetectorFit.Costs(
      texture: [try arguments.optional("--cost", .number(in: 1e-9...1e9)) ?? 0.03],
      numbers: [try arguments.optional("--numbers-cost", .number(in: 1e-9...1e9)) ?? 0.1])
    let words = arguments.text("--fitted-to") ?? (input.kind == .paper ? "each" : "minimum-norm")
    training =
      words == "each" ? .each : .pooled(words.split(separator: ",").map(String.init))
  }

  func run() throws -> Int32 {
    try output.prepare()
    var names: [String] = []
    if case .pooled(let words) = training { names = words }
    let examples = try input.examples(
      named: names, includesTargets: input.needsWitness, untouched: try bonaFide.open())
    let report = try DetectionReport(
      examples, kind: input.kind, training: training, descriptor: input.descriptor, costs: costs,
      progress: Console.progress)
    Console.endProgress()
    try output.write(report, facts: [("attack sets", input.words)])
    return 0
  }
}
