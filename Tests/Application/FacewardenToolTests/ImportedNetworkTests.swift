import Foundation
import Images
import ONNXFiles
import SeededRandom
import TestSupport
import Testing

/// Each command to its end with networks that were imported: as f_C one with a map, as f_V one of 512 numbers
/// without.
@Suite(.serialized, .enabled(if: Tool.hasModels, "needs models/ and samples/"))
struct ImportedNetworkTests {
  /// What all tests share: `models`, complete, `people`, `crowd` and `set`.
  private static let prepared = Result { try prepare() }

  private func folder() throws -> String { try Self.prepared.get() }

  private static func tensor(_ shape: [Int], _ random: inout SplitMix64) -> ONNXTensor {
    let count = shape.reduce(1, *)
    let size = (2 / Float(count / shape[0])).squareRoot()
    return ONNXTensor(shape: shape, .floats((0..<count).map { _ in random.normal() * size }))
  }

  /// Random weights: two convolutions to 7×7 places with channels of their own, a dense layer.
  static func network(_ embedding: Int, seed: UInt64) -> ONNXModel {
    var random = SplitMix64(seed: seed)
    return ONNXModel(
      operatorSet: 11,
      nodes: [
        ONNXNode(
          "Conv", inputs: ["data", "w1"], outputs: ["a"],
          attributes: ["strides": .integers([4, 4])]),
        ONNXNode("PRelu", inputs: ["a", "s1"], outputs: ["b"]),
        ONNXNode(
          "Conv", inputs: ["b", "w2"], outputs: ["c"],
          attributes: [
            "strides": .integers([4, 4]), "pads": .integers([1, 1, 1, 1]), "group": .integer(2),
          ]),
        ONNXNode("PRelu", inputs: ["c", "s2"], outputs: ["map"]),
        ONNXNode("Flatten", inputs: ["map"], outputs: ["f"]),
        ONNXNode("Gemm", inputs: ["f", "w3"], outputs: ["y"], attributes: ["transB": .integer(1)]),
      ],
      tensors: [
        "w1": tensor([8, 3, 4, 4], &random), "w2": tensor([16, 4, 3, 3], &random),
        "s1": ONNXTensor(shape: [8, 1, 1], .floats([Float](repeating: 0.2, count: 8))),
        "s2": ONNXTensor(shape: [16, 1, 1], .floats((0..<16).map { Float($0) / 32 })),
        "w3": tensor([embedding, 16 * 7 * 7], &random),
      ],
      inputs: [ONNXValue("data", shape: [nil, 3, 112, 112])],
      outputs: [ONNXValue("y", shape: [nil, embedding])])
  }

  private static func write(_ model: ONNXModel, _ path: String) throws {
    try Data(model.bytes(producer: "test")).write(to: URL(fileURLWithPath: path))
  }

  private struct Failed: Error, CustomStringConvertible { let description: String }

  @discardableResult private static func run(_ words: [String]) throws -> Tool.Run {
    let run = try Tool.run(words)
    guard run.status == 0 else { throw Failed(description: "\(words): \(run.status) \(run.words)") }
    return run
  }

  private static let widths = [
    "--latent", "8", "--attribute-widths", "4,4,4,4,4", "--generator-widths", "8,8,4,4,4,4",
    "--discriminator-widths", "4,4,4,4,4", "--batch", "4", "--steps", "2", "--held-out", "0",
  ]

  private static func prepare() throws -> String {
    let folder = try Tool.temporaryFolder()
    try write(network(24, seed: 11), folder + "/map.onnx")
    try write(network(512, seed: 12), folder + "/row.onnx")
    let models = ["--models", folder + "/models"]
    try SyntheticPeople.writeFolder(folder + "/people", people: 12, pictures: 3)
    // A threshold for one picture in ten takes 300 of them, and 300 pairs.
    try SyntheticPeople.writeFolder(folder + "/crowd", people: 104, pictures: 3)
    try run(
      ["import", folder + "/map.onnx", "--name", "f_c", "--data", folder + "/crowd"] + models)
    try run(["import", folder + "/row.onnx", "--name", "f_v", "--identity", "y"] + models)
    try run(
      ["train", "ipgan", "--data", folder + "/people", "--state", folder + "/g.state"] + widths
        + models)
    try run(
      [
        "attack-set", "--pairs", folder + "/people", "--limit", "12", "--thetas", "0.01",
        "--iterations", "3", "--attack", "minimum-norm,jpeg-75", "-o", folder + "/set",
      ] + models)
    try run(
      ["train", "detector", "--attack-set", folder + "/set", "--bona-fide", folder + "/crowd"]
        + models)
    return folder
  }

