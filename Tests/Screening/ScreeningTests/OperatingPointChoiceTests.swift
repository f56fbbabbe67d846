import Checkpoints
import Foundation
import ModelStore
import Screening
import TestSupport
import Testing

/// Which of the detectors' thresholds counts when none is asked for.
@Suite struct OperatingPointChoiceTests {
  /// The shipped models with a detector of pairs; the detectors' operating points are called by
  /// these names alone.
  static func warden(
    detector: [String], pairs: [String], asking bpcer: String? = nil
  ) throws -> FaceWarden {
    let shipped = TestProducts.packageRoot.appending(path: "models")
    let folder = FileManager.default.temporaryDirectory.appending(path: "points-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    var manifest = try ModelManifest(folder: shipped.path)
    for entry in manifest.models where entry.name != PairDetector.modelName {
      try FileManager.default.createSymbolicLink(
        at: folder.appending(path: entry.file),
        withDestinationURL: shipped.appending(path: entry.file))
    }
    func points(_ names: [String]) -> [OperatingPoint] {
      names.map { OperatingPoint(name: $0, threshold: 0.5) }
    }
    var single = try manifest.entry(AdversarialDetector.modelName)
    single.operatingPoints = points(detector)
    manifest.update(single)
    let bytes = try PairDetectorTests.detector.file().bytes()
    let name = PairDetector.modelName
    try Data(bytes).write(to: folder.appending(path: "pairs.safetensors"))
    manifest.update(
      ModelEntry(
        name: name, file: "pairs.safetensors", contents: bytes, operatingPoints: points(pairs)))
    try manifest.write(folder: folder.path)
    return try FaceWarden(folder: folder.path, bpcer: bpcer)
  }

  @Test("the strictest that all detectors have, from 1 % on")
  func defaults() throws {
    let all = ["bpcer-1e-3", "bpcer-1e-2", "bpcer-5e-2", "bpcer-1e-1"]
    for (names, expected) in [(all, "bpcer-1e-2"), (Array(all[2...]), "bpcer-5e-2")] {
      let warden = try Self.warden(detector: all, pairs: names)
      #expect(warden.detectionPoint.name == expected && warden.pairPoint.name == expected)
    }
    let asked = try Self.warden(detector: all, pairs: all, asking: "bpcer-1e-1")
    #expect(asked.detectionPoint.name == "bpcer-1e-1" && asked.pairPoint.name == "bpcer-1e-1")
  }

  @Test("what a detector lacks is refused, and what it offers is said")
  func missing() {
    #expect(
      throws: DetectorError.noOperatingPoint(
        "bpcer-1e-2", model: "pair_detector", offered: ["bpcer-1e-3"])
    ) {
      try Self.warden(detector: ["bpcer-1e-2"], pairs: ["bpcer-1e-3"])
    }
    #expect(
      throws: DetectorError.noOperatingPoint(
        "bpcer-1e-2", model: "detector", offered: ["bpcer-5e-2"])
    ) {
      try Self.warden(detector: ["bpcer-5e-2"], pairs: ["bpcer-5e-2"], asking: "bpcer-1e-2")
    }
  }
}
