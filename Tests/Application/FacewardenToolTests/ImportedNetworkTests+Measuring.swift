import Foundation
import TestSupport
import Testing

extension ImportedNetworkTests {
  @Test("networks and detectors are measured") func evaluations() throws {
    let (folder, models) = (try folder(), try models)
    for words in [
      ["evaluate", "verification", folder + "/people"],
      ["evaluate", "verification", folder + "/people", "--model", "f_v"],
      ["evaluate", "detection", "--attack-set", folder + "/set"],
      [
        "evaluate", "adaptive", "--attack-set", folder + "/set", "--pairs", "2", "--iterations",
        "2",
        "--bpcer", "0.1",
      ],
      ["evaluate", "attack-cost", folder + "/crowd", "--pairs", "4"],
      ["evaluate", "reconstruction", "--data", folder + "/people", "--held-out", "0.5"],
    ] {
      let run = try Tool.run(words + models)
      #expect(run.status == 0, "\(words): \(run.words)")
    }
  }

  @Test("LFW is measured from photographs, also beside a network that sees the aligned frame alone")
  func labelledFaces() throws {
    let lfw = try DoorCommandTests.lfw()
    defer { try? FileManager.default.removeItem(atPath: lfw) }
    let models = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: models) }
    try TinyModels.write(to: models)
    try Self.write(Self.network(24, seed: 11), models + "/map.onnx")
    try Self.run(["import", models + "/map.onnx", "--name", "other", "--models", models])
    /// The mean distance² of strangers.
    func distance(_ words: [String]) throws -> Double {
      let run = try Self.run(
        ["evaluate", "lfw", "--json", "--lfw", lfw, "--models", models, "--model"] + words)
      let report =
        try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
      return try #require(report?["impostorMean"] as? Double, "\(run.output)")
    }
    let own = try distance(["other", "--from-photographs"])
    let aligned = try distance(["other"])
    #expect(own != aligned)
    let witness = try distance(["f_v"])
    for (words, expected) in [
      (["other", "--with", "f_v", "--from-photographs"], (own + witness) / 2),
      (["f_v", "--with", "other", "--from-photographs"], (own + witness) / 2),
      (["other", "--with", "f_v"], (aligned + witness) / 2),
    ] {
      #expect(abs(try distance(words) - expected) < 1e-9, "\(words)")
    }
    let refused = try Tool.run([
      "evaluate", "lfw", "--lfw", lfw, "--models", models, "--model", "f_v", "--from-photographs",
    ])
    #expect(refused.status == 2 && refused.words.contains("imported ones"), "\(refused.words)")
  }

  @Test("what the door lets in is measured, and what the folder lacks is left out by name")
  func door() throws {
    let lfw = try DoorCommandTests.lfw()
    defer { try? FileManager.default.removeItem(atPath: lfw) }
    let run = try Tool.run(
      [
        "evaluate", "door", "--lfw", lfw, "--state", lfw + "/state", "--quick", "--pairs", "1",
        "--untouched", "1", "--iterations", "2", "--threshold", "0.0001", "--rows",
        "aligned-minimum-norm,aligned-eot-both,aligned-adaptive,whole-eot-both", "--json",
      ] + models)
    #expect(run.status == 0, "\(run.words)")
    #expect(run.words.contains("whole-eot-both: the models have no face_detector"))
    let report = try #require(
      try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    #expect((report["screen"] as? [String: Any])?["name"] as? String == "bpcer-1e-1")
    let rows = try #require(report["rows"] as? [[String: Any]])
    #expect(
      rows.compactMap { $0["name"] as? String }
        == (0..<4).map { _ in "aligned-minimum-norm" } + (0..<3).map { _ in "aligned-eot-both" }
        + ["aligned-adaptive"])
    // Each found gradients in the networks, and the door had an answer to its file.
    for row in rows {
      #expect(row["pairs"] as? Int == 1 && (row["gradients"] as? Double ?? 0) > 0, "\(row)")
      #expect((row["apnrr"] as? [String: Any])?["count"] as? Int == 0, "\(row)")
    }
  }
}
