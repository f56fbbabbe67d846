internal import Checkpoints
internal import Foundation
public import Tensors
internal import Testing

/// The losses of a training's first steps beside those that PyTorch computes.
///
/// `FACEWARDEN_CURVES=DIR swift test --filter CurveTests` writes what the trainings begin with to DIR, and
/// `Tests/Training/curves.py DIR` computes the losses of it that are kept in `Tests/Training/Golden`.
public enum GoldenCurve {
  /// Writes what a training begins with, if somebody asks for it.
  ///
  /// - Throws: what encoding and writing throw.
  public static func dump(
    _ name: String, _ inputs: ParameterTable, settings: some Encodable,
    embedder: (some Encodable)? = String?.none
  ) throws {
    guard let folder = ProcessInfo.processInfo.environment["FACEWARDEN_CURVES"] else { return }
    func text(_ value: some Encodable) throws -> String {
      String(decoding: try JSONEncoder().encode(value), as: UTF8.self)
    }
    var metadata = ["settings": try text(settings)]
    metadata["embedder"] = try embedder.map { try text($0) }
    let arrays = SafeTensorsFile(tables: [("", inputs)]).arrays
    try Data(SafeTensorsFile(arrays: arrays, metadata: metadata).bytes()).write(
      to: URL(fileURLWithPath: "\(folder)/\(name).safetensors"))
  }

  /// Holds losses, one row a step, against the recorded ones.
  ///
  /// - `tolerance`: of a loss, relative to it where it is above 1.
  /// - Throws: what reading the record throws.
  public static func check(
    _ name: String, _ found: [[Double]], within tolerance: Double
  ) throws {
    let path = TestProducts.packageRoot.appending(path: "Tests/Training/Golden/\(name).json")
    let expected = try JSONDecoder().decode([[Double]].self, from: Data(contentsOf: path))
    try #require(found.count == expected.count)
    for (step, (row, golden)) in zip(found, expected).enumerated() {
      #expect(row.count == golden.count)
      for (value, expected) in zip(row, golden) {
        #expect(
          abs(value - expected) <= tolerance * max(1, abs(expected)),
          "\(name), step \(step): \(row), PyTorch \(golden)")
      }
    }
  }
}
