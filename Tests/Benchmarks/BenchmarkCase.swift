import Checkpoints
import Foundation
import JSON
import Tensors

/// Something to time, by name; nothing is set up until it is wanted.
struct BenchmarkCase {
  /// Level, what, sizes, batch and pass: `kernel/conv3x3/48-48@64/b16/forward`.
  let name: String
  /// What another program needs to build the same computation.
  let description: [String: JSONValue]
  /// The work of one run, for the rate.
  let work: Work
  /// Sets the computation up, from a fixed seed.
  let setUp: () -> PreparedCase

  /// An amount of work.
  enum Work {
    /// Multiplications and additions of a direct sum, however the kernel computes it.
    case operations(Double)
    /// Pictures that go in.
    case pictures(Int)
    /// Numbers read and written at least once.
    case numbers(Double)

    /// The rate of one run, in the unit that fits.
    func rate(seconds: Double) -> String {
      switch self {
      case .operations(let count): String(format: "%.1f GFLOP/s", count / seconds * 1e-9)
      case .pictures(let count): String(format: "%.1f images/s", Double(count) / seconds)
      case .numbers(let count): String(format: "%.1f GB/s", 4 * count / seconds * 1e-9)
      }
    }
  }
}

/// A case that is set up: its inputs, and what computes outputs from them.
struct PreparedCase {
  /// Weights and inputs, as they are before the first run.
  let inputs: ParameterTable
  /// Computes once; a training step changes what the next run starts from.
  let run: () -> ParameterTable
  /// How many runs a check compares: two where the first changes what the second computes.
  var checkedRuns = 1

  /// Inputs, and the outputs of the first runs, under `input/`, `output0/`, `output1/`, …
  ///
  /// Only a case that has not run yet gives what its inputs promise.
  func recorded() -> SafeTensorsFile {
    let outputs = (0..<checkedRuns).map { ("output\($0)/", run()) }
    return SafeTensorsFile(tables: [("input/", inputs)] + outputs)
  }
}

extension ParameterTable {
  /// Creates a table from names and tensors.
  init(_ entries: [(name: String, tensor: Tensor)]) {
    self.init()
    for entry in entries { self[entry.name] = entry.tensor }
  }
}
