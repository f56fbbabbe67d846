import Foundation
import TestSupport
import Testing

extension ImportedNetworkTests {
  @Test("an IP-GAN is trained for a network without a map") func withoutMap() throws {
    let other = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: other) }
    let models = ["--models", other]
    try Self.run(
      ["import", try folder() + "/row.onnx", "--name", "f_c", "--identity", "y"] + models)
    try Self.run(
      ["train", "ipgan", "--data", try folder() + "/people", "--state", other + "/g.state"]
        + Self.widths + models)
    let rebuilt = try Tool.run(
      ["reconstruct", "--aligned", try person(0, 0), "-o", other + "/r.png"] + models)
    #expect(rebuilt.status == 0, "\(rebuilt.words)")
  }

  @Test("what lacks a threshold says which command measures it; others' models are named")
  func refusals() throws {
    let other = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: other) }
    try FileManager.default.removeItem(atPath: other)
    try FileManager.default.copyItem(atPath: try folder() + "/models", toPath: other)
    let models = ["--models", other]
    let door = [try person(3, 0), try person(4, 0), "-o", other + "/a.png", "--theta", "door"]
    let unmeasured = try Tool.run(["attack", "--aligned", "--model", "f_v"] + door + models)
    #expect(unmeasured.status == 2 && unmeasured.words.contains("'f_v'"))
    #expect(unmeasured.words.contains("'import --data'"), "\(unmeasured.words)")
    // The same network under other colours is another f_C: nothing that was made with the first counts.
    let run = try Self.run(
      ["import", try folder() + "/map.onnx", "--name", "f_c", "--colours", "bgr"] + models)
    for name in ["ip_gan", "detector", "pair_detector"] {
      #expect(run.words.contains("'\(name)' was made with another 'f_c'"), "\(run.words)")
    }
    for command in ["verify", "screen"] {
      let pair = command == "verify" ? [try person(0, 0), try person(0, 1)] : [try person(0, 0)]
      let refused = try Tool.run([command, "--aligned"] + pair + models)
      #expect(refused.status == 2, "\(refused.words)")
      #expect(refused.words.contains("made with another 'f_c'"), "\(refused.words)")
    }
    // A and G go on from what they learnt with the first, and belong to the other one from then on.
    let people = ["--data", try folder() + "/people"]
    try Self.run(
      ["train", "ipgan", "--from", "ip_gan", "--state", other + "/g.state"] + people + Self.widths
        + models)
    let rebuilt = ["reconstruct", "--aligned", try person(0, 0), "-o", other + "/r.png"]
    try Self.run(rebuilt + models)
  }

  @Test("export writes what import takes back with the same embeddings; an IP-GAN by its parts")
  func export() throws {
    let other = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: other) }
    let shipped = TestProducts.packageRoot.path + "/models"
    func embedding(_ models: String, _ name: String) throws -> [Double] {
      let run = try Self.run(
        ["embed", "--aligned", "--models", models, "--model", name, try person(0, 0)])
      let line = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
      return try #require((line as? [String: Any])?["embedding"] as? [Double])
    }
    for (models, name, template, flip) in [
      (shipped, "f_c", "ours", ["--flip"]), (shipped, "f_v", "ours", ["--flip"]),
      (try folder() + "/models", "f_c", "arcface-112", []),
    ] {
      try Self.run(["export", name, "-o", other + "/x.onnx", "--models", models])
      try Self.run(
        [
          "import", other + "/x.onnx", "--name", "again", "--template", template, "--models", other,
        ] + flip)
      let (before, after) = (try embedding(models, name), try embedding(other, "again"))
      #expect(before.count == after.count && !before.isEmpty)
      #expect(zip(before, after).allSatisfy { abs($0 - $1) < 1e-4 }, "\(name)")
    }
    let gan = ["export", "ip_gan", "-o", other + "/g.onnx", "--models", shipped]
    #expect(try Tool.run(gan).status == 64)
    for part in ["encoder", "generator"] { try Self.run(gan + ["--part", part]) }
    let wrong = try Tool.run([
      "export", "f_c", "--part", "encoder", "-o", other + "/y.onnx", "--models", shipped,
    ])
    #expect(wrong.status == 64 && !FileManager.default.fileExists(atPath: other + "/y.onnx"))
    let none = try Tool.run(["export", "detector", "-o", other + "/y.onnx", "--models", shipped])
    #expect(none.status == 2 && !FileManager.default.fileExists(atPath: other + "/y.onnx"))
  }

  @Test("a photograph is aligned by the network's own template, from the photograph")
  func photographs() throws {
    let other = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: other) }
    let models = try folder() + "/models"
    // Our own frame in fewer pixels: by way of the frame, or at once, the face lies at the same place.
    try Self.run([
      "import", try folder() + "/map.onnx", "--name", "framed", "--template", "ours", "--models",
      models,
    ])
    let photograph = ToolTests.samples + "/whole/person-00008/000.jpg"
    let aligned = try Self.run(["align", photograph, "-o", other + "/faces"])
    #expect(aligned.output == "aligned 1 of 1 pictures\n")
    func embedding(_ words: [String], _ name: String = "f_c") throws -> [Double] {
      let run = try Self.run(["embed", "--models", models, "--model", name] + words)
      let line = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
      return try #require((line as? [String: Any])?["embedding"] as? [Double])
    }
    let points = ["--landmarks", other + "/faces/landmarks.csv"]
    // The template's own five points put the face elsewhere than the mean similarity does, if only a little in this
    // one; strangers lie about 2 apart.
    for (name, range) in [("f_c", 0.001...0.5), ("framed", 1e-9...0.04)] {
      let whole = try embedding([photograph] + points, name)
      let byWay = try embedding(["--aligned", other + "/faces/000.png"], name)
      let distance = zip(whole, byWay).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
      #expect(range.contains(distance), "\(name) \(distance)")
    }
    let verified = try Tool.run(
      ["verify", "--json", photograph, photograph, "--models", models] + points)
    let verdict = try #require(
      try JSONSerialization.jsonObject(with: Data(verified.output.utf8)) as? [String: Any])
    let verification = try #require(verdict["verification"] as? [String: Any])
    #expect(verification["distance"] as? Double == 0, "\(verified.words)")
  }
}
