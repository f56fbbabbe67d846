import CommandLineArguments
import DetectorTraining
import Experiments
import Screening

/// `facewarden evaluate detection`: Table 4, and beyond it, on an attack set with folds.
struct EvaluateDetection: Subcommand, CommandSettings {
  static let command = Command(
    "evaluate detection",
    "measures a detector on attack sets: fitted to all folds of people but one, tested on that one",
    discussion: """
      The paper's detector is fitted to each species of attacks on its own, as in its Table 4; the full \
      one once, to the minimum-norm attacks, and tested on every species and benign change of the set. \
      --fitted-to changes either. Where people have several pictures, in the sets or by --bona-fide, the \
      full detector is measured on pairs too: attacks against their targets, beside genuine pairs.
      """,
    options: options)

  private var input = DetectionInput()
  private var bonaFide = BonaFideSource()
  private var fittedTo: [String]?
  private var cost = 0.03
  private var numbersCost = 0.1
  private var output = ExperimentOutput()

  static let settings: [Setting<Self>] =
    part(\.input) + part(\.bonaFide) + [
      .optional(
        "--fitted-to", "NAME,…",
        "each, or the attacks that one detector is fitted to, separated by commas; NAME@T for those of "
          + "one θ alone; benign changes among them are learnt as bona fide.", \.fittedTo, names),
      .value("--cost", "C", "C of the machines on texture.", \.cost, .number(in: 1e-9...1e9)),
      .value(
        "--numbers-cost", "C", "C of the machines on few numbers.", \.numbersCost,
        .number(in: 1e-9...1e9)),
    ] + part(\.output)

  private static let names = ValueReader<[String]>(expected: "names separated by commas") {
    $0.split(separator: ",").map(String.init)
  } word: {
    $0.joined(separator: ",")
  }

  func run() throws -> Int32 {
    try output.prepare()
    let asked = fittedTo ?? (input.kind == .paper ? ["each"] : ["minimum-norm"])
    let training: DetectionReport.Training = asked == ["each"] ? .each : .pooled(asked)
    let costs = DetectorFit.Costs(texture: [cost], numbers: [numbersCost])
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
