import Foundation
import TestSupport
import Testing

/// `calibrate`, and the commands that find what it wrote.
@Suite(.enabled(if: Tool.hasModels, "needs models/ and samples/")) struct CalibrateCommandTests {
  private func sample(_ name: String) -> String { "\(ToolTests.samples)/\(name).png" }

  /// A copy of the models beside which a calibration can lie: links, but for the folder.
  private func models(_ folder: String) throws -> String {
    let (source, copy) = (TestProducts.packageRoot.path + "/models", folder + "/models")
    try FileManager.default.createDirectory(atPath: copy, withIntermediateDirectories: false)
    for name in try FileManager.default.contentsOfDirectory(atPath: source)
    where name.hasSuffix(".safetensors") || name == "manifest.json" {
      try FileManager.default.createSymbolicLink(
        atPath: "\(copy)/\(name)", withDestinationPath: "\(source)/\(name)")
    }
    return copy
  }

  private func point(_ words: [String]) throws -> String {
    let run = try Tool.run(words)
    let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
    let point = object?["operating_point"] as? [String: Any]
    return point?["name"] as? String ?? "none: \(run.words)"
  }

  @Test("a site's pictures set the points that every door then uses")
  func calibration() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let models = try models(folder)
    let drawn = try Tool.run([
      "data", "synthesize", "--people", "4", "--images", "6", "--seed", "5", "-o",
      folder + "/site",
    ])
    #expect(drawn.status == 0, "\(drawn.words)")
    let calibrate = ["calibrate", "--models", models, "--aligned", "--bona-fide", folder + "/site"]
    let few = try Tool.run(calibrate)
    #expect(few.status == 2 && few.words.contains("at least 300 are needed"), "\(few.words)")
    #expect(!FileManager.default.fileExists(atPath: models + "/calibration.json"))
    let done = try Tool.run(calibrate + ["--false-alarms", "0.2"])
    #expect(done.status == 0 && done.output.contains("look at: "), "\(done.words)")

    let screen = ["screen", "--json", "--aligned", "--models", models, sample("genuine-probe")]
    let verify =
      ["verify", "--json", "--aligned", "--models", models]
      + [sample("genuine-probe"), sample("genuine-reference")]
    #expect(try point(screen) == "site-bpcer")
    #expect(try point(verify) == "site-bpcer")
    #expect(try point(verify + ["--no-calibration"]) == "bpcer-1e-2")
    #expect(try point(verify + ["--bpcer", "0.05"]) == "bpcer-5e-2")

    // What cannot be read opens no door, and is not passed over.
    let path = models + "/calibration.json"
    let text = try String(contentsOfFile: path, encoding: .utf8)
    for wrong in [
      "{}",
      text.replacingOccurrences(
        of: "\"facewarden_calibration\" : 1", with: "\"facewarden_calibration\" : 2"),
      text.replacingOccurrences(of: "\"sha256\" : \"", with: "\"sha256\" : \"0"),
    ] {
      try wrong.write(toFile: path, atomically: true, encoding: .utf8)
      let run = try Tool.run(verify)
      #expect(run.status == 2 && run.words.contains("calibration"), "\(run.words)")
    }
  }

  @Test("pictures in no person's folder are refused, and wrong usage before any work")
  func refusals() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try FileManager.default.copyItem(atPath: sample("genuine-probe"), toPath: folder + "/a.png")
    let run = try Tool.run([
      "calibrate", "--aligned", "--bona-fide", folder, "--into", folder + "/c.json",
    ])
    #expect(run.status == 2 && run.words.contains("FOLDER/PERSON/PICTURE"), "\(run.words)")
    for words in [
      ["calibrate"], ["calibrate", "--bona-fide", folder, "--false-alarms", "0"],
      ["verify", "a", "b", "--calibration", "c", "--no-calibration"],
    ] {
      #expect(try Tool.run(words).status == 64, "\(words)")
    }
  }
}
