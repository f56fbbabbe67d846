import Foundation
import Images
import ModelStore
import TestSupport
import Testing

/// `train fusion`, and the door that it makes.
@Suite struct FusionCommandTests {
  @Test("a fusion is made with its thresholds, and decides")
  func training() throws {
    try withTemporaryFolder { folder in
      try TinyModels.write(to: folder)
      let people = ["--models", folder, "--data", "synthetic:28x4:3", "--held-out", "0.5"]
      let made = try Tool.run(["train", "fusion", "--weight", "0.25"] + people)
      #expect(made.status == 0 && made.output.contains("fmr-1e-1: distance² <"), "\(made.words)")
      let picture = folder + "/picture.png"
      try SyntheticPeople.picture(person: 1, variant: 0, side: 128).writePNG(to: picture)
      // The few people support no rate of one in a hundred.
      let verify = ["verify", picture, picture, "--aligned", "--json", "--models", folder]
      let usual = try Tool.run(verify)
      #expect(usual.status != 0 && usual.words.contains("fmr-1e-1"), "\(usual.words)")
      let run = try Tool.run(verify + ["--fmr", "0.1"])
      let verdict =
        try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any]
      let found = try #require(verdict?["verification"] as? [String: Any], "\(run.words)")
      #expect(found["distance"] as? Double == 0 && found["match"] as? Bool == true)
      #expect(found["networks"] as? [String: Double] == ["f_c": 0, "f_v": 0])
      let words = try Tool.run(
        ["verify", picture, picture, "--aligned", "--models", folder, "--fmr", "0.1"])
      #expect(words.output.contains("distance² 0.000 (f_c 0.000, f_v 0.000)"), "\(words.output)")
    }
  }

  @Test("quality is judged by the fused distance² and its thresholds, where there is a fusion")
  func quality() throws {
    try withTemporaryFolder { folder in
      try TinyModels.write(to: folder)
      let people = ["--models", folder, "--data", "synthetic:28x4:3", "--held-out", "0.5"]
      let train =
        ["train", "quality"] + people
        + ["--pictures", "4", "--limits", "4", "--strangers", "2", "--steps", "4"]
      let alone = try Tool.run(train)
      #expect(alone.status == 0, "\(alone.words)")
      let fused = try Tool.run(["train", "fusion", "--weight", "0.25"] + people)
      #expect(fused.status == 0, "\(fused.words)")
      // The few people give the fusion no usual point, which f_C has.
      let refused = try Tool.run(train)
      #expect(refused.status == 2 && refused.words.contains("'fusion'"), "\(refused.words)")
      let measured = try Tool.run(
        ["evaluate", "quality", "--fmr", "0.1", "--json"] + people
          + ["--strangers", "2", "--genuine", "2"])
      let report =
        try JSONSerialization.jsonObject(with: Data(measured.output.utf8)) as? [String: Any]
      let point = try #require(
        ModelManifest(folder: folder).entry("fusion").operatingPoint("fmr-1e-1"))
      let threshold = try #require(report?["threshold"] as? Double, "\(measured.words)")
      #expect(abs(threshold - point.threshold) < 1e-12)
    }
  }

  @Test(
    "attacks on what two networks decide are a set that goes with the fusion, and with no other")
  func attackSet() throws {
    try withTemporaryFolder { folder in
      try TinyModels.write(to: folder)
      let models = ["--models", folder]
      let fuse =
        ["train", "fusion", "--data", "synthetic:60x4:3", "--held-out", "0.5"] + models
      #expect(try Tool.run(fuse + ["--weight", "0.25"]).status == 0)
      for person in 0..<4 {
        let own = "\(folder)/people/\(person)"
        try FileManager.default.createDirectory(atPath: own, withIntermediateDirectories: true)
        try SyntheticPeople.picture(person: person, variant: 0, side: 128)
          .writePNG(to: own + "/0.png")
      }
      let set = folder + "/set"
      let made = try Tool.run(
        [
          "attack-set", "--pairs", folder + "/people", "--model", "fusion", "--thetas", "0.4",
          "--iterations", "4", "-o", set,
        ] + models)
      #expect(made.status == 0, "\(made.words)")
      let lines = try String(contentsOfFile: set + "/manifest.jsonl", encoding: .utf8)
      #expect(lines.contains(#""knowledge":"both""#) && lines.contains(#""success":true"#))
      let adaptive =
        [
          "evaluate", "adaptive", "--attack-set", set, "--pairs", "1", "--iterations", "2",
        ] + models
      let measured = try Tool.run(adaptive)
      #expect(measured.status == 0, "\(measured.words)")
      #expect(try Tool.run(fuse + ["--weight", "0.75"]).status == 0)
      let refused = try Tool.run(adaptive)
      #expect(refused.status == 2 && refused.words.contains("other attacks"), "\(refused.words)")
    }
  }

  @Test("nothing is written without people, or by a weight that leaves a network out")
  func refusals() throws {
    try withTemporaryFolder { folder in
      try TinyModels.write(to: folder)
      let train = ["train", "fusion", "--models", folder, "--data", "synthetic:14x2:3"]
      for weight in ["0", "1", "2", "many"] {
        #expect(try Tool.run(train + ["--weight", weight]).status == 64)
      }
      #expect(try Tool.run(["train", "fusion", "--models", folder]).status == 64)
      let few = try Tool.run(train + ["--held-out", "0.001"])
      #expect(few.status == 2 && few.words.contains("expected at least 4"), "\(few.words)")
      #expect(!FileManager.default.fileExists(atPath: folder + "/fusion.safetensors"))
    }
  }
}
