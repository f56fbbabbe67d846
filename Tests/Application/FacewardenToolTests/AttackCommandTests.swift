import Foundation
import TestSupport
import Testing

/// `attack` and `attack-set` with the shipped models, few iterations each: that they end, and what they leave.
@Suite(.enabled(if: Tool.hasModels, "needs models/ and samples/")) struct AttackCommandTests {
  private let pair = ["probe", "reference"].map { "\(ToolTests.samples)/impostor-\($0).png" }

  @Test(
    "attacks that see other networks, stores, places or the screen leave an aligned picture",
    arguments: [
      ["--adaptive"], ["--attack", "eot-both", "--theta", "door"],
      ["--attack", "through-jpeg-75"], ["--attack", "glasses"], ["--attack", "smooth"],
      ["--attack", "bim", "--see", "f_c,f_v:1.6", "--eot", "turn=4,draws=2"],
    ])
  func attacks(options: [String]) throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let run = try Tool.run(
      ["attack", "--aligned", "--iterations", "2"] + options + pair + ["-o", folder + "/a.png"])
    #expect([0, 1].contains(run.status), "\(run.words)")
    #expect((run.output + run.words).contains("distance²"), "\(run.words)")
  }

  @Test("a set of whole photographs is made, and refused as detection's")
  func wholePhotographs() throws {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try Data("source,target\nperson-00000/000.jpg,person-00007/000.jpg\n".utf8).write(
      to: URL(fileURLWithPath: folder + "/pairs.csv"))
    let set = folder + "/set"
    let run = try Tool.run([
      "attack-set", "--whole", "--pairs", folder + "/pairs.csv", "--images",
      "\(ToolTests.samples)/whole", "--attack", "eot", "--thetas", "0.5", "--iterations", "2",
      "-o", set,
    ])
    #expect(run.status == 0, "\(run.words)")
    let manifest = try String(contentsOfFile: set + "/manifest.jsonl", encoding: .utf8)
    #expect(manifest.contains(#""whole":true"#))
    let refused = try Tool.run(["evaluate", "detection", "--attack-set", set])
    #expect(refused.status == 2 && refused.words.contains("whole photographs"), "\(refused.words)")
  }
}
