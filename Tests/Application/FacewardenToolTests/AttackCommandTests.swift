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
      ["--model", "fusion", "--made-against", "f_c"],
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

  @Test("'door' is the threshold of what decides at the door, and its distance²") func door() throws
  {
    let folder = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    func report(_ options: [String]) throws -> [String: Any] {
      let run = try Tool.run(
        ["attack", "--aligned", "--json", "-o", folder + "/a.png"] + options + pair)
      #expect(run.status == 0, "\(run.words)")
      return try #require(
        try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
    }
    let fused = try report(["--theta", "door"])
    #expect(fused["knowledge"] as? String == "both")
    #expect((fused["embedder"] as? String)?.contains("(") == true)
    let verdict = try Tool.run(["verify", "--aligned", "--json", folder + "/a.png", pair[1]])
    let verified = try #require(
      try JSONSerialization.jsonObject(with: Data(verdict.output.utf8)) as? [String: Any])
    let verification = try #require(verified["verification"] as? [String: Any])
    let distance = try #require(verification["distance"] as? Double)
    #expect(verification["match"] as? Bool == true)
    #expect(abs(distance - (fused["distance2_after"] as? Double ?? 0)) < 1e-4)
    // The network alone is on another scale, and is what is meant if it is named.
    let own = try report(["--theta", "door", "--model", "f_c"])
    #expect(own["knowledge"] as? String == "f_c")
    #expect(own["theta"] as? Double != fused["theta"] as? Double)
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
