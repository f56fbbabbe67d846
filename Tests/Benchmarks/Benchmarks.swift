import Checkpoints
import CommandLineArguments
import Foundation
import JSON
import KernelSupport
import Kernels

/// Times the engine: single operations, networks, steps of training.
@main
struct Benchmarks {
  private static let command = Command(
    "Benchmarks", "times the engine: single operations, networks, steps of training",
    discussion: "A line is a case's name, the median time in milliseconds and the rate, separated "
      + "by tabs. compare.py, beside the sources, compares with PyTorch and onnxruntime.",
    options: [
      .value("--filter", "TEXT", "only cases whose name contains this"),
      .value(
        "--isa", "SET",
        "kernels: baseline, avx2 or avx512, +openblas for its products of matrices; the processor's widest if absent"
      ),
      .value("--threads", "N", "threads that kernels use; all processors if absent"),
      .value(
        "--export", "FOLDER", "writes weights, inputs and outputs of each case; times nothing"),
      .value("--onnx", "FILE", "adds the network of an ONNX file"),
      .flag("--list", "only names the cases"),
      .flag("--json", "one JSON object a line"),
      .flag("--driven", "times what each line of standard input asks for, in JSON"),
    ])

  private static var everyCase: [BenchmarkCase] {
    KernelCases.all + NetworkCases.all + TrainingCases.all + AccuracyCases.all
      + ServiceCases.all
  }

  static func main() {
    do {
      switch try command.parse(Array(CommandLine.arguments.dropFirst())) {
      case .help: print(command.help(program: "Benchmarks"), terminator: "")
      case .run(let arguments): try run(arguments)
      }
    } catch {
      FileHandle.standardError.write(Data("error: \(error)\n".utf8))
      exit(error is UsageError ? 64 : 2)
    }
  }

  private static func run(_ arguments: Arguments) throws {
    // Before anything asks for the kernels: they are chosen once.
    if let isa = try arguments.optional("--isa", .text) {
      setenv("FACEWARDEN_ISA", isa, 1)
      guard Compute.kernels.name == isa else {
        let sets = Compute.available.map(\.name)
        throw UsageError.invalidValue(
          name: "option '--isa'", value: isa,
          expected: "\(sets.joined(separator: ", ")), or one of them with +openblas"
            + (Compute.refusal.map { " (\($0))" } ?? ""))
      }
    }
    if let threads = try arguments.optional("--threads", .integer(in: 1...1024)) {
      WorkerPool.shared.limit = threads
    }
    let filter = try arguments.optional("--filter", .text) ?? ""
    let imported = try arguments.optional("--onnx", .text).map { try ImportedCases.all(path: $0) }
    let cases = ((imported ?? []) + everyCase).filter { filter.isEmpty || $0.name.contains(filter) }
    let isJSON = arguments.flag("--json")
    if arguments.flag("--driven") {
      var session = DrivenSession(cases)
      session.run()
    } else if arguments.flag("--list") {
      for benchmark in cases { print(isJSON ? listed(benchmark) : benchmark.name) }
    } else if let folder = try arguments.optional("--export", .text) {
      for benchmark in cases { try export(benchmark, to: folder) }
    } else {
      for benchmark in cases where !benchmark.name.hasPrefix("accuracy/") {
        time(benchmark, isJSON: isJSON)
      }
    }
  }

  private static func listed(_ benchmark: BenchmarkCase) -> String {
    JSONText.line(["case": .string(benchmark.name), "description": .object(benchmark.description)])
  }

  /// Writes `folder/level/what/… .safetensors`.
  private static func export(_ benchmark: BenchmarkCase, to folder: String) throws {
    let file = URL(fileURLWithPath: folder).appendingPathComponent(benchmark.name + ".safetensors")
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try benchmark.setUp().recorded().write(to: file.path)
  }

  private static func time(_ benchmark: BenchmarkCase, isJSON: Bool) {
    let samples = Stopwatch.samples(of: benchmark.setUp()).sorted()
    let median = samples[samples.count / 2]
    let rate = benchmark.work.rate(seconds: median)
    if isJSON {
      print(
        JSONText.line([
          "case": .string(benchmark.name), "isa": .string(Compute.kernels.name),
          "seconds": .array(samples.map { .number($0) }), "median": .number(median),
          "rate": .string(rate),
        ]))
    } else {
      print("\(benchmark.name)\t\(String(format: "%.3f", median * 1e3))\t\(rate)")
    }
    fflush(nil)
  }
}
