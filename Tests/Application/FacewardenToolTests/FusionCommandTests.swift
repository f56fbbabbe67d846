import Foundation
import Images
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
