internal import Checkpoints
private import Foundation

/// What a training measured since its last report.
struct ProgressWindow: Codable, Equatable {
  private static let key = "progress_window"

  private var sums: [Double] = []
  private var count = 0
  /// The step after which this was kept, where it was.
  private var step: Int?

  init() {}

  /// What the state at `path` keeps for a training that continues at `step`; nothing if it is of
  /// another step, or was written before states kept it.
  init(ofStep step: Int, state path: String) {
    guard step > 0, let text = try? SafeTensorsFile(path: path).metadata[Self.key],
      let kept = try? JSONDecoder().decode(Self.self, from: Data(text.utf8)), kept.step == step,
      (0...mostTrainingSteps).contains(kept.count)
    else { return }
    self = kept
    self.step = nil
  }

  mutating func add(_ values: [Double]) {
    // Another count of numbers would mean another training; its sums are of no use.
    sums = sums.count == values.count ? zip(sums, values).map { $0 + $1 } : values
    count += 1
  }

  var means: [Double] { sums.map { $0 / Double(max(1, count)) } }

  /// The state with this beside it; as it is if nothing was measured.
  func added(to state: SafeTensorsFile, step: Int) throws -> SafeTensorsFile {
    guard count > 0 else { return state }
    var kept = self
    kept.step = step
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    var metadata = state.metadata
    metadata[Self.key] = String(decoding: try encoder.encode(kept), as: UTF8.self)
    return SafeTensorsFile(arrays: state.arrays, integers: state.integers, metadata: metadata)
  }
}
