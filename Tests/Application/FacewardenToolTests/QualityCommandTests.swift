import Foundation
import Images
import TestSupport
import Testing

/// `train quality` and `evaluate quality`, and what follows from the model.
@Suite(.enabled(if: Tool.hasModels, "needs models/ and samples/")) struct QualityCommandTests {
  /// What quality is made for: who tells people apart, and the finder.
  private static let verifiers =
    ["f_c", "f_v", "fusion", "face_detector"].map { $0 + ".safetensors" } + ["manifest.json"]

  private func sample(_ name: String) -> String { "\(ToolTests.samples)/\(name).png" }

  @Test("a model is made, measured and used")
  func training() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let source = TestProducts.packageRoot.path + "/models"
    for name in Self.verifiers {
      try FileManager.default.copyItem(atPath: "\(source)/\(name)", toPath: "\(folder)/\(name)")
    }
    let people = ["--models", folder, "--data", "synthetic:8x3:3", "--held-out", "0.5"]
    let train =
      ["train", "quality"] + people
      + ["--pictures", "6", "--limits", "6", "--strangers", "2", "--steps", "40"]
    let made = try Tool.run(train)
    #expect(made.status == 0 && made.output.contains("recognizability: limit"), "\(made.words)")
    let first = try Data(contentsOf: URL(fileURLWithPath: folder + "/quality.safetensors"))
    #expect(try Tool.run(train).status == 0)
    let second = try Data(contentsOf: URL(fileURLWithPath: folder + "/quality.safetensors"))
    #expect(first == second, "the same command makes another model")

    let measured = try Tool.run(
      ["evaluate", "quality", "--json"] + people + ["--strangers", "3", "--genuine", "3"])
    let report =
      try JSONSerialization.jsonObject(with: Data(measured.output.utf8)) as? [String: Any]
    let conditions = try #require(report?["conditions"] as? [[String: Any]], "\(measured.words)")
    #expect(conditions.count == 66)
    #expect((report?["curve"] as? [Any])?.count == 11)
  }

  @Test("a picture that shows too little is undecided at every door, with the part that it lacks")
  func gate() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    // Noise says nothing, and any network takes all of it for one person.
    var seed: UInt32 = 7
    let pixels = (0..<128 * 128 * 3).map { _ in
      seed = seed &* 1_664_525 &+ 1_013_904_223
      return UInt8(seed >> 24)
    }
    let picture = folder + "/noise.png"
    try RGBImage(width: 128, height: 128, pixels: pixels).writePNG(to: picture)
    for words in [
      ["verify", picture, sample("genuine-reference")], ["screen", picture],
      ["verify", sample("genuine-probe"), picture],
    ] {
      let run = try Tool.run(words + ["--aligned", "--json"])
      let object =
        try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
      let code = object?["code"] as? String
      #expect(run.status == 2 && code?.hasPrefix("poor_") == true, "\(run.words)")
    }
    let enrolled = try Tool.run([
      "enrol", "Ada", picture, "--aligned", "--into", folder + "/ada.json",
    ])
    #expect(enrolled.status != 0, "\(enrolled.words)")
    #expect(!FileManager.default.fileExists(atPath: folder + "/ada.json"))
  }

  @Test("data of which nobody is held out is refused, and nothing is written")
  func nobodyHeldOut() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    for name in Self.verifiers {
      try FileManager.default.copyItem(
        atPath: "\(TestProducts.packageRoot.path)/models/\(name)", toPath: "\(folder)/\(name)")
    }
    let run = try Tool.run([
      "train", "quality", "--models", folder, "--data", "synthetic:2x2:1", "--held-out", "0.001",
    ])
    #expect(run.status == 2 && run.words.contains("0 of people held out"), "\(run.words)")
    #expect(!FileManager.default.fileExists(atPath: folder + "/quality.safetensors"))
  }

  @Test(
    "wrong usage is told before any work",
    arguments: [
      ["train", "quality"], ["train", "quality", "--data", "x", "--without", "beauty"],
      ["evaluate", "quality"], ["evaluate", "quality", "--lfw", "x", "--strangers", "1"],
    ])
  func usage(words: [String]) throws {
    #expect(try Tool.run(words).status == 64)
  }
}
