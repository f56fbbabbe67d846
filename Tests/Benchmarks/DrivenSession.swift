import Checkpoints
import Foundation
import JSON
import KernelSupport
import Kernels
import Tensors

/// Runs cases as another program asks, so that two programs can take turns.
///
/// One JSON object a line comes in, one goes out:
///
///     {"case": "network/embedder/b1", "runs": 5}
///     {"case": "network/embedder/b1", "seconds": [0.002, …], "isa": "avx512",
///      "before": …, "peak": …}
///     {"case": "network/embedder/b1", "file": "weights.safetensors"}
///     {"case": "network/embedder/b1", "file": "weights.safetensors"}
///
/// `runs` goes on with the case of the last line if it is the same, warm as it is; the memory
/// (bytes) is what was resident before, and at most; `isa` is the kernels' instruction set. `file`
/// sets the case up anew, writes weights, inputs and first outputs, and leaves nothing behind. A
/// line that cannot be served is answered by an object with `error`.
struct DrivenSession {
  private let cases: [String: BenchmarkCase]
  /// The case of the last line. Its inputs are let go: they are no part of the memory it needs.
  private var current: (name: String, run: () -> ParameterTable)?

  /// Creates a session that offers `cases`.
  init(_ cases: [BenchmarkCase]) {
    self.cases = Dictionary(uniqueKeysWithValues: cases.map { ($0.name, $0) })
  }

  private struct Request: Decodable {
    let `case`: String
    let runs: Int?
    let file: String?
  }

  private struct RequestError: Error, CustomStringConvertible {
    let description: String
  }

  /// Serves standard input until it ends.
  mutating func run() {
    while let line = readLine() {
      let answer: [String: JSONValue]
      do { answer = try self.answer(line) } catch { answer = ["error": .string("\(error)")] }
      print(JSONText.line(answer))
      fflush(nil)
    }
  }

  private mutating func answer(_ line: String) throws -> [String: JSONValue] {
    let request = try JSONDecoder().decode(Request.self, from: Data(line.utf8))
    guard let found = cases[request.case] else {
      throw RequestError(description: "no case '\(request.case)'; --list names them")
    }
    if let file = request.file {
      current = nil
      try found.setUp().recorded().write(to: file)
      return ["case": .string(found.name), "file": .string(file)]
    }
    if current?.name != found.name {
      current = nil
      current = (found.name, found.setUp().run)
    }
    guard let runs = request.runs, runs > 0, let run = current?.run else {
      throw RequestError(description: "a request has 'runs', a positive number, or 'file', a path")
    }
    ProcessMemory.forgetPeak()
    let before = ProcessMemory.resident
    let seconds = Stopwatch.seconds(of: run, runs: runs)
    return [
      "case": .string(found.name), "seconds": .array(seconds.map { .number($0) }),
      "isa": .string(Compute.kernels.name),
      "before": .number(Double(before)), "peak": .number(Double(ProcessMemory.peak)),
    ]
  }
}

/// JSON as text.
enum JSONText {
  /// The object on one line, members in alphabetical order.
  static func line(_ members: [String: JSONValue]) -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    guard let data = try? encoder.encode(members) else {
      preconditionFailure("a JSON value that does not encode: \(members)")
    }
    return String(decoding: data, as: UTF8.self)
  }
}