  private func person(_ person: Int, _ picture: Int) throws -> String {
    "\(try folder())/people/p\(person)/\(picture).png"
  }

  private var models: [String] { get throws { ["--models", try folder() + "/models"] } }

  @Test("a pair is verified, a picture screened and embedded; the pipe says the same")
  func doors() throws {
    let (a, b) = (try person(0, 0), try person(0, 1))
    let verified = try Tool.run(["verify", "--aligned", "--json", a, b] + models)
    #expect([0, 1].contains(verified.status), "\(verified.words)")
    let verdict = try #require(
      try JSONSerialization.jsonObject(with: Data(verified.output.utf8)) as? [String: Any])
    #expect(verdict["verdict"] as? String != "undecided")
    #expect((verdict["subscores"] as? [String: Any])?["witness_distance"] != nil)
    let checked = try Tool.run(
      ["check", "--aligned"] + models,
      input: #"{"probe":"\#(a)","reference":"\#(b)"}"# + "\n"
        + #"{"do":"embed","picture":"\#(a)"}"# + "\n")
    let lines = checked.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 2 && lines[0] + "\n" == verified.output, "\(checked.words)")
    let screened = try Tool.run(["screen", "--aligned", a] + models)
    #expect([0, 1].contains(screened.status), "\(screened.words)")
    for (name, count) in [("f_c", 24), ("f_v", 512)] {
      let run = try Tool.run(["embed", "--aligned", "--model", name, a] + models)
      let line = try #require(
        try JSONSerialization.jsonObject(with: Data(run.output.utf8)) as? [String: Any])
      #expect((line["embedding"] as? [Double])?.count == count, "\(run.words)")
    }
  }

  @Test("people are enrolled and identified") func templates() throws {
    let gallery = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: gallery) }
    let enrolled = try Tool.run(
      ["enrol", "Ada", try person(1, 0), "--aligned", "--into", gallery + "/a.json"] + models)
    // Random networks may call an untouched picture tampered with; then they say so.
    #expect([0, 1].contains(enrolled.status), "\(enrolled.words)")
    guard enrolled.status == 0 else {
      #expect(enrolled.words.contains("tampered"))
      return
    }
    let found = try Tool.run(
      ["identify", try person(1, 0), "--aligned", "--gallery", gallery] + models)
    #expect([0, 1].contains(found.status), "\(found.words)")
    let held = try Tool.run(
      ["verify", try person(1, 0), "--aligned", "--template", gallery + "/a.json"] + models)
    #expect([0, 1].contains(held.status), "\(held.words)")
  }

  @Test("a service starts, passes its self-test and verifies") func service() throws {
    let log = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: log) }
    let service = try RunningService(models, log: log + "/log")
    let answer = try service.curl(
      "/v1/verify", ["-F", "probe=@\(try person(2, 0))", "-F", "reference=@\(try person(2, 1))"])
    #expect(answer.hasSuffix("200") && !answer.contains("undecided"), "\(answer)")
    #expect(service.end(SIGTERM) == 0)
  }

  @Test(
    "attacks end with the network as victim, as surrogate and as witness",
    arguments: [
      [], ["--attack", "bim", "--model", "f_v", "--made-against", "f_c"],
      ["--attack", "bim", "--made-against", "f_v"], ["--attack", "eot-both"],
      ["--attack", "square"], ["--attack", "adaptive", "--bpcer", "0.1"],
      ["--theta", "door", "--attack", "deepfool"], ["--attack", "glasses"],
    ])
  func attacks(options: [String]) throws {
    let output = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: output) }
    var words = ["attack", "--aligned", "--iterations", "2"] + options
    if !options.contains("--theta") { words += ["--theta", "0.02"] }
    let run = try Tool.run(
      words + [try person(3, 0), try person(4, 0), "-o", output + "/a.png"] + models)
    #expect([0, 1].contains(run.status), "\(run.words)")
    #expect((run.output + run.words).contains("distance²"), "\(run.words)")
  }

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
    for (models, name, template) in [
      (shipped, "f_c", "ours"), (shipped, "f_v", "ours"),
      (try folder() + "/models", "f_c", "arcface-112"),
    ] {
      try Self.run(["export", name, "-o", other + "/x.onnx", "--models", models])
      try Self.run([
        "import", other + "/x.onnx", "--name", "again", "--template", template, "--models", other,
      ])
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

  private static func addShippedQuality(to folder: String) throws {
    let shipped = TestProducts.packageRoot.path + "/models"
    try FileManager.default.copyItem(
      atPath: shipped + "/quality.safetensors", toPath: folder + "/quality.safetensors")
    func manifest(_ folder: String) throws -> [String: Any] {
      let data = try Data(contentsOf: URL(fileURLWithPath: folder + "/manifest.json"))
      return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }
    func models(_ manifest: [String: Any]) throws -> [[String: Any]] {
      try #require(manifest["models"] as? [[String: Any]])
    }
    var own = try manifest(folder)
    let added = try models(manifest(shipped)).filter { $0["name"] as? String == "quality" }
    #expect(added.count == 1)
    own["models"] = try models(own) + added
    try JSONSerialization.data(withJSONObject: own).write(
      to: URL(fileURLWithPath: folder + "/manifest.json"))
  }

  @Test("the README's recipe makes a screen, from a file and a folder of faces to a verdict")
  func recipe() throws {
    let blocks = ReadmeTests.blocks("README.md").filter { lines in
      lines.contains { $0.hasPrefix("facewarden import network.onnx") }
    }
    #expect(blocks.count == 1 && blocks.first?.count == 7)
    let other = try Tool.temporaryFolder()
    defer { try? FileManager.default.removeItem(atPath: other) }
    let crowd = try folder() + "/crowd"
    // As the shipped models, those that the recipe begins with can tell poor pictures, by another f_C.
    try FileManager.default.copyItem(atPath: folder() + "/models", toPath: other + "/models")
    try Self.addShippedQuality(to: other + "/models")
    let quality = [
      "--limits", "6", "--strangers", "2", "--steps", "40", "--pictures", "6", "--without",
      "motion,few-pixels,fog,washed-out,dark,burnt-out,compressed,covered,side-light,turned,snow",
    ]
    try Self.write(Self.network(24, seed: 21), other + "/network.onnx")
    for line in blocks.first ?? [] {
      var command = String(line).replacing(" own", with: " \(other)/own")
        .replacing("cp -r models", with: "cp -r \(other)/models")
        .replacing("network.onnx", with: other + "/network.onnx")
        .replacing(#/faces/a/(\d)\.png/#) { "\(crowd)/p0/\($0.1).png" }
        .replacing(" faces", with: " \(crowd)")
      // Smaller than for use, not otherwise.
      if command.contains("facewarden attack-set") {
        command += " --limit 12 --thetas 0.01 --iterations 3"
      }
      if command.contains("train ipgan") {
        command += " " + Self.widths.joined(separator: " ")
      }
      if command.contains("train quality") {
        command += " " + quality.joined(separator: " ")
      }
      let run = try ReadmeTests.run(command, port: nil)
      let isCheck = command.contains("facewarden check")
      if isCheck {
        // Drawn faces are coarse: a verdict that says so is one, and needs a quality of this f_C.
        #expect(
          run.output.contains(#""decision":"#) && run.output.contains(#""recognizability":"#),
          "\(run.words) \(run.output)")
      } else {
        #expect(run.status == 0, "\(command): \(run.words)")
      }
    }
  }
}
